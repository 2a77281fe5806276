"""The backward passes of full and of truncated BPTT: which times each covers, and the losses of which it carries.

Truncated (Williams and Peng 1990): forward through a block of `stride` times, then back through at most `window`
times, and so on to the end; the last block may be shorter. With `window` = `stride` a pass covers its block and no
more, the last one too (the usual chunks); with a larger window it covers the last `window` times. Full BPTT is one
pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import isqrt

import numpy as np

from bptt.errors import InputError, quoted


@dataclass(frozen=True, slots=True)
class Pass:
    """One backward pass: the losses of one block of times, carried back to `lo`."""

    number: int
    """Counted from 1; the block has the same number."""
    lo: int
    """The earliest time of the pass: whatever is read at a time before it is a constant."""
    hi: int
    """The latest time of the pass, and of its block."""
    losses_from: int
    """The first time of the block: earlier losses were carried back by earlier passes."""


class Passes:
    """For each block of `stride` times a pass through at most `window` times. Knows no equation."""

    def __init__(self, T: int, window: int | None = None, stride: int | None = None) -> None:
        """`window`: T where missing; `stride`: `window` where missing; larger than T counts as T.

        Raises InputError for what is not a whole number ≥ 1, and for a stride larger than the window."""
        self.T = T
        self.window, self.stride = _spans(T, window, stride)
        self.count = -(-T // self.stride)
        """How many passes there are."""
        self._uncut = min(self.count, self.window // self.stride)
        """How many of the first reach the start, where more come after them."""
        self._latest_pass = self._made_pass(1)

    @property
    def truncated(self) -> bool:
        """Whether there is more than one pass."""
        return self.count > 1

    @property
    def truncation(self) -> tuple[int | None, int | None]:
        """The (window, stride) with which a run is made that has the same passes; of full BPTT neither."""
        return (self.window, self.stride) if self.truncated else (None, None)

    @property
    def overlapping(self) -> bool:
        """Whether a time can lie in several passes, so that its gradients are computed several times."""
        return self.truncated and self.window > self.stride

    @cached_property
    def passes(self) -> tuple[Pass, ...]:
        """All of them, in order."""
        return tuple(self._made_pass(number) for number in range(1, self.count + 1))

    def pass_of(self, number: int) -> Pass:
        """The pass of that number, from 1; most are asked for right after the same."""
        latest = self._latest_pass
        if latest.number != number:
            latest = self._latest_pass = self._made_pass(number)
        return latest

    def _made_pass(self, number: int) -> Pass:
        hi, losses_from = min(number * self.stride, self.T), (number - 1) * self.stride + 1
        lo = losses_from if self.window == self.stride else max(1, hi - self.window + 1)
        return Pass(number, lo, hi, losses_from)

    def block_of(self, t: int) -> int:
        """The number of the block that holds time t: of the first pass that covers it, which carries its loss."""
        return (t - 1) // self.stride + 1

    def pass_of_loss(self, t: int) -> Pass:
        """The pass that carries back the loss at t."""
        return self.pass_of(self.block_of(t))

    def last_over(self, t: int) -> int:
        """The number of the last pass that covers t."""
        last = min((t + self.window - 1) // self.stride, self.count)
        return self.count if last < self.count and t >= self._made_pass(self.count).lo else last

    def moment(self, times: int) -> tuple[int, int]:
        """(number of the pass, time) of a backward timestep, counted from 0 over all passes."""
        number = self._number(times, 0, 1, 0)
        return number, min(number * self.stride, self.T) - (times - self._rows(number - 1))

    def _rows(self, number: int) -> int:
        """How many backward timesteps the first `number` passes have."""
        growing = min(number, self._uncut)
        rows = self.stride * growing * (growing + 1) // 2 + (number - growing) * self.window
        last = self._made_pass(self.count)
        if number == self.count:
            usual = min(self.count * self.stride, self.window)
            rows += last.hi - last.lo + 1 - usual
        return rows

    def _cuts(self, number: int) -> int:
        """How many of the first `number` passes do not reach the start."""
        if number == self.count and self._made_pass(number).lo == 1:
            return 0
        return max(0, number - self._uncut)

    def _number(self, index: int, forward: int, backward: int, cut: int) -> int:
        """The number of the pass in which the `index`-th of all steps lies, where a time forward has so many of
        them, a time backward so many, and a cut so many."""
        # the n-th of the first passes goes back through n · stride times, so that n of them have
        # stride · (forward · n + backward · n (n + 1) / 2) steps; all later ones are equally long
        a, b = self.stride * backward, self.stride * (2 * forward + backward)
        growing = (a * self._uncut + b) * self._uncut // 2
        if index < growing:
            return (isqrt(b * b + 8 * a * index) - b) // (2 * a) + 1
        length = self.stride * forward + self.window * backward + cut
        return min(self._uncut + (index - growing) // length + 1, self.count)

    def _block(self, number: int) -> int:
        return min(self.stride, self.T - (number - 1) * self.stride)


def _spans(T: int, window: int | None, stride: int | None) -> tuple[int, int]:
    """(window, stride), none larger than T."""
    for argument, value in (("window", window), ("stride", stride)):
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1):
            raise InputError(f"got {quoted(value)}, expected a whole number ≥ 1", argument)
    if window is not None and stride is not None and stride > window:
        raise InputError(f"got {stride}, expected at most the window, {window}", "stride")
    reach = T if window is None else min(int(window), T)
    return reach, reach if stride is None else min(int(stride), T)
