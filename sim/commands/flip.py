"""``summitry flip A B``"""

from sim.analysis.flip import flip
from sim.commands.options import LARGEST_SEED, outcome_option
from sim.commands.output import say
from sim.commands.question import Asked, question
from sim.ensemble.results_folder import common_folder
from sim.inputs.differences import differences
from sim.views.text.flip import flip_csv, flip_document, flip_text


@question("flip", "A B", "runs seed set months out full json")
@outcome_option("The ending or measure compared (default: the ending that differs most surely).")
def command(asked: Asked, outcome: str | None) -> None:
    """Find the smallest change of assumption that reverses the comparison of A and B.

    First the credence of one claim, then of two, then a number within its range. Candidates are found by reweighting
    the finished runs, and confirmed by fresh runs on another seed.
    """
    a, b = asked.scenarios
    first, second = (asked.play(scenario).ensemble for scenario in asked.loaded)

    found = flip(
        first, second, outcome, lambda more: (asked.load(a, more), asked.load(b, more)), (asked.seed + 1) % LARGEST_SEED
    )
    things = tuple(differences(first.scenario, second.scenario))

    asked.answer(
        lambda screen: flip_text(found, first.scenario, things, screen, asked.full),
        lambda: flip_document(found, first.scenario) | {"differ_in": list(things)},
    )
    name = f"flip-{first.scenario.name}-{second.scenario.name}-{found.quantity}"
    folder = common_folder(asked.out, asked.loaded, asked.seed, say)
    chart = ("effects.draw_flip", found, first, second)
    asked.keep(folder, {f"{name}.csv": flip_csv(found)}, {name: chart})
