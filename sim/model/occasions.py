"""Events and summits with a condition or a chance: in which runs they come about."""

from collections.abc import Mapping, Sequence

import numpy as np

from sim.inputs.arithmetic import evaluate
from sim.inputs.scenario import Occasion
from sim.model.assumptions import Value, single
from sim.model.calendar import Where
from sim.model.streams import FloatArray, Streams
from sim.vocabulary import happens


class Occasions:
    """What has a condition or a chance in a scenario; chances are drawn from ``event/NAME``, a row a month."""

    def __init__(self, occasions: Sequence[Occasion], streams: Streams) -> None:
        names = dict.fromkeys(each.stream for each in occasions if each.stream)
        self._streams = {name: streams.monthly(name) for name in names}

    def look(self, month: int, today: Sequence[Occasion], variables: Mapping[str, Value]) -> dict[str, Value]:
        """``happens.OCCASION`` of this month's occasions: 1.0 in runs where they come about, on last month's levels."""
        names = dict.fromkeys(each.stream for each in today if each.stream)
        drawn = {name: self._streams[name].month(month)[0] for name in names}
        return {happens(each.id): _comes_about(each, drawn.get(each.stream or ""), variables) for each in today}


def _comes_about(occasion: Occasion, uniform: FloatArray | None, variables: Mapping[str, Value]) -> Value:
    met: Value = single(1.0)
    if occasion.condition is not None:
        met = np.where(evaluate(occasion.condition, variables) > 0, np.float32(1), np.float32(0))
    return met if uniform is None else np.where(uniform < occasion.chance, met, np.float32(0))


def only_where(occasions: Where, variables: Mapping[str, Value], then: Value, otherwise: Value) -> Value:
    """One value where all of some occasions come about, another elsewhere."""
    for occasion in occasions:
        then = np.where(variables[happens(occasion)] > 0, single(then), single(otherwise))
    return then
