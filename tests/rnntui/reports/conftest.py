"""Runs to be written down, and what is read back."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from bptt import Run
from rnntui.sources import Source
from rnntui.sources.request import Request

Recorded = tuple[Run, Source]
ODD = """
q[t] = tanh(A @ x[t] + B @ mem[t-1] + r2)  # what is new
mem[t] = q[t] * mem[t-2] + (1 - q[t])
"""
LINE = "m[t] = W @ m[t-1] + U @ x[t]\n"
BROKEN = "r2[t] = log(x[t])\nq[t] = r2[t] - r2[t]\nmem[t] = A @ x[t] + sum(q[t])\n"
"""−∞ where x is 0, and then NaN everywhere."""


class Pipe(io.BytesIO):
    """What is written, without a place in it to go back to."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: object) -> int:
        raise io.UnsupportedOperation("seek")


@pytest.fixture
def odd(tmp_path: Path) -> Recorded:
    """A cell written by hand with lags up to 2, in a batch of 2."""
    (tmp_path / "odd.txt").write_text(ODD)
    return Request(cell=str(tmp_path / "odd.txt"), text="hello world!", batch=2, hidden=3).run()


@pytest.fixture
def by_hand(tmp_path: Path) -> Recorded:
    """One unit, two times, numbers that can be worked out on paper: x = 1, 2; y = 2, 3; W = ½, U = 1, V = 2, c = 0.

    Forward: m = 1, 2½; z = 2, 5; L = ½·0², ½·2² = 0, 2. Backward: ∇z = 0, 2; ∇m[2] = 2·2 = 4,
    ∇m[1] = ½·4 + 2·0 = 2, ∇m[0] = ½·2 = 1; ∇W = 4·1 + 2·0 = 4; ∇U = 4·2 + 2·1 = 10; ∇V = 2·2½ = 5; ∇c = 2;
    ∇x = 2, 4."""
    (tmp_path / "line.txt").write_text(LINE)
    (tmp_path / "a.csv").write_text("n\n1\n2\n3\n")
    return Request(cell=str(tmp_path / "line.txt"), hidden=1, csv=str(tmp_path / "a.csv"), init="W=0.5,U=1,V=2").run()


@pytest.fixture
def broken(tmp_path: Path) -> Recorded:
    """A run whose numbers are not finite."""
    (tmp_path / "broken.txt").write_text(BROKEN)
    return Request(cell=str(tmp_path / "broken.txt"), text="hello").run()
