"""A training's checkpoint as an .npz: the model as `bptt.load` opens it, and what is needed to go on from there."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from bptt.errors import InputError as FileError
from bptt.files import FORMATS, MAX_BYTES, MAX_META, meta, parameters
from bptt.model import Model
from bptt.npy import open_archive, write_archive
from bptt.packing import Packing
from rnntui.safe import InputError

_PREFIX = "training."
_META = "__meta__"
_MOST_ARRAYS = 1_024


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """Where a training can go on."""

    settings: Mapping[str, object]
    """What it was made with, as JSON holds it."""
    state: Mapping[str, NDArray[Any]]
    """As `bptt.Training.restore` takes it."""
    options: str = ""
    """What was typed to make it, but for how many iterations and where it is kept."""

    @property
    def iteration(self) -> int:
        """How many iterations lie behind."""
        return int(self.state["iteration"])


def write_checkpoint(file: BinaryIO, model: Model, checkpoint: Checkpoint) -> None:
    """`model`: with the parameters of the checkpoint. No clock is in it: the same training gives the same bytes."""
    about = {**meta(model, FORMATS[0]), "training": checkpoint.settings, "iteration": checkpoint.iteration}
    about |= {"options": checkpoint.options} if checkpoint.options else {}
    kept = {name: array for name, array in checkpoint.state.items() if name not in ("iteration", "parameters")}
    arrays = {**parameters(model), **{_PREFIX + name: array for name, array in kept.items()}}
    write_archive(file, {_META: np.array(json.dumps(about)), **dict(sorted(arrays.items()))})


def read_checkpoint(path: str, model: Model) -> Checkpoint:
    """The checkpoint of a training of a model like this one. Raises InputError for whatever is none."""
    try:
        arrays = _arrays(Path(path))
    except FileError as error:
        raise InputError(path, "", error.reason) from None
    try:
        about = json.loads(str(arrays.pop(_META, "{}")))
        settings, iteration = dict(about["training"]), int(about["iteration"])
        options = str(about.get("options", ""))
    except (ValueError, TypeError, KeyError, RecursionError):
        raise InputError(
            path, "", "is not the checkpoint of a training: give another file, or leave --resume"
        ) from None
    own = {name: array.shape for name, array in model.parameters.items()}
    found = {name.removeprefix("param."): array for name, array in arrays.items() if name.startswith("param.")}
    if {name: array.shape for name, array in found.items()} != own:
        raise InputError(path, "", f"holds other parameters than this model has: {again(options, path)}")
    state: dict[str, NDArray[Any]] = {
        "iteration": np.array(iteration),
        "parameters": Packing(own, model.dtype).pack(found),
    }
    state |= {name.removeprefix(_PREFIX): array for name, array in arrays.items() if name.startswith(_PREFIX)}
    return Checkpoint(settings, state, options)


def again(options: str, path: str) -> str:
    """What to type to go on with a checkpoint, where it says so."""
    if not options:
        return "give the options it was made with"
    return f"type rnntui train {options} --checkpoint {shlex.quote(path)} --resume, and how many --iterations in all"


def _arrays(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise FileError("there is no such file to go on from: leave --resume to begin")
    if path.stat().st_size > MAX_BYTES:
        raise FileError(f"has over {MAX_BYTES:,} bytes: it is no checkpoint")
    found: dict[str, Any] = {}
    with open_archive(path) as archive:
        if len(archive.names) > _MOST_ARRAYS or sum(archive.header(name).size for name in archive.names) > MAX_BYTES:
            raise FileError("holds more than a checkpoint does")
        for name in archive.names:
            if name != _META:
                found[name] = archive.array(name)
            elif archive.header(name).size <= MAX_META:
                found[name] = archive.text(name)
    return found
