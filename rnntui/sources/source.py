"""What a run reads, whatever it was made from: inputs, targets, and the names to show for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from numpy.typing import NDArray

from bptt.tasks import Stream

Kind = Literal["classes", "values"]
"""What targets are: classes go with cross_entropy, values with squared_error."""
MAX_UNITS = 4_096
"""The largest D and K."""
MAX_TIMES = 1_000_000
"""The largest T."""


@dataclass(frozen=True, eq=False)
class Source:
    """Inputs and targets for one sequence or a batch. Arrays are locked and nobody else holds them."""

    x: NDArray[Any]
    """(T,) or (T, B) integers 0…D−1 meaning one-hot rows; or (T, D) or (T, B, D) floats."""
    y: NDArray[Any]
    """Classes: (T,) or (T, B) integers 0…K−1, −1 for no target. Values: (T, K) or (T, B, K) floats, a row of
    NaN for no target. With a batch axis where x has one."""
    tokens: tuple[str, ...] | None
    """The character or symbol read at t = 1…T in the first sequence, as it is: escape or clean it to show it."""
    vocabulary: tuple[str, ...] | None
    """What each one-hot input and each class stands for, as it is; K ≤ D = its length."""
    inputs: int
    """D."""
    outputs: int
    """K."""
    kind: Kind
    """What y holds."""
    title: str
    """A few words for a heading, clean: `'hello'`, `README.md 0…200`."""
    description: Mapping[str, str | int]
    """Where it came from, for the metadata of what is written; the same input gives the same description."""
    stream: Stream | None = None
    """Where more of it comes from, this being its batch 0; None where there is no more."""

    @property
    def T(self) -> int:  # noqa: N802  # the field's name
        """How many times there are."""
        return int(self.x.shape[0])

    @property
    def B(self) -> int:  # noqa: N802  # the field's name
        """How many sequences there are; 1 without a batch axis."""
        return int(self.y.shape[1]) if self.y.ndim == (2 if self.kind == "classes" else 3) else 1

    def tokens_of(self, sequence: int) -> tuple[str, ...] | None:
        """The character read at t = 1…T in one sequence of the batch, counted from 0."""
        if self.vocabulary is None or self.x.ndim == 1:
            return self.tokens
        return tuple(self.vocabulary[code] for code in self.x[:, sequence])
