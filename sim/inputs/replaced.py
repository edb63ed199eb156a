"""Names of model version 3 that mean nothing any more, and what stands in their place now."""

from __future__ import annotations

REPLACED = {
    "leverage_centre": "nothing: since version 4 no deal costs whoever depends more, by net leverage (phi)",
    "n_lo": "u: since version 4 an arsenal is going or not (bombs_going)",
    "d_lo": "u: since version 4 a force is going or not (troops_going)",
    "n_mid": "u: since version 4 an arsenal is going or not (bombs_going)",
    "q": "p_hi: since version 4 a mirage is told by renewed American pressure, not by tension",
    "k": "t_lo: since version 4 a pause is told by strategic tests alone",
    "partial-bargain": "disarmament, since version 4: the arsenal is going step by step",
    "one-sided-disarmament": "disarmament, since version 4",
    "one-sided-withdrawal": "withdrawal, since version 4",
    "given_by_patron": "given_by_prc, since version 4: enforcement, in kind",
}
