"""``summitry diff A B``"""

from sim.analysis.compare import one_at_a_time
from sim.commands.output import progress
from sim.commands.question import Asked, question
from sim.inputs.case_folder import find_case, find_scenario
from sim.inputs.single_changes import single_changes
from sim.views.text.diff import diff_document, diff_text


@question("diff", "A B", "runs seed full json")
def command(asked: Asked) -> None:
    """Say in words how scenario B differs from A, and what each difference does.

    Every difference is changed alone in A and played on the same worlds and the same chance; then all of them together.
    Nothing is written.
    """
    first, second = asked.loaded
    folder = find_case(asked.case)
    a, b = asked.scenarios
    changes = single_changes(first, second, (find_scenario(folder, a), find_scenario(folder, b)), asked.case)
    with progress(asked.runs * (2 + len(changes))) as on_runs:
        found = one_at_a_time(first, second, changes, asked.runs, asked.seed, on_runs)
    asked.answer(lambda screen: diff_text(found, first, screen, asked.full), lambda: diff_document(found))
