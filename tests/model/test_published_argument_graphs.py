"""Strengths of small published argument graphs under DF-QuAD (Rago et al. 2016), against our rule with eps = 1.

DF-QuAD nets first and then moves the base score b: with v = vs - va it gives b + v (1 - b) upward, else b + v b. Ours
adds both pulls: b + (1 - b) vs - b va. The two agree wherever a claim is only attacked or only supported. They part
ways in two places, both meant: where a claim is attacked and supported at once, and in that attackers count with
their base, not with the strength that their own attackers leave them.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.inputs.case import Range
from sim.inputs.expressions import parse_expression
from sim.inputs.ledger import Claim, Effect, Ledger, Link
from sim.model.assumptions import World
from sim.model.leverage import Arguments

Graph = Mapping[str, tuple[float, tuple[str, ...], tuple[str, ...]]]  # claim -> base score, attackers, supporters


def accumulated(strengths: list[float]) -> float:
    """DF-QuAD's strength aggregation F: the probabilistic sum."""
    return 1 - float(np.prod([1 - strength for strength in strengths]))


def df_quad(graph: Graph, claim: str) -> float:
    """Strength of a claim of an acyclic graph by the formulas of the paper."""
    base, attackers, supporters = graph[claim]
    va = accumulated([df_quad(graph, other) for other in attackers])
    vs = accumulated([df_quad(graph, other) for other in supporters])
    return base - base * (va - vs) if va >= vs else base + (1 - base) * (vs - va)


def ours(graph: Graph, claim: str, eps: float = 1.0) -> float:
    """Strength of a claim of the same graph under our rule; every claim holds and is fully active."""
    claims = {
        name: Claim(
            id=name, claim="", document="d", places=(), group=name, mechanism="m",
            weight=Range(base, base, base),
            credence=1.0, active=parse_expression("1"), active_when="", effects=(Effect("A", "B", 1, 1.0),),
            attackers=tuple(Link(other, 1.0) for other in attackers),
            supporters=tuple(Link(other, 1.0) for other in supporters), fails=(),
        )
        for name, (base, attackers, supporters) in graph.items()
    }  # fmt: skip
    base = {name: np.array([given[0]], dtype=np.float32) for name, given in graph.items()}
    holds = {name: np.array([True]) for name in graph}
    world = World(1, 1, holds, holds, base, {"eps": eps, "kappa": 1.0}, {}, {}, {}, {})
    return float(Arguments(Ledger(claims), world).strengths({})[claim][0])


# Base scores .5; a2 is attacked by a3 and a4 and supported by a7, a3 is attacked by a5 and a6, a2 attacks a1:
# the example graph of github.com/921kiyo/argumentation (df_quad.pl).
TREE: Graph = {
    "a1": (0.5, ("a2",), ()),
    "a2": (0.5, ("a3", "a4"), ("a7",)),
    "a3": (0.5, ("a5", "a6"), ()),
    **dict.fromkeys(("a4", "a5", "a6", "a7"), (0.5, (), ())),
}


def test_the_reference_on_the_published_tree() -> None:
    strengths = [df_quad(TREE, claim) for claim in ("a3", "a2", "a1")]
    assert strengths == pytest.approx([0.125, 0.46875, 0.265625])


def test_strength_aggregation() -> None:
    """F(.6, .5) = .8, and .5 attacked by .2 is .4: both from the public tests of programs that compute DF-QuAD."""
    assert accumulated([0.6, 0.5]) == pytest.approx(0.8)
    assert ours({"a": (0.0, (), ("b", "c")), "b": (0.6, (), ()), "c": (0.5, (), ())}, "a") == pytest.approx(0.8)
    assert ours({"a": (0.5, ("b",), ()), "b": (0.2, (), ())}, "a") == pytest.approx(0.4)


def test_only_attacked_agrees_with_the_tree() -> None:
    assert ours(TREE, "a3") == pytest.approx(df_quad(TREE, "a3"))


def test_attackers_count_with_their_base() -> None:
    """a1 is attacked by a2, whose base is .5 and whose DF-QuAD strength is .46875: .25 against .265625."""
    assert ours(TREE, "a1") == pytest.approx(0.25)
    settled = {**TREE, "a2": (0.46875, (), ())}
    assert ours(settled, "a1") == pytest.approx(df_quad(TREE, "a1"))


def test_attack_and_support_at_once_differ_as_said() -> None:
    """The first example of QBAF-Py: .8, attacked by .4 and supported by .7.

    DF-QuAD: .8 + .2 (.7 - .4) = .86. Ours: .8 + .2 (.7) - .8 (.4) = .62.
    """
    graph: Graph = {"a": (0.8, ("b",), ("c",)), "b": (0.4, (), ()), "c": (0.7, (), ())}
    assert df_quad(graph, "a") == pytest.approx(0.86)
    assert ours(graph, "a") == pytest.approx(0.62)


def test_no_pull_leaves_the_base() -> None:
    assert ours({"a": (0.3, (), ())}, "a") == pytest.approx(df_quad({"a": (0.3, (), ())}, "a"))


score = st.floats(0, 0.98)


@given(score, st.lists(score, min_size=1, max_size=4), st.booleans())
def test_one_sided_pulls_agree_everywhere(base: float, others: list[float], attack: bool) -> None:
    names = tuple(f"o{place}" for place in range(len(others)))
    graph: Graph = {
        "a": (base, names if attack else (), () if attack else names),
        **{name: (other, (), ()) for name, other in zip(names, others, strict=True)},
    }
    assert ours(graph, "a") == pytest.approx(df_quad(graph, "a"), abs=1e-6)


@given(score, score, score)
def test_strength_stays_within_its_bounds(base: float, attacker: float, supporter: float) -> None:
    graph: Graph = {"a": (base, ("b",), ("c",)), "b": (attacker, (), ()), "c": (supporter, (), ())}
    assert -1e-6 <= ours(graph, "a") <= 1 + 1e-6


def test_a_milder_pull_is_a_share_of_the_whole() -> None:
    """With eps = .35 the attack of .2 on .5 takes .35 of what it takes with eps = 1."""
    graph: Graph = {"a": (0.5, ("b",), ()), "b": (0.2, (), ())}
    assert ours(graph, "a", eps=0.35) == pytest.approx(0.5 - 0.35 * 0.1)
