"""Models as files: .npz, read and written, and .safetensors, read; never a pickle.

An .npz holds the parameters as `param.NAME` and, in `__meta__`, a JSON text with format ("bptt-model", or
"rnntui-trace" for a trace, which holds its model too), version, name, cell (the text with its readout), dims
(inputs, hidden, outputs), seed, init, loss and dtype; of a stacked cell the text of one layer, and layers and
output. A .safetensors may hold name, cell, layers, output, seed and loss as metadata. A file without these must
name its parameters as a built-in cell does.
"""

from __future__ import annotations

import json
import os
import shlex
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptt.cell import Cell
from bptt.cells import CELLS, find
from bptt.errors import InputError, quoted
from bptt.language import EquationError
from bptt.model import DIMS, Model
from bptt.npy import Archive, faults, open_archive, write_archive
from bptt.safetensors_header import json_object, read_header

MAX_BYTES = 256 * 2**20
"""Of the file, and of all its parameters together."""
MAX_TENSORS = 256
MAX_RANK = 4
MAX_META = 2**20
"""Bytes of the meta text."""
FORMATS = ("bptt-model", "rnntui-trace")
VERSION = 1
_META = "__meta__"
_PARAMETER = "param."
_PICKLES = (".pt", ".pth", ".pkl", ".pickle", ".bin", ".ckpt")


@dataclass(frozen=True)
class _Stored:
    """What a file holds."""

    parameters: dict[str, NDArray[Any]]
    meta: dict[str, object] = field(default_factory=dict)


def load(path: str | os.PathLike[str], cell: Cell | str | None = None, allow_nonfinite: bool = False) -> Model:
    """The model in an .npz or .safetensors file.

    `cell`: what the parameters belong to, where the file does not say; without it the names decide, and where
    they fit several built-in cells (rnn, rnn-relu) the first of `CELLS` is taken, with softmax. Raises
    InputError, one line that names the file, for whatever cannot be read as a model."""
    path = Path(path)
    _check_file(path)
    stored = _READERS[path.suffix.lower()](path)
    try:
        return _model(stored, cell, allow_nonfinite)
    except EquationError as error:
        raise InputError(f"cell, line {error.line}, column {error.column}: {error.reason}", str(path)) from None
    except InputError as error:
        raise InputError(str(error), str(path)) from None


def save(model: Model, path: str | os.PathLike[str]) -> None:
    """Write a model as .npz: the whole file or, where that fails, nothing. No clock goes into it.

    Raises InputError for another suffix and where the file cannot be written."""
    path = Path(path)
    if path.suffix.lower() != ".npz":
        raise InputError(f"a model is written as .npz, not {quoted(path.suffix)}", str(path))
    write(path, {_META: np.array(json.dumps(meta(model, FORMATS[0]), ensure_ascii=False)), **parameters(model)})


def meta(model: Model, format: str) -> dict[str, object]:
    """What a file of ours says about its model, for `__meta__`; a trace adds its own keys."""
    return {
        "format": format,
        "version": VERSION,
        "name": model.cell.name,
        "cell": model.cell.single.source,
        **({"layers": model.layers, "output": model.cell.output} if model.layers > 1 else {}),
        "dims": {dim: model.size(dim) for dim in DIMS},
        "seed": model.seed,
        "init": model.init,
        "loss": model.loss,
        "dtype": model.dtype.name,
    }


def parameters(model: Model) -> dict[str, NDArray[Any]]:
    """The parameters under their names in a file."""
    return {_PARAMETER + name: array for name, array in model.parameters.items()}


