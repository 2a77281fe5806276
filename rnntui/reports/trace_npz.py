"""A run as an .npz archive: every array under its name, and `__meta__`; `bptt.load` opens it as a model."""

from __future__ import annotations

import io
from typing import BinaryIO

import numpy as np

from bptt.npy import write_archive
from bptt.run import Run
from rnntui.reports.record import arrays_of, header_of
from rnntui.sources.source import Source


def write_npz(run: Run, source: Source, file: BinaryIO) -> None:
    """Uncompressed, names sorted, no clock in it: the same run always gives the same bytes."""
    arrays = {"__meta__": np.array(header_of(run, source)), **arrays_of(run)}
    if file.seekable():
        write_archive(file, dict(sorted(arrays.items())))
        return
    # into a pipe zipfile writes each size behind its member, which not every reader takes
    whole = io.BytesIO()
    write_archive(whole, dict(sorted(arrays.items())))
    file.write(whole.getbuffer())
