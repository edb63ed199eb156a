"""``summitry discover SCENARIO --outcome O``"""

from sim.analysis.discovery import check_outcome, discover
from sim.commands.options import outcome_option
from sim.commands.question import Asked, question
from sim.views.text.discover import discovery_csv, discovery_document, discovery_text


@question("discover", "SCENARIO", "runs seed set months out full json")
@outcome_option("The ending to look for, by its name in `run`.", required=True)
def command(asked: Asked, outcome: str) -> None:
    """Find the assumptions under which an ending is common.

    PRIM looks for a box of assumptions in half of the worlds and counts it in the other half. Needs the extra
    `discover`: python -m pip install 'summitry[discover]'.
    """
    scenario = asked.load_first()
    check_outcome(scenario.case, outcome)
    finished = asked.play(scenario)
    found = discover(finished.ensemble, outcome)

    asked.answer(
        lambda screen: discovery_text(found, scenario, screen, asked.full), lambda: discovery_document(found, scenario)
    )
    name = f"discover-{outcome}"
    chart = ("assumptions.draw_discovery", found, finished.ensemble)
    asked.keep(finished.folder, {f"{name}.csv": discovery_csv(found)}, {name: chart})