def write(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write an .npz beside its place and move it there. Raises InputError where that fails."""
    temporary = ""
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            temporary = file.name
            write_archive(file.file, arrays)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
        temporary = ""
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror or error}", str(path)) from None
    finally:
        if temporary:
            with suppress(OSError):
                Path(temporary).unlink()


def _check_file(path: Path) -> None:
    """Raise InputError unless it is a regular file of a kind and size that can be read."""
    suffix = path.suffix.lower()
    if suffix in _PICKLES:
        target = str(path.with_suffix(".safetensors"))
        code = (
            "import torch; from safetensors.torch import save_file; "
            f"save_file(torch.load({str(path)!r}, weights_only=True), {target!r})"
        )
        raise InputError(f"holds a pickle, which can run code; convert it: python -c {shlex.quote(code)}", str(path))
    if suffix not in _READERS:
        raise InputError(f"a model is read from {' or '.join(_READERS)}, not {quoted(suffix)}", str(path))
    with faults(path):
        status = path.stat()
        if not path.is_file():
            raise InputError("is not a regular file", str(path))
        if status.st_size > MAX_BYTES:
            raise InputError(f"has {status.st_size} bytes, at most {MAX_BYTES} are read", str(path))


def _check_parameters(path: Path, shapes: Mapping[str, tuple[tuple[int, ...], int]]) -> None:
    """Raise InputError for name → (shape, bytes) beyond the limits."""
    if len(shapes) > MAX_TENSORS:
        raise InputError(f"holds {len(shapes)} parameters, at most {MAX_TENSORS} are read", str(path))
    for name, (shape, _) in shapes.items():
        if len(shape) > MAX_RANK:
            raise InputError(f"{quoted(name)} has {len(shape)} axes, at most {MAX_RANK} are read", str(path))
    total = sum(size for _, size in shapes.values())
    if total > MAX_BYTES:
        raise InputError(f"its parameters take {total} bytes, at most {MAX_BYTES} are read", str(path))


def _read_npz(path: Path) -> _Stored:
    with open_archive(path) as archive:
        ours = any(name == _META or name.startswith(_PARAMETER) for name in archive.names)
        members = {
            name.removeprefix(_PARAMETER): name
            for name in archive.names
            if name != _META and (name.startswith(_PARAMETER) or not ours)
        }
        if len(members) <= MAX_TENSORS:
            headers = {name: archive.header(member) for name, member in members.items()}
            _check_parameters(path, {name: (h.shape, h.size) for name, h in headers.items()})
        else:
            _check_parameters(path, dict.fromkeys(members, ((), 0)))
        arrays = {name: archive.array(member) for name, member in members.items()}
        return _Stored(arrays, _read_meta(path, archive))


def _read_meta(path: Path, archive: Archive) -> dict[str, object]:
    if _META not in archive.names:
        return {}
    if archive.header(_META).size > MAX_META:
        raise InputError(f"its meta text is over {MAX_META} bytes", str(path))
    found = json_object(path, archive.text(_META), "meta text")
    version = found.get("version")
    if found.get("format") not in FORMATS:
        raise InputError(f"is of format {quoted(found.get('format'))}, expected {' or '.join(FORMATS)}", str(path))
    if isinstance(version, int) and version > VERSION:
        raise InputError(f"was written by a newer version (format {version}, this reads {VERSION})", str(path))
    if isinstance(version, bool) or version != VERSION:
        raise InputError(f"has version {quoted(version)}, expected {VERSION}", str(path))
    return found


def _read_safetensors(path: Path) -> _Stored:
    shapes, metadata = read_header(path)
    _check_parameters(path, shapes)
    try:
        from safetensors import SafetensorError, safe_open
    except ImportError:
        raise InputError("needs safetensors: pip install safetensors", str(path)) from None
    try:
        with faults(path), safe_open(str(path), framework="numpy") as file:
            return _Stored({name: file.get_tensor(name) for name in shapes}, metadata)
    except SafetensorError as error:
        raise InputError(f"is damaged: {error}", str(path)) from None


_READERS: dict[str, Callable[[Path], _Stored]] = {".npz": _read_npz, ".safetensors": _read_safetensors}


def _model(stored: _Stored, cell: Cell | str | None, allow_nonfinite: bool) -> Model:
    found = stored.meta
    dims = found.get("dims")
    sizes = dims if isinstance(dims, dict) else {}
    seed, loss, init = _number(found.get("seed")), found.get("loss", "sum"), found.get("init", "")
    layers, output = _number(found.get("layers", 1)), found.get("output")
    cell = find(cell) if isinstance(cell, str) else _cell(stored) if cell is None else cell
    if layers != 1:
        cell = cell.stacked(layers, output if isinstance(output, str) else None)  # type: ignore[arg-type]  # checked there
    return Model(
        cell,
        stored.parameters,
        inputs=sizes.get("inputs"),
        hidden=sizes.get("hidden"),
        outputs=sizes.get("outputs"),
        loss=loss if isinstance(loss, str) else quoted(loss),
        seed=seed if isinstance(seed, int) and 0 <= seed < 2**63 else None,
        init=init if isinstance(init, str) else "",
        allow_nonfinite=allow_nonfinite,
    )


def _number(value: object) -> object:
    """A whole number, also where it is written as text."""
    return int(value) if isinstance(value, str) and value.isdecimal() and len(value) < 20 else value


def _cell(stored: _Stored) -> Cell:
    """The cell that the file's meta gives, or the first built-in one that has its parameters' names."""
    source, name = stored.meta.get("cell"), stored.meta.get("name")
    name = name if isinstance(name, str) else "mine"
    if isinstance(source, str):
        parsed = Cell.parse(source, name)
        return CELLS[name] if name in CELLS and CELLS[name] == parsed else parsed
    if name in CELLS:
        return find(name)
    if not stored.parameters:
        raise InputError("holds no parameters")
    for built_in in CELLS.values():
        if set(built_in.parameters) == set(stored.parameters):
            return built_in
    names = ", ".join(quoted(name) for name in list(stored.parameters)[:8])
    raise InputError(f"no built-in cell has parameters called {names}: say which cell they belong to")
