"""A model as a file, .npz or .safetensors, that `bptt.load` reads; the same model always gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

import numpy as np

from bptt.files import FORMATS, meta, parameters
from bptt.model import Model
from bptt.npy import write_archive


def write_npz(model: Model, file: BinaryIO) -> None:
    """As `bptt.save` writes it."""
    text = json.dumps(meta(model, FORMATS[0]), ensure_ascii=False)
    write_archive(file, {"__meta__": np.array(text), **parameters(model)})


def write_safetensors(model: Model, file: BinaryIO) -> None:
    """Name, cell, layers, output, seed and loss as metadata. The library writes these in an order of its own each
    time, so the bytes are put down here: the header's length in 8 bytes, the header, then the arrays."""
    about = meta(model, FORMATS[0])
    known = {key: str(about[key]) for key in ("name", "cell", "layers", "output", "seed", "loss") if about.get(key)}
    header: dict[str, Any] = {"__metadata__": known}
    blocks: list[bytes] = []
    end = 0
    for name, array in model.parameters.items():
        little = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
        blocks.append(little.tobytes())
        begin, end = end, end + little.nbytes
        header[name] = {"dtype": f"F{8 * array.itemsize}", "shape": list(array.shape), "data_offsets": [begin, end]}
    text = json.dumps(header, ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    for part in (len(text).to_bytes(8, "little"), text, *blocks):
        file.write(part)


WRITERS: Mapping[str, Callable[[Model, BinaryIO], None]] = {"npz": write_npz, "safetensors": write_safetensors}
"""Suffix → what writes it."""
