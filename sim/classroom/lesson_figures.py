"""The figures of a lesson: its text asks for each as {{ WHAT ARGUMENTS }}, and a run of the model fills it in."""

from collections.abc import Callable, Mapping
from inspect import signature
from pathlib import Path

from sim.analysis.compare import against_first, one_at_a_time
from sim.analysis.explain import Explanation, explain
from sim.analysis.paired import marked, outcome_differences
from sim.analysis.variance import sources_of_spread
from sim.ensemble.estimate import refuse_if_too_large
from sim.ensemble.intervals import Probability, measure_means, outcome_probabilities
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
    """Figures on one seed; every scenario is loaded once, and played once for each number of runs.

    ``played`` are ensembles of these runs and this seed that are there already, by the name of their scenario.
    """

    def __init__(
        self, runs: int, seed: int, case: Path | str | None, played: Mapping[str, Ensemble] | None = None
    ) -> None:
        self.runs, self.seed, self.case = runs, seed, case
        self._played = {(name, runs): each for name, each in (played or {}).items()}
        self._loaded = {name: each.scenario for name, each in (played or {}).items()}
        self._explained: dict[str, Explanation] = {}
        self._made: dict[str, Callable[..., str]] = {
            "share": lambda scenario, outcome: wording.share_of_runs(self._shares(scenario)[outcome]),
            "interval": lambda scenario, outcome, runs: wording.interval(self._shares(scenario, int(runs))[outcome]),
            "table": lambda scenario: outcome_table(self._ensemble(scenario), WIDTH),
            "spread": lambda scenario: wording.where_the_spread_comes_from(sources_of_spread(self._ensemble(scenario))),
            "gained": lambda scenario: who_gained(self._ensemble(scenario)),
            "chain": lambda scenario: chain_lines(self._ensemble(scenario), WIDTH),
            "strongest": lambda scenario, outcome, place: self._moves(scenario, outcome, place)[0],
            "runs": lambda: f"{runs:,}",
            "likeliest": self._likeliest, "points": self._points, "compare": self._compare, "diff": self._diff,
            "effect": self._effect, "claim": self._claim, "claims": self._claims, "better": self._better,
            "endings": self._endings, "ballot": self._ballot, "people": self._people, "aims": self._aims,
            "calendar": self._calendar,
        }  # fmt: skip

    def make(self, asked: str) -> str:
        """The text that replaces a figure, given what is between its braces. Raises UnknownFigureError, InputError."""
        what, *words = asked.split() or [""]
        if what not in self._made:
            raise UnknownFigureError(f"one of {', '.join(sorted(self._made))}")
        figure, needed = self._made[what], signature(self._made[what])
        try:
            needed.bind(*words)
        except TypeError:
            raise UnknownFigureError(" ".join([what, *map(str.upper, needed.parameters)])) from None
        try:
            return figure(*words)
        except (IndexError, KeyError, ValueError) as error:
            raise UnknownFigureError(f"{what} with the names it needs (no {error})") from None

    def is_block(self, asked: str) -> bool:
        """Whether the figure is a table of several lines, which is shown as code."""
        return asked.startswith(("table ", "compare ", "diff ", "chain "))

    def _scenario(self, name: str) -> Scenario:
        if name not in self._loaded:
            self._loaded[name] = load_scenario(name, case=self.case)
        return self._loaded[name]

    def _ensemble(self, name: str, runs: int | None = None) -> Ensemble:
        key = (name, runs or self.runs)
        if key not in self._played:
            scenario = self._scenario(name)
            refuse_if_too_large(scenario, key[1], scenario.months, in_files=False)
            self._played[key] = run(scenario, key[1], self.seed)
        return self._played[key]

    def _shares(self, name: str, runs: int | None = None) -> dict[str, Probability]:
        return outcome_probabilities(self._ensemble(name, runs))

    def _moves(self, scenario: str, outcome: str, place: str) -> tuple[str, float, float]:
        """The claim that moves an outcome most (second most, ...); by how many points, and half its interval."""
        if scenario not in self._explained:
            self._explained[scenario] = explain(self._ensemble(scenario))
        found = [each for each in self._explained[scenario].effects if each.quantity == outcome]
        one = found[int(place) - 1]
        return one.name, 100 * one.effect, 100 * one.half

    def _likeliest(self, scenario: str) -> str:
        """The ending with most runs."""
        found = self._shares(scenario)
        return max(self._scenario(scenario).case.outcomes, key=lambda rule: found[rule.name].probability).label

    def _points(self, a: str, b: str, outcome: str) -> str:
        """An outcome's difference, B minus A."""
        first, second = self._ensemble(a), self._ensemble(b)
        even = first.runs // 2 * 2
        classes = first.classes[-1, :even], second.classes[-1, :even]
        one = marked([outcome_differences(*classes, first.names.outcomes)])[0].outcomes[outcome]
        return f"{plus_minus(100 * one.difference, 100 * one.half)} points"

    def _compare(self, a: str, b: str) -> str:
        """What `compare` prints."""
        both = self._ensemble(a), self._ensemble(b)
        return short_comparison(against_first(*both)[0], both, WIDTH)

    def _diff(self, a: str, b: str) -> str:
        """What `diff` prints."""
        first, second, folder = self._scenario(a), self._scenario(b), find_case(self.case)
        changes = single_changes(first, second, (find_scenario(folder, a), find_scenario(folder, b)), self.case)
        return diff_text(one_at_a_time(first, second, changes, self.runs, self.seed), first, WIDTH)

    def _effect(self, scenario: str, outcome: str, place: str) -> str:
        """What the claim that moves an outcome most (second most, ...) does to it."""
        _, points, half = self._moves(scenario, outcome, place)
        return f"{signed(points)} ±{half:.1f} points"

    def _claim(self, scenario: str, claim: str) -> str:
        """A claim's sentence, its paragraph and its credence in the scenario."""
        found = self._scenario(scenario).ledger.claims[claim]
        place = found.places[0]
        return f"{found.claim} ({place.document}, paragraph {place.paragraph}; credence {found.credence:.2f})"

    def _claims(self, scenario: str, *claims: str) -> str:
        """The sentences of claims alone, as a numbered list."""
        ledger = self._scenario(scenario).ledger.claims
        return "\n".join(f"{place}. {ledger[name].claim}" for place, name in enumerate(claims, start=1))

    def _better(self, scenario: str, state: str) -> str:
        """In how many of 100 runs a state is better off than without summits."""
        found = measure_means(self._ensemble(scenario))[better(state)]
        return f"{100 * found.mean:.0f} of 100 runs (±{100 * (found.high - found.mean):.0f})"

    def _endings(self, scenario: str) -> str:
        """What each ending means, as a list."""
        case = self._scenario(scenario).case
        return "\n".join(f"- **{wording.capital(rule.label)}**: {rule.says}." for rule in case.outcomes)

    def _ballot(self, scenario: str) -> str:
        """A box for each ending."""
        return " ".join(f"☐ {wording.capital(rule.label)}" for rule in self._scenario(scenario).case.outcomes)

    def _people(self, scenario: str) -> str:
        """Who is who, as a list."""
        case = self._scenario(scenario).case
        return "\n".join(
            f"- **{portrait.leader or state}** for {wording.state_name(case, state)}: {_aims(case, state, 2)}."
            for state, portrait in case.states.items()
        )

    def _aims(self, scenario: str, state: str) -> str:
        """What a state wants, the most wanted first, as a list."""
        case = self._scenario(scenario).case
        return "\n".join(
            f"- {_wish(case, name, point)}: at {point.position.mode:.2f} of 1; it counts {point.salience.mode:.2f} of 1"
            for name, point in _most_wanted(case, state)
        )

    def _calendar(self, scenario: str) -> str:
        """What is planned and what happens from outside, month by month, as a list."""
        found = self._scenario(scenario)
        lines = [
            (each.month, found.case.pairs[each.pair].name + on_condition(each), each.note) for each in found.summits
        ]
        lines += [(each.month, each.note + on_condition(each), "") for each in found.events if each.note]
        return "\n".join(
            f"- {month_name(month, found.first_month)}: {what}{f' ({note})' if note else ''}"
            for month, what, note in sorted(lines, key=lambda line: line[0])
        )


def _most_wanted(case: Case, state: str) -> list[tuple[str, IdealPoint]]:
    return sorted(case.states[state].ideals.items(), key=lambda item: -item[1].salience.mode)


def _aims(case: Case, state: str, most: int) -> str:
    """What a state cares most about, in words."""
    return f"wants {wording.listed([_wish(case, *each) for each in _most_wanted(case, state)[:most]])}"


def _wish(case: Case, issue: str, point: IdealPoint) -> str:
    """`the arsenal high`."""
    level = "low" if point.position.mode < 0.4 else "high" if point.position.mode > 0.6 else "halfway"
    return f"{case.issues[issue].label} {level}"
