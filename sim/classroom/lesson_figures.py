"""The figures of a lesson: its text asks for each as {{ WHAT ARGUMENTS }}, and a run of the model fills it in."""

from collections.abc import Callable, Sequence
from pathlib import Path

from sim.analysis.compare import against_first, one_at_a_time
from sim.analysis.explain import explain
from sim.analysis.paired import marked, outcome_differences
from sim.analysis.variance import sources_of_spread
from sim.ensemble.estimate import refuse_if_too_large
from sim.ensemble.intervals import measure_means, outcome_probabilities
from sim.ensemble.result import Ensemble
from sim.ensemble.run import run
from sim.inputs.case import Case, IdealPoint
from sim.inputs.case_folder import find_case, find_scenario
from sim.inputs.scenario import Scenario, load_scenario
from sim.inputs.schedule import month_name
from sim.inputs.single_changes import single_changes
from sim.views import wording
from sim.views.text.answer import chain_lines, who_gained
from sim.views.text.case_words import on_condition
from sim.views.text.compare import short_comparison
from sim.views.text.diff import diff_text
from sim.views.text.run_screen import outcome_table
from sim.views.text.screen import Screen
from sim.views.wording import plus_minus, signed
from sim.vocabulary import better

WIDTH = Screen(width=78, unicode=True, colour=False)


class UnknownFigureError(ValueError):
    """A lesson asks for a figure that cannot be made. Its text says what is allowed."""


