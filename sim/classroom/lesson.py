"""Lessons and pages about the case: Markdown in the case's scenarios/lessons/, made into pages with figures run anew.

A lesson may be a stranger's: its text cannot write HTML, and its links can only lead to files beside it or to https.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from inspect import signature
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markupsafe import Markup

from sim.analysis.compare import against_first, one_at_a_time
from sim.analysis.explain import Explanation, explain
from sim.analysis.paired import marked, outcome_differences
from sim.analysis.variance import sources_of_spread
from sim.ensemble.intervals import Probability, measure_means, outcome_probabilities
from sim.ensemble.resources import refuse_if_too_large
from sim.ensemble.result import Ensemble
from sim.ensemble.results_folder import Say, silent, writing
from sim.ensemble.run import run
from sim.errors import Fault, InputError, Place
from sim.inputs.case import Case, IdealPoint
from sim.inputs.case_folder import CaseFolder, find_case, find_scenario
from sim.inputs.case_rules import Outcome
from sim.inputs.scenario import Scenario, load_scenario
from sim.inputs.schedule import month_name
from sim.inputs.schema_faults import unknown
from sim.inputs.single_changes import single_changes
from sim.inputs.text_decoding import read_text
from sim.page.static_page import body, write_handout
from sim.views import wording
from sim.views.text.case_words import on_condition
from sim.views.text.compare import short_comparison
from sim.views.text.diff import diff_text
from sim.views.text.run import chain_lines, outcome_table, who_gained
from sim.views.text.screen import Screen
from sim.vocabulary import better

TEMPLATE = Path(__file__).with_name("lesson.html.j2")
_FIGURE = re.compile(r"\{\{([^{}\n]*)\}\}")
WIDTH = Screen(width=78, unicode=True, colour=False)


class UnknownFigureError(ValueError):
    """A lesson asks for a figure that cannot be made. Its text says what is allowed."""


class Figures:
    """What a lesson asks for as {{ WHAT ARGUMENTS }}, on one seed: every scenario is loaded once, and played once for
    each number of runs.

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
            "ballot": lambda scenario: " ".join(f"☐ {wording.capital(one.label)}" for one in self._outcomes(scenario)),
            "endings": self._endings, "people": self._people, "aims": self._aims, "calendar": self._calendar,
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

    def _outcomes(self, name: str) -> Sequence[Outcome]:
        return self._scenario(name).case.outcomes

    def _ensemble(self, name: str, runs: int | None = None) -> Ensemble:
        key = (name, runs or self.runs)
        if key not in self._played:
            scenario = self._scenario(name)
            refuse_if_too_large(scenario, key[1], in_files=False)
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
        return max(self._outcomes(scenario), key=lambda each: found[each.name].probability).label

    def _points(self, a: str, b: str, outcome: str) -> str:
        """An outcome's difference, B minus A."""
        first, second = self._ensemble(a), self._ensemble(b)
        even = first.runs // 2 * 2
        classes = first.classes[-1, :even], second.classes[-1, :even]
        one = marked([outcome_differences(*classes, first.names.outcomes)])[0].outcomes[outcome]
        return f"{wording.in_points(one)} points"

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
        return f"{wording.signed(points)} ±{half:.1f} points"

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
        return f"{100 * found.mean:.0f} of 100 runs (±{100 * found.half:.0f})"

    def _endings(self, scenario: str) -> str:
        """What each ending means, as a list."""
        return "\n".join(f"- **{wording.capital(each.label)}**: {each.says}." for each in self._outcomes(scenario))

    def _people(self, scenario: str) -> str:
        """Who is who, as a list."""
        case, lines = self._scenario(scenario).case, []
        for state, portrait in case.states.items():
            wants = wording.listed([_wish(case, *each) for each in _most_wanted(case, state)[:2]])
            called = f"**{portrait.leader or state}** for {wording.state_name(case, state)}"
            lines.append(f"- {called}: wants {wants}.")
        return "\n".join(lines)

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


def _wish(case: Case, issue: str, point: IdealPoint) -> str:
    """`the arsenal high`."""
    level = "low" if point.position.mode < 0.4 else "high" if point.position.mode > 0.6 else "halfway"
    return f"{case.issues[issue].label} {level}"


