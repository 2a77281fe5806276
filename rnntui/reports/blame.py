"""The blame matrix as a table to read, as CSV and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import BinaryIO

import numpy as np

from bptt.numerals import number
from bptt.run import Run
from rnntui.explain.blame import Blame, Window, cut_cells, cut_sentence, lost
from rnntui.reports.step_text import token_text
from rnntui.safe import clean
from rnntui.sources.source import Source

MOST = 16
"""Times that a table shows: of more every so many."""
WIDTH = 9


def table(blame: Blame, window: Window, run: Run, source: Source | None, sequence: int = 0) -> Iterator[str]:
    """Rows of losses, columns of times; × before what the window cuts; sums; a sentence."""
    T, reach = blame.T, window.reach(run)
    cut = cut_cells(reach)
    shown = np.unique(np.linspace(1, T, min(T, MOST)).round().astype(int)).tolist()
    name = clean(blame.name)
    what = f"‖∂L(t)/∂{name}(k)‖: row t is a loss, column k a time"
    yield what + (f"; {len(shown)} of {T} times" if len(shown) < T else "")
    head = [token_text(run, source, "x", k, sequence) for k in shown]
    yield " " * 12 + "".join(f"{k:>{WIDTH}}" for k in shown).rstrip()
    if all(head):
        yield (" " * 12 + "".join(f"{word:>{WIDTH}}" for word in head)).rstrip()
    for t in shown:
        cells = (_cell(blame.norms[t - 1, k - 1], bool(cut[t - 1, k - 1])) for k in shown if k <= t)
        yield f"{t:>5} {token_text(run, source, 'y', t, sequence):>6}" + "".join(cells)
    kept = np.where(cut, 0, blame.norms).sum(axis=0)
    for label, values in (("Σ", kept), (f"‖∇{name}‖", blame.totals(reach))):
        yield f"{label:>12}" + "".join(_cell(values[k - 1], False) for k in shown)
    yield ""
    yield cut_sentence(blame, window, reach)


def write_csv(blame: Blame, window: Window, run: Run, file: BinaryIO) -> None:
    """One row a pair k ≤ t: `t`, `k`, `norm` in the fewest digits that read back as the same number, `cut` 0 or 1."""
    cut = cut_cells(window.reach(run))
    file.write(b"t,k,norm,cut\n")
    for t in range(1, blame.T + 1):
        row, struck = blame.norms[t - 1].tolist(), cut[t - 1].tolist()
        lines = [f"{t},{k},{row[k - 1]!r},{int(struck[k - 1])}\n" for k in range(1, t + 1)]
        file.write("".join(lines).encode())


def write_json(blame: Blame, window: Window, run: Run, file: BinaryIO) -> None:
    """One object: `state`, `T`, `window`, `stride`, `norms` (row t, k = 1…t), `totals`, `reach`, and what is cut; what
    is not finite is null."""
    reach = window.reach(run)
    loss = lost(blame, reach)
    about = {
        "state": blame.name,
        "T": blame.T,
        "window": window.window,
        "stride": window.stride,
        "norms": [_numbers(row[: t + 1]) for t, row in enumerate(blame.norms.tolist())],
        "totals": _numbers(blame.totals(reach).tolist()),
        "reach": reach.tolist(),
        "cut_cells": loss.cells,
        "cut_share": _numbers([loss.share])[0],
    }
    file.write(json.dumps(about, allow_nan=False).encode() + b"\n")


WRITERS: dict[str, Callable[[Blame, Window, Run, BinaryIO], None]] = {"csv": write_csv, "json": write_json}
"""Suffix without its dot → format."""


def _cell(value: float, cut: bool) -> str:
    return f"{'×' if cut else ''}{number(value, 3)}".rjust(WIDTH)


def _numbers(values: list[float]) -> list[float | None]:
    return [value if np.isfinite(value) else None for value in values]