class Figures:
    """Figures on one seed; every scenario is played once for each number of runs."""

    def __init__(self, runs: int, seed: int, case: Path | str | None) -> None:
        self.runs, self.seed, self.case = runs, seed, case
        self._played: dict[tuple[str, int], Ensemble] = {}
        self._made: dict[str, Callable[[Sequence[str]], str]] = {
            "share": self._share, "interval": self._interval, "likeliest": self._likeliest, "table": self._table,
            "points": self._points, "compare": self._compare, "diff": self._diff, "strongest": self._strongest,
            "effect": self._effect, "spread": self._spread, "claim": self._claim, "runs": lambda words: f"{runs:,}",
            "gained": self._gained, "better": self._better, "chain": self._chain, "endings": self._endings,
            "people": self._people, "aims": self._aims, "calendar": self._calendar, "ballot": self._ballot,
            "claims": self._claims,
        }  # fmt: skip

    def make(self, asked: str) -> str:
        """The text that replaces a figure, given what is between its braces. Raises UnknownFigureError, InputError."""
        what, *words = asked.split() or [""]
        if what not in self._made:
            raise UnknownFigureError(f"one of {', '.join(sorted(self._made))}")
        try:
            return self._made[what](words)
        except (IndexError, KeyError, ValueError) as error:
            raise UnknownFigureError(f"{what} with the names it needs (no {error})") from None

    def is_block(self, asked: str) -> bool:
        """Whether the figure is a table of several lines, which is shown as code."""
        return asked.startswith(("table ", "compare ", "diff ", "chain "))

    def _scenario(self, name: str) -> Scenario:
        return load_scenario(name, case=self.case)

    def _ensemble(self, name: str, runs: int | None = None) -> Ensemble:
        key = (name, runs or self.runs)
        if key not in self._played:
            scenario = self._scenario(name)
            refuse_if_too_large(scenario, key[1], scenario.months, in_files=False)
            self._played[key] = run(scenario, key[1], self.seed)
        return self._played[key]

    def _share(self, words: Sequence[str]) -> str:
        """share SCENARIO OUTCOME: its share of the runs."""
        return wording.share_of_runs(outcome_probabilities(self._ensemble(words[0]))[words[1]])

    def _interval(self, words: Sequence[str]) -> str:
        """interval SCENARIO OUTCOME RUNS: the 95% interval with that many runs."""
        found = outcome_probabilities(self._ensemble(words[0], int(words[2])))
        return wording.interval(found[words[1]])

    def _likeliest(self, words: Sequence[str]) -> str:
        """likeliest SCENARIO: the ending with most runs."""
        ensemble = self._ensemble(words[0])
        found = outcome_probabilities(ensemble)
        best = max(ensemble.scenario.case.outcomes, key=lambda rule: found[rule.name].probability)
        return best.label

    def _table(self, words: Sequence[str]) -> str:
        """table SCENARIO: the outcome table of a run."""
        return outcome_table(self._ensemble(words[0]), WIDTH)

    def _points(self, words: Sequence[str]) -> str:
        """points A B OUTCOME: its difference, B minus A, in points."""
        a, b = (self._ensemble(name) for name in words[:2])
        names = a.names.outcomes
        even = a.runs // 2 * 2
        one = marked([outcome_differences(a.classes[-1, :even], b.classes[-1, :even], names)])[0].outcomes[words[2]]
        return f"{plus_minus(100 * one.difference, 100 * one.half)} points"

    def _compare(self, words: Sequence[str]) -> str:
        """compare A B: what `compare` prints."""
        a, b = (self._ensemble(name) for name in words[:2])
        return short_comparison(against_first(a, b)[0], (a, b), WIDTH)

    def _diff(self, words: Sequence[str]) -> str:
        """diff A B: what `diff` prints."""
        a, b = (self._scenario(name) for name in words[:2])
        folder = find_case(self.case)
        files = (find_scenario(folder, words[0]), find_scenario(folder, words[1]))
        return diff_text(one_at_a_time(a, b, single_changes(a, b, files, self.case), self.runs, self.seed), a, WIDTH)

    def _effects(self, scenario: str, outcome: str) -> list[tuple[str, float, float]]:
        """Every claim's effect on an outcome and half its interval, in points, the largest first."""
        found = [each for each in explain(self._ensemble(scenario)).effects if each.quantity == outcome]
        return [(each.name, 100 * each.effect, 100 * each.half) for each in found]

    def _strongest(self, words: Sequence[str]) -> str:
        """strongest SCENARIO OUTCOME PLACE: the claim that moves it most (second most, ...)."""
        return self._effects(words[0], words[1])[int(words[2]) - 1][0]

    def _effect(self, words: Sequence[str]) -> str:
        """effect SCENARIO OUTCOME PLACE: what that claim does to it, in points."""
        _, points, half = self._effects(words[0], words[1])[int(words[2]) - 1]
        return f"{signed(points)} ±{half:.1f} points"

    def _spread(self, words: Sequence[str]) -> str:
        """spread SCENARIO: the sentence on assumptions and chance."""
        return wording.where_the_spread_comes_from(sources_of_spread(self._ensemble(words[0])))

    def _claim(self, words: Sequence[str]) -> str:
        """claim SCENARIO CLAIM: the claim's sentence, its paragraph and its credence in the scenario."""
        claim = self._scenario(words[0]).ledger.claims[words[1]]
        place = claim.places[0]
        return f"{claim.claim} ({place.document}, paragraph {place.paragraph}; credence {claim.credence:.2f})"

    def _claims(self, words: Sequence[str]) -> str:
        """claims SCENARIO CLAIM...: their sentences alone, as a numbered list."""
        ledger = self._scenario(words[0]).ledger.claims
        return "\n".join(f"{place}. {ledger[name].claim}" for place, name in enumerate(words[1:], start=1))

    def _gained(self, words: Sequence[str]) -> str:
        """gained SCENARIO: the sentence on who gained."""
        return who_gained(self._ensemble(words[0]))

    def _better(self, words: Sequence[str]) -> str:
        """better SCENARIO STATE: in how many of 100 runs a state is better off than without summits."""
        found = measure_means(self._ensemble(words[0]))[better(words[1])]
        return f"{100 * found.mean:.0f} of 100 runs (±{100 * (found.high - found.mean):.0f})"

    def _chain(self, words: Sequence[str]) -> str:
        """chain SCENARIO: leverage, terms and what was kept at the first summit."""
        return chain_lines(self._ensemble(words[0]), WIDTH)

    def _endings(self, words: Sequence[str]) -> str:
        """endings SCENARIO: what each ending means, as a list."""
        case = self._scenario(words[0]).case
        return "\n".join(f"- **{wording.capital(rule.label)}**: {rule.says}." for rule in case.outcomes)

    def _ballot(self, words: Sequence[str]) -> str:
        """ballot SCENARIO: a box for each ending."""
        return " ".join(f"☐ {wording.capital(rule.label)}" for rule in self._scenario(words[0]).case.outcomes)

    def _people(self, words: Sequence[str]) -> str:
        """people SCENARIO: who is who, as a list."""
        case = self._scenario(words[0]).case
        return "\n".join(
            f"- **{portrait.leader or state}** for {wording.state_name(case, state)}: {_aims(case, state, 2)}."
            for state, portrait in case.states.items()
        )

    def _aims(self, words: Sequence[str]) -> str:
        """aims SCENARIO STATE: what a state wants, the most wanted first, as a list."""
        case = self._scenario(words[0]).case
        points = sorted(case.states[words[1]].ideals.items(), key=lambda item: -item[1].salience.mode)
        return "\n".join(
            f"- {_wish(case, name, point)}: at {point.position.mode:.2f} of 1; it counts {point.salience.mode:.2f} of 1"
            for name, point in points
        )

    def _calendar(self, words: Sequence[str]) -> str:
        """calendar SCENARIO: what is planned and what happens from outside, month by month, as a list."""
        scenario = self._scenario(words[0])
        lines = [
            (each.month, scenario.case.pairs[each.pair].name + on_condition(each), each.note)
            for each in scenario.summits
        ]
        lines += [(each.month, each.note + on_condition(each), "") for each in scenario.events if each.note]
        return "\n".join(
            f"- {month_name(month, scenario.first_month)}: {what}{f' ({note})' if note else ''}"
            for month, what, note in sorted(lines, key=lambda line: line[0])
        )


def _aims(case: Case, state: str, most: int) -> str:
    """What a state cares most about, in words."""
    points = sorted(case.states[state].ideals.items(), key=lambda item: -item[1].salience.mode)[:most]
    return f"wants {wording.listed([_wish(case, name, point) for name, point in points])}"


def _wish(case: Case, issue: str, point: IdealPoint) -> str:
    """`the arsenal high`."""
    level = "low" if point.position.mode < 0.4 else "high" if point.position.mode > 0.6 else "halfway"
    return f"{case.issues[issue].label} {level}"
