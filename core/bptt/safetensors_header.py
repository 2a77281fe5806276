"""The header of a .safetensors file, read without the library: limits hold before anything is allocated."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from bptt.errors import InputError, quoted
from bptt.npy import faults

MAX_HEADER = 2**20
"""Bytes."""
SIZES = {"F64": 8, "F32": 4}
"""Type → bytes of one number, for the types that are read."""


def read_header(path: Path) -> tuple[dict[str, tuple[tuple[int, ...], int]], dict[str, object]]:
    """(name → (shape, bytes), metadata). Raises InputError for what is no such header, or of other types."""
    with faults(path), path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > MAX_HEADER:
            raise InputError(f"has a header of {length} bytes, at most {MAX_HEADER} are read", str(path))
        header = json_object(path, file.read(length).decode("utf-8"), "header")
    metadata = header.pop("__metadata__", {})
    shapes: dict[str, tuple[tuple[int, ...], int]] = {}
    for name, entry in header.items():
        dtype, shape = (entry.get("dtype"), entry.get("shape")) if isinstance(entry, dict) else (None, None)
        if not isinstance(shape, list) or not all(type(size) is int and 0 <= size < 2**40 for size in shape):
            raise InputError(f"is damaged: {quoted(name)} has no shape", str(path))
        if not isinstance(dtype, str) or dtype not in SIZES:
            raise InputError(f"{quoted(name)} is stored as {quoted(dtype)}, expected F64 or F32", str(path))
        shapes[name] = (tuple(shape), math.prod(shape) * SIZES[dtype])
    return shapes, metadata if isinstance(metadata, dict) else {}


def json_object(path: Path, text: str, what: str) -> dict[str, Any]:
    """The JSON object in a text from a file; InputError naming the file and `what` where it is not one."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise InputError(f"its {what} is not JSON", str(path)) from None
    if not isinstance(found, dict):
        raise InputError(f"its {what} is not a JSON object", str(path))
    return found
