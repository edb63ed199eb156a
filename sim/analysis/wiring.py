"""Remarks on a case that runs but may not mean what its author thinks: wires that lead nowhere, and gifts that hurt.

Nothing here is a fault of form: all of it passes `check`. Each remark says where to look; some of it may be intended.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sim.ensemble.run import run
from sim.inputs.case import Case
from sim.inputs.case_rules import Term
from sim.inputs.scenario import Scenario
from sim.inputs.yaml_source import KeyPath

RUNS = 512  # few: an ending with a share of 1% is missed with probability .006


@dataclass(frozen=True)
class Remark:
    """What may not be intended: where it is (a claim by its name), its name, and what to look at."""

    path: KeyPath
    name: str
    text: str

    def __str__(self) -> str:
        return f"{self.name}: {self.text}"


def wiring(scenario: Scenario, runs: int = RUNS, seed: int = 1) -> list[Remark]:
    """Remarks on a scenario's case and ledger, and on endings that none of ``runs`` runs reaches."""
    case = scenario.case
    return [*_gifts(case), *_levers(case), *_unread(scenario), *_endings(scenario, runs, seed)]


def _at(path: KeyPath, text: str) -> Remark:
    return Remark(path, ".".join(map(str, path)), text)


def _gifts(case: Case) -> Iterator[Remark]:
    """Gifts that lead away from the receiver's ideal points, and packages in which a side gets nothing it wants."""
    for package in case.packages.values():
        pair = case.pairs[package.pair]
        for giver, parts in package.gives.items():
            receiver = pair.other(giver)
            wanted = {lever: _wanted(case, receiver, lever) for lever in parts}
            for lever in (lever for lever, wants in wanted.items() if wants is False):
                yield _at(
                    ("packages", package.name, "gives", giver, lever),
                    f"{receiver} wants it the other way: look at variables.{lever}.direction and at the ideals of "
                    f"{receiver} on what it moves",
                )
            own = package.gives.get(receiver, {})
            if not any(wanted.values()) and not any(_wanted(case, receiver, lever) for lever in own):
                yield _at(
                    ("packages", package.name),
                    f"{receiver} gets nothing that it wants: nobody would sign it for {receiver}; look at its gives "
                    f"and at the ideals of {receiver}",
                )


def _wanted(case: Case, state: str, lever: str) -> bool | None:
    """Whether giving a lever can bring some issue nearer to a state's ideal point; None where it moves no issue.

    It is judged by the likeliest start and ideal point where an issue is the lever's own level; where the issue is any
    other expression of the lever, the answer is yes.
    """
    found: list[bool] = []
    variable = case.variables[lever]
    for name, issue in case.issues.items():
        if lever not in issue.moved_by or name not in case.states[state].ideals:
            continue
        plain = issue.now.text.strip() == lever
        ideal, level = case.states[state].ideals[name].position, variable.start
        nearer = ideal.high > level.low if variable.upward else ideal.low < level.high
        found.append(nearer or not plain)
    return any(found) if found else None


def _levers(case: Case) -> Iterator[Remark]:
    """Levers that can be given and move no issue."""
    moved = {lever for issue in case.issues.values() for lever in issue.moved_by}
    given: dict[str, list[str]] = {}
    for package in case.packages.values():
        for lever in dict.fromkeys(lever for parts in package.gives.values() for lever in parts):
            if lever not in moved:
                given.setdefault(lever, []).append(package.name)
    for lever, packages in given.items():
        text = "and worth nothing to anybody, as no issue has it; look at moved_by of the issues"
        yield _at(("variables", lever), f"given in {', '.join(packages)}, {text}")


def _unread(scenario: Scenario) -> Iterator[Remark]:
    """Leverage that claims feed and that nothing reads, or that is only ever cut."""
    case = scenario.case
    read = _named_leverage(case) | _bargained(case).keys()
    switches = {term.claim for term in _terms(case) if term.claim}
    for claim in scenario.ledger.claims.values():
        dyads = {(effect.holder, effect.target) for effect in claim.effects}
        if dyads and not dyads & read and not claim.fails and claim.id not in switches:
            text = "moves nothing, all leverage it feeds is unread: look at its effects"
            yield Remark(("claims", claim.id), f"claim {claim.id}", text)
    for (holder, target), signs in _fed(scenario).items():
        claims = ", ".join(signs)
        if (holder, target) not in read:
            text = (
                f"fed by {claims} and read by nothing: no pair bargains with it, and no move, drift or measure names "
                f"leverage.{holder}.{target}"
            )
            yield _on_leverage(holder, target, signs, text)
        if set(signs.values()) == {-1}:
            text = f"cut by {claims} and fed by no claim: it stays at 0 and they move nothing; look at the signs"
            yield _on_leverage(holder, target, signs, text)


def _on_leverage(holder: str, target: str, signs: dict[str, int], text: str) -> Remark:
    return Remark(("claims", next(iter(signs))), f"leverage of {holder} over {target}", text)


def unmet(scenario: Scenario) -> list[Remark]:
    """Leverage fed by claims that nothing reads, since the pair has no summit in a scenario with summits.

    In one scenario of several that may be its point; if it is so in all of them, the claims do nothing.
    """
    named, pairs, met = _named_leverage(scenario.case), _bargained(scenario.case), {s.pair for s in scenario.summits}
    found = []
    for (holder, target), signs in _fed(scenario).items():
        pair = pairs.get((holder, target))
        if met and pair and pair not in met and (holder, target) not in named:
            text = f"and no summit of {pair} is held: nothing bargains with it; look at summits"
            found.append(_on_leverage(holder, target, signs, f"fed by {', '.join(signs)}, {text}"))
    return found


def _bargained(case: Case) -> dict[tuple[str, str], str]:
    """The pair that bargains with each leverage."""
    return {dyad: name for name, pair in case.pairs.items() for dyad in (pair.between, pair.between[::-1])}


def _named_leverage(case: Case) -> set[tuple[str, str]]:
    """Holder and target of every leverage that a move, bargaining, what time does, an average or a measure names."""
    named = [term.of for term in _terms(case)] + [measure.value for measure in case.measures.values()]
    named += [*case.month.averages.values(), *(drift.value for drift in case.month.drift.values())]
    for rules in case.bargaining.values():
        for at in (rules.at_deal, rules.at_walkout, rules.at_first_meeting, rules.at_refusal, rules.at_collapse):
            named += at.values()
    names = {name for expression in named for name in expression.names}
    return {(name.split(".")[1], name.split(".")[2]) for name in names if name.startswith("leverage.")}


def _fed(scenario: Scenario) -> dict[tuple[str, str], dict[str, int]]:
    """By holder and target: the claims that feed or cut that leverage, with their sign."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for claim in scenario.ledger.claims.values():
        for effect in claim.effects:
            found.setdefault((effect.holder, effect.target), {})[claim.id] = effect.sign
    return found


def _terms(case: Case) -> Iterator[Term]:
    """Every term of a menu or of a pair's bargaining."""
    for menu in case.menus.values():
        for option in menu.options:
            yield from option.utility
    for rules in case.bargaining.values():
        yield from rules.hurry
        for part in (rules.friction, rules.wish):
            for terms in part.values():
                yield from terms


def _endings(scenario: Scenario, runs: int, seed: int) -> Iterator[Remark]:
    """Endings in which no run ends."""
    played = run(scenario, runs, seed)
    for place, name in enumerate(played.names.outcomes):
        if not played.counts[-1, place]:
            text = f"none of {runs} runs of {scenario.name} ends there: look at its `when` and at those before it"
            yield Remark(("outcomes", place), f"outcomes, {name}", text)
