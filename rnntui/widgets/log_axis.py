"""A logarithmic axis: from one round number to another, and which of them are written beside it."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10

import numpy as np
from numpy.typing import NDArray

from bptt.numerals import number
from rnntui.explain.scales import parts_of
from rnntui.widgets.bars import power_of_ten

Array = NDArray[np.floating]
LEAST = 1e-12
"""What is smaller lies at the foot of the axis."""
_ROUND = (1.0, 2.0, 5.0)


@dataclass(frozen=True, slots=True)
class LogAxis:
    """From `low` to `high`, both round and above 0."""

    low: float
    high: float

    @staticmethod
    def around(values: Array) -> LogAxis:
        """The shortest one with room for all finite values; from 1 to 10 where there is none."""
        finite = values[np.isfinite(values)]
        if not len(finite):
            return LogAxis(1.0, 10.0)
        low, high = (max(LEAST, float(edge)) for edge in (finite.min(), finite.max()))
        bottom, top = _round_below(low), _round_above(high)
        return LogAxis(bottom, top if top > bottom else _round_above(bottom * 1.5))

    def parts(self, values: Array) -> Array:
        """How far up each value lies, 0…1, those beyond held at the ends; NaN where it is not finite."""
        found = parts_of(values, (log10(self.low), log10(self.high)))
        found[~np.isfinite(values)] = np.nan
        return found

    def ticks(self, most: int) -> tuple[tuple[float, str], ...]:
        """(part, text) of at most `most` round numbers, powers of ten where there are several of them."""
        first, last = round_power(self.low), round_power(self.high)
        powers = [10.0**n for n in range(first, last + 1) if self.low <= 10.0**n <= self.high]
        found = powers
        if len(powers) < 3:
            found = [step * 10.0**n for n in range(first - 1, last + 1) for step in _ROUND]
            found = [value for value in found if self.low * 0.999 <= value <= self.high * 1.001]
        step = max(1, -(-len(found) // max(1, most)))
        parts = self.parts(np.array(found))
        return tuple((float(part), tick_text(value)) for part, value in zip(parts, found, strict=True))[::step]


def round_power(value: float) -> int:
    """The power of ten at or below a number."""
    return floor(log10(value) + 1e-9)


def tick_text(value: float) -> str:
    """`10⁻³`, `0.2`, `50`."""
    power = round_power(value)
    if abs(value / 10.0**power - 1) < 1e-9 and not -2 < power < 3:
        return power_of_ten(power)
    return number(value, 2) if -4 < power < 5 else f"{value:.0e}".replace("e-0", "e-").replace("e+0", "e")


def _round_below(value: float) -> float:
    power = 10.0 ** round_power(value)
    return max(step * power for step in _ROUND if step * power <= value * (1 + 1e-9))


def _round_above(value: float) -> float:
    power = 10.0 ** (ceil(log10(value) - 1e-9) - 1)
    return min(step * power for step in (*_ROUND, 10.0) if step * power >= value * (1 - 1e-9))
