"""Curves as letters: in braille, two by four dots a cell, or as columns of blocks where dots cannot be told apart."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnntui.widgets.bars import BLOCKS, EIGHTHS

Array = NDArray[np.floating]
_DOTS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]])
"""(row, column) of a cell → its bit."""
_BRAILLE = 0x2800


def braille(parts: Array, total: int, width: int, height: int) -> list[str]:
    """`height` rows of `width` letters, blank where nothing is drawn. `parts`: of iterations 1…N of `total`, how far up
    each lies, 0…1; NaN leaves a gap. Where several fall on one column of dots, it reaches from the lowest to the
    highest of them."""
    low, high = _spans(parts, total, 2 * width)
    rows = 4 * height
    there = ~np.isnan(low)
    bottom = np.where(there, np.rint((1 - np.nan_to_num(low)) * (rows - 1)), -1).astype(int)
    top = np.where(there, np.rint((1 - np.nan_to_num(high)) * (rows - 1)), 0).astype(int)
    for place in np.flatnonzero(there[1:] & there[:-1]) + 1:  # neighbours are joined
        if bottom[place] < top[place - 1] - 1:
            bottom[place] = top[place - 1] - 1
        elif top[place] > bottom[place - 1] + 1:
            top[place] = bottom[place - 1] + 1
    lines = np.arange(rows)[:, None]
    dots = (lines >= top) & (lines <= bottom)
    cells = dots.reshape(height, 4, width, 2).transpose(0, 2, 1, 3)
    codes = (cells * _DOTS).sum(axis=(2, 3))
    return ["".join(chr(_BRAILLE + code) if code else " " for code in row) for row in codes.tolist()]


def blocks(parts: Array, total: int, width: int, height: int) -> list[str]:
    """The same as columns from the foot up, in eighths of a row."""
    _, high = _spans(parts, total, width)
    eighths = np.where(np.isnan(high), 0, 1 + np.rint(np.nan_to_num(high) * (EIGHTHS * height - 1))).astype(int)
    return [
        "".join(BLOCKS[min(EIGHTHS, max(0, eighth - EIGHTHS * (height - 1 - row)))] for eighth in eighths.tolist())
        for row in range(height)
    ]


def _spans(parts: Array, total: int, columns: int) -> tuple[Array, Array]:
    """(lowest, highest) of each of so many columns; NaN where there is nothing."""
    low, high = np.full(columns, np.nan), np.full(columns, np.nan)
    count = len(parts)
    if not count:
        return low, high
    places = np.arange(count) * (columns - 1) / max(1, total - 1)
    if total <= columns:
        last = int(np.rint(places[-1]))
        between = np.interp(np.arange(last + 1), places, parts)
        low[: last + 1] = high[: last + 1] = between
        return low, high
    where = np.rint(places).astype(int)
    starts = np.flatnonzero(np.diff(where, prepend=-1))
    low[where[starts]] = np.fmin.reduceat(parts, starts)
    high[where[starts]] = np.fmax.reduceat(parts, starts)
    return low, high
