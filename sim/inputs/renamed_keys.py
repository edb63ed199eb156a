"""Names of model version 3 that no longer exist, and what replaces them."""

_GONE = "gone since model version 4"
REPLACED = {
    "leverage_centre": f"{_GONE}: no deal costs whoever depends more, by net leverage (phi); delete this line",
    "n_lo": f"{_GONE}: the outcome rule has u for an arsenal that is going (bombs_going)",
    "d_lo": f"{_GONE}: the outcome rule has u for troops that are going (troops_going)",
    "n_mid": f"{_GONE}: the outcome rule has u for an arsenal that is going (bombs_going)",
    "q": f"{_GONE}: a mirage is recognised by renewed American pressure (p_hi), not by tension",
    "k": f"{_GONE}: a pause is recognised by strategic tests alone (t_lo)",
    "partial-bargain": f"{_GONE}: disarmament took its place",
    "one-sided-disarmament": f"{_GONE}: disarmament took its place",
    "one-sided-withdrawal": f"{_GONE}: withdrawal took its place",
    "cap": f"{_GONE}: disarmament took its place",
    "drawdown": f"{_GONE}: withdrawal took its place",
    "given_by_patron": f"{_GONE}: given_by_prc, which counts what was given in kind",
    "top": f"{_GONE}: read gained.STATE, each state against the same world without summits",
}
