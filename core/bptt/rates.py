"""Learning-rate schedules: the rate of each iteration, one table entry each.

Sources: step and exponential: the common decays; cosine: Loshchilov and Hutter 2017, eq. 5, without restarts; warm-up:
Goyal et al. 2017, section 2.2.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from bptt.settings import Choice, Setting, choose


@dataclass(frozen=True)
class Schedule:
    """One way in which a rate changes."""

    about: str
    """The rate of iteration n of N, in a line."""
    rate: Callable[[Mapping[str, float], int, int], float]
    """(settings, n from 0, N) → the rate, before the warm-up."""
    settings: Mapping[str, Setting]


_START = Setting(None, open=True)
_END = Setting(0.0)


def _progress(n: int, total: int) -> float:
    """0 at the first iteration, 1 after the last."""
    return min(1.0, n / max(total, 1))


def _slope(share: float, s: Mapping[str, float]) -> float:
    """From start to end, `share` of the start left."""
    return s["end"] + (s["start"] - s["end"]) * share


RATES: dict[str, Schedule] = {
    "constant": Schedule("always start", lambda s, n, _: s["start"], {"start": _START}),
    "step": Schedule(
        "start, times factor after every so many iterations",
        lambda s, n, _: s["start"] * s["factor"] ** (n // int(s["every"])),
        {"start": _START, "factor": Setting(0.5, 0, 1, open=True), "every": Setting(100, 1, whole=True)},
    ),
    "exponential": Schedule(
        "start · factorⁿ",
        lambda s, n, _: s["start"] * s["factor"] ** n,
        {"start": _START, "factor": Setting(0.99, 0, 1, open=True)},
    ),
    "linear": Schedule(
        "from start to end in a straight line",
        lambda s, n, total: _slope(1 - _progress(n, total), s),
        {"start": _START, "end": _END},
    ),
    "cosine": Schedule(
        "from start to end by half a cosine",
        lambda s, n, total: _slope((1 + math.cos(math.pi * _progress(n, total))) / 2, s),
        {"start": _START, "end": _END},
    ),
}
"""Name → schedule. Each also takes warmup: over so many first iterations the rate grows evenly to what it is."""
_WARMUP = Setting(0.0, whole=True)
_SETTINGS = {name: {**schedule.settings, "warmup": _WARMUP} for name, schedule in RATES.items()}


@dataclass(frozen=True)
class Rate:
    """A learning rate over N iterations."""

    choice: Choice
    total: int
    """N."""

    @staticmethod
    def of(value: object, total: int) -> Rate:
        """From a number, which stays, or a schedule: `{"cosine": 0.1}`, `"step:0.1,factor=0.5,every=200"`. Raises
        InputError naming rate."""
        plain = isinstance(value, int | float) and not isinstance(value, bool)
        if isinstance(value, str):
            with suppress(ValueError):
                value, plain = float(value), True
        return Rate(choose({"constant": value} if plain else value, _SETTINGS, "rate"), total)

    def at(self, n: int) -> float:
        """The rate of iteration n, counted from 0."""
        settings = self.choice.settings
        rate = RATES[self.choice.name].rate(settings, n, self.total)
        return rate * min(1.0, (n + 1) / settings["warmup"]) if settings["warmup"] else rate
