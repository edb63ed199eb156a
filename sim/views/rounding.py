"""Findings as plain data: named fields, numbers rounded, and null where they are not finite."""

from __future__ import annotations

from typing import Any

from sim.ensemble.tables import rounded


def without_nan(value: Any) -> Any:
    """The same data with every number rounded, and null where it is not finite."""
    if isinstance(value, dict):
        return {key: without_nan(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(inner) for inner in value]
    return rounded(value) if isinstance(value, float) else value


def fields(thing: object, names: str) -> dict[str, Any]:
    """The named fields of an object, in this order; ``key=field`` where the key differs from the field's name.

    >>> fields(1 + 2j, "real imaginary=imag")
    {'real': 1.0, 'imaginary': 2.0}
    """
    return {key: getattr(thing, field or key) for key, _, field in (name.partition("=") for name in names.split())}
