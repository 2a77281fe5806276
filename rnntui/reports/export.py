"""The formats in which a run is written down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from bptt.run import Run
from rnntui.reports import trace_csv, trace_jsonl
from rnntui.reports.trace_npz import write_npz
from rnntui.safe import InputError
from rnntui.sources.source import Source

MAX_BYTES = 1_000_000_000
"""Of a file of text, as estimated."""


@dataclass(frozen=True)
class Exporter:
    """One format."""

    write: Callable[[Run, Source, BinaryIO], None]
    """Writes the whole run to a file open for bytes, computing what is not computed yet."""
    count: Callable[[Run], int] = lambda run: 0
    """How many numbers will be written as text."""
    each: int = 0
    """Bytes that a number takes, about."""

    def check(self, run: Run) -> None:
        """Raise InputError where the file would be huge; nothing is computed for that."""
        size = self.count(run) * self.each
        if size > MAX_BYTES:
            reason = f"the file would have about {size / 1e9:.1f} GB, over the limit of {MAX_BYTES / 1e9:.0f} GB"
            raise InputError("", "", f"{reason}: write .npz, or give a smaller --hidden or --length")


EXPORTERS = {
    "npz": Exporter(write_npz),
    "jsonl": Exporter(trace_jsonl.write_jsonl, trace_jsonl.count_numbers, each=22),
    "csv": Exporter(trace_csv.write_csv, trace_csv.count_numbers, each=40),
}
"""Suffix without its dot → format."""
