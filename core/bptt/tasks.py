"""The classic generated tasks: sequences that can only be learned by remembering, seeded and without end.

Sources: adding, temporal order and Reber: Hochreiter and Schmidhuber 1997, experiments 4, 6a and 1, the first two
with the fixed lengths of Martens and Sutskever 2011; recall: their experiment 2 with two kinds of distractors; copy:
experiment of Arjovsky, Shah and Bengio 2016 with four letters; sine and parity are common property.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple
from zlib import crc32

import numpy as np
from numpy.random import Generator, SeedSequence
from numpy.typing import NDArray

from bptt import reber
from bptt.arrays import locked, whole
from bptt.errors import InputError, near, quoted
from bptt.sequences import LONGEST

LARGEST_BATCH = 65_536
MOST_NUMBERS = 2**25
"""Of times, sequences and units together: 256 MiB of float64."""
_COPIED = 4
"""Letters that the copy task shows and asks for."""


class Batch(NamedTuple):
    """Inputs and targets, as `bptt.trace` takes them: `bptt.trace(model, *batch)`. The arrays are locked."""

    x: NDArray[Any]
    """(T, B) integers, one-hot rows for symbols; or (T, B, D) floats."""
    y: NDArray[Any]
    """(T, B) classes, −1 for no target; or (T, B, K) values, a row of NaN for no target."""


@dataclass(frozen=True)
class Task:
    """One generated task. Times are counted from 1 to `length`, as everywhere."""

    name: str
    about: str
    """A line: what is shown, what is asked, what guessing scores."""
    inputs: int
    """D."""
    outputs: int
    """K."""
    kind: Literal["classes", "values"]
    """What the targets are: classes go with cross_entropy, values with squared_error."""
    shortest: int
    """The smallest length that has room for the question and its answer."""
    length: int
    """One that shows the difficulty."""
    draw: Callable[[Generator, int, int], Batch]
    """(random numbers, length, batch) → a batch."""
    symbols: tuple[str, ...] = ()
    """What each input unit stands for; empty where inputs are numbers."""
    answers: tuple[str, ...] = ()
    """What each class stands for; empty where targets are numbers."""

    def make(self, length: int | None = None, batch: int = 1, seed: int = 0) -> Batch:
        """A fixed batch of sequences, the first of the stream with these arguments. Raises InputError for a length
        that is too short or too long, a batch or a seed that cannot be."""
        return self.stream(length, batch, seed)[0]

    def stream(self, length: int | None = None, batch: int = 1, seed: int = 0) -> Stream:
        """Fresh batches without end. Raises InputError as `make` does."""
        length = whole(self.length if length is None else length, "length", self.shortest, LONGEST)
        batch = whole(batch, "batch", 1, LARGEST_BATCH)
        if length * batch * max(self.inputs, self.outputs) > MOST_NUMBERS:
            raise InputError(f"length {length} times batch {batch} is too much: give a smaller one", "batch")
        return Stream(self, length, batch, whole(seed, "seed", 0, 2**63 - 1))


@dataclass(frozen=True)
class Stream:
    """The batches of a task by number: any of them can be drawn again, alone and at once."""

    task: Task
    length: int
    batch: int
    seed: int

    def __getitem__(self, number: int) -> Batch:
        """Batch `number`, counted from 0: the same arrays each time. IndexError below 0."""
        if number < 0:
            raise IndexError(f"batch {number} does not exist: they are counted from 0")
        entropy = SeedSequence([self.seed, crc32(self.task.name.encode()), number])
        x, y = self.task.draw(np.random.default_rng(entropy), self.length, self.batch)
        return Batch(locked(x), locked(y))

    def __iter__(self) -> Iterator[Batch]:
        number = 0
        while True:
            yield self[number]
            number += 1


def find(name: str) -> Task:
    """The task of that name; InputError with near names where there is none."""
    if not isinstance(name, str) or name not in TASKS:
        raise InputError(f"no task is called {quoted(name)}; {near(name, TASKS)}", "task")
    return TASKS[name]


def _adding(random: Generator, T: int, B: int) -> Batch:
    """One marker falls in each half."""
    x = np.zeros((T, B, 2))
    x[..., 0] = random.uniform(0, 1, (T, B))
    everyone = np.arange(B)
    first, second = random.integers(0, T // 2, B), random.integers(T // 2, T, B)
    x[first, everyone, 1] = x[second, everyone, 1] = 1
    return Batch(x, _at_the_end((x[..., 0] * x[..., 1]).sum(axis=0)[:, None], T))


def _recall(random: Generator, T: int, B: int) -> Batch:
    x = random.integers(2, 4, (T, B))
    x[0] = random.integers(0, 2, B)
    return Batch(x, _at_the_end(x[0], T))


def _copy(random: Generator, T: int, B: int) -> Batch:
    """Letters 0…3, then blanks (4) but for the signal (5) before the answer."""
    x = np.full((T, B), 4)
    x[:_COPIED] = random.integers(0, 4, (_COPIED, B))
    x[T - _COPIED - 1] = 5
    y = np.full((T, B), -1)
    y[T - _COPIED :] = x[:_COPIED]
    return Batch(x, y)


def _order(random: Generator, T: int, B: int) -> Batch:
    """X or Y in the second tenth of the time and in the sixth, distractors a…d elsewhere."""
    x = random.integers(2, 6, (T, B))
    asked = random.integers(0, 2, (2, B))
    everyone = np.arange(B)
    for place, tenth in enumerate((1, 5)):
        start, end = T * tenth // 10, T * (tenth + 1) // 10
        x[random.integers(start, max(end, start + 1), B), everyone] = asked[place]
    return Batch(x, _at_the_end(2 * asked[0] + asked[1], T))


def _parity(random: Generator, T: int, B: int) -> Batch:
    x = random.integers(0, 2, (T, B))
    return Batch(x, _at_the_end(x.sum(axis=0) % 2, T))


def _reber(random: Generator, T: int, B: int) -> Batch:
    """A string shorter than the others stands at E with no target from its end on."""
    x, y = np.full((T, B), reber.SYMBOLS.index("E")), np.full((T, B), -1)
    for n in range(B):
        codes = [reber.SYMBOLS.index(symbol) for symbol in reber.embedded(random, T + 1)]
        x[: len(codes) - 1, n], y[: len(codes) - 1, n] = codes[:-1], codes[1:]
    return Batch(x, y)


def _sine(random: Generator, T: int, B: int) -> Batch:
    """Phase and period are drawn for each sequence."""
    period, phase = random.uniform(8, 24, B), random.uniform(0, 2 * np.pi, B)
    wave = np.sin(2 * np.pi * np.arange(T + 1)[:, None] / period + phase)[..., None]
    return Batch(wave[:-1].copy(), wave[1:].copy())


def _at_the_end(answer: NDArray[Any], T: int) -> NDArray[Any]:
    """Targets (T, …) of which only the last time has one."""
    y = np.full((T, *answer.shape), -1 if answer.dtype.kind == "i" else np.nan)
    y[-1] = answer
    return y.astype(answer.dtype)


_LETTERS = ("A", "B", "C", "D")
TASKS: dict[str, Task] = {
    task.name: task
    for task in (
        Task(
            "adding",
            "a value in 0…1 and a marker at each time; the sum of the two marked values at T (guessing: error 1/6)",
            *(2, 1, "values", 2, 30, _adding),
        ),
        Task(
            "recall",
            "A or B at t = 1, then C and D at random; name the first symbol at T (guessing: ln 2)",
            *(4, 2, "classes", 2, 20, _recall, _LETTERS, _LETTERS[:2]),
        ),
        Task(
            "copy",
            "four letters, a pause, a signal; the letters again in the last four times (guessing: ln 4)",
            *(6, 4, "classes", 2 * _COPIED + 1, 20, _copy, (*_LETTERS, "·", "?"), _LETTERS),
        ),
        Task(
            "order",
            "X or Y twice among distractors a…d; name both in their order at T (guessing: ln 4)",
            *(6, 4, "classes", 10, 30, _order, ("X", "Y", "a", "b", "c", "d"), ("XX", "XY", "YX", "YY")),
        ),
        Task(
            "parity",
            "random bits; whether the number of ones was odd, at T (guessing: ln 2)",
            *(2, 2, "classes", 1, 10, _parity, ("0", "1"), ("0", "1")),
        ),
        Task(
            "reber",
            "strings of the embedded Reber grammar; each next symbol, of which the last but one is far from its cause",
            *(7, 7, "classes", reber.SHORTEST - 1, 20, _reber, reber.SYMBOLS, reber.SYMBOLS),
        ),
        Task(
            "sine",
            "a sine wave of random period 8…24 and phase; its next value at each time (guessing: error 1/2)",
            *(1, 1, "values", 1, 40, _sine),
        ),
    )
}
"""Name → task."""
