"""Which iteration stands in which column of a picture: the first in the first, the last that is wanted in the last."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class IterationColumns:
    """`total` iterations in `width` columns."""

    total: int
    width: int

    def of(self, iteration: int) -> int:
        """The column of an iteration, counted from 1."""
        return round((iteration - 1) * (self.width - 1) / max(1, self.total - 1))

    def at(self, column: int) -> int:
        """The iteration in a column, held within those there are."""
        column = min(max(0, column), self.width - 1)
        return 1 + round(column * (self.total - 1) / max(1, self.width - 1))

    @property
    def all(self) -> NDArray[np.int64]:
        """(width,): the iteration in each column."""
        places = np.arange(self.width) * (self.total - 1) / max(1, self.width - 1)
        return 1 + np.rint(places).astype(np.int64)

    def ticks(self) -> tuple[int, ...]:
        """Round iterations, about one every 14 columns, the first and the last among them."""
        wanted = max(1, self.width // 14)
        rough = max(1.0, self.total / wanted)
        power = 10 ** (len(str(int(rough))) - 1)
        step = next(size * power for size in (1, 2, 5, 10) if size * power >= rough)
        between = [n for n in range(step, self.total, step) if self.total - n > step / 2 and n > 1]
        return (1, *between, self.total) if self.total > 1 else (1,)