def lesson_titles(folder: CaseFolder) -> list[tuple[str, str]]:
    """Name and title of every lesson of a case, by name."""
    found = sorted((folder.scenarios / "lessons").glob("*.md"))
    return [(path.stem, _title(read_text(path, folder.display(path)))) for path in found]


def write_lesson(
    name: str, folder: Path, runs: int, seed: int, case: Path | str | None = None, say: Say = silent
) -> Path:
    """Make the page of a lesson; one that somebody has changed is renamed first.

    Raises InputError for an unknown lesson or figure, CannotWrite, Busy.
    """
    values, path = _read(name, Figures(runs, seed, case), case), folder / f"{name}.html"
    with writing(folder, [path.name], 0, say):
        return write_handout(path, TEMPLATE, values)


def lesson_body(name: str, figures: Figures, case: Path | str | None = None) -> Markup:
    """A lesson as a part of another page. Raises as :func:`write_lesson`."""
    return body(TEMPLATE, _read(name, figures, case))


def _read(name: str, figures: Figures, case: Path | str | None) -> dict[str, Any]:
    folder = find_case(case)
    known = {path.stem: path for path in (folder.scenarios / "lessons").glob("*.md")}
    if name not in known:
        raise InputError.at(name, "lesson", "no such lesson", unknown(name, known, "one of"))
    given = read_text(known[name], folder.display(known[name]))
    text = _filled(given, known[name].name, figures)
    made = f"The figures on this page come from {figures.runs:,} runs of the model, seed {figures.seed}."
    made = made if _FIGURE.search(given) else ""
    return {"title": _title(text), "body": Markup(to_html(text)), "made": made}


def _title(text: str) -> str:
    return next((line.lstrip("# ").strip() for line in text.split("\n") if line.startswith("# ")), "")


def _filled(text: str, name: str, figures: Figures) -> str:
    """The text with its figures. Raises InputError with every figure that cannot be made."""
    faults: list[Fault] = []
    lines = [
        _line(line, Place(name, number, 1), figures, faults) for number, line in enumerate(text.split("\n"), start=1)
    ]
    if faults:
        raise InputError(faults)
    return "\n".join(lines)


def _line(line: str, place: Place, figures: Figures, faults: list[Fault]) -> str:
    def make(match: re.Match[str]) -> str:
        asked = match[1].strip()
        try:
            made = figures.make(asked)
        except UnknownFigureError as error:
            faults.append(Fault(place, "figure", asked, str(error)))
        except InputError as error:
            faults.extend(Fault(place, each.field, each.value, each.allowed) for each in error.faults)
        else:
            return f"```\n{made}\n```" if figures.is_block(asked) else made
        return ""

    return _FIGURE.sub(make, line)


def to_html(text: str) -> str:
    """The HTML of a Markdown text: CommonMark with tables, without raw HTML and without pictures.

    >>> to_html("**a** [b](c.html) [d](//host/share)")
    '<p><strong>a</strong> <a href="c.html">b</a> [d](//host/share)</p>'
    """
    return _MARKDOWN.render(text).strip()


class _Lesson(MarkdownIt):
    """CommonMark with tables; tables and code scroll in a box that can be reached by keyboard."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"html": False}, renderer_cls=_Scrolling)
        self.enable("table").disable("image")

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        """A file in or below the lesson's folder, or a page by https."""
        plain = unquote(url)
        try:
            parts = urlsplit(plain)
        except ValueError:
            return False
        if parts.scheme or parts.netloc:
            return parts.scheme == "https" and bool(parts.netloc)
        return not plain.startswith(("/", "\\")) and ".." not in re.split(r"[/\\]", plain) and ":" not in parts.path


class _Scrolling(RendererHTML):
    def table_open(self, *_: Any) -> str:
        return '<div class="wide" tabindex="0"><table>\n'

    def table_close(self, *_: Any) -> str:
        return "</table></div>\n"

    def fence(self, *given: Any) -> str:
        return super().fence(*given).replace("<pre>", '<pre tabindex="0">', 1)

    def code_block(self, *given: Any) -> str:
        return super().code_block(*given).replace("<pre>", '<pre tabindex="0">', 1)


_MARKDOWN = _Lesson()
