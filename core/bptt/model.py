"""A model: a cell, the sizes of its dims, and an array for each of its parameters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from copy import copy

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from bptt import cells
from bptt.arrays import float_type, floats, numbers, whole
from bptt.cell import Cell
from bptt.errors import InputError, near, quoted
from bptt.execution.execution import Execution
from bptt.execution.recording import Recording
from bptt.execution.workspace import Loaded
from bptt.initialisation import Specification, describe, initialise

Array = NDArray[np.floating]
LARGEST = 4096
"""The largest size of inputs, hidden or outputs."""
DIMS = ("inputs", "hidden", "outputs")
LOSSES = ("sum", "mean")


class Model:
    """A cell with numbers. Nothing in it changes after it is made."""

    cell: Cell
    inputs: int
    hidden: int
    outputs: int
    dtype: np.dtype[np.floating]
    loss: str
    """"sum": Σ_t L[t] over time and batch; "mean": that, divided by the number of targets."""
    seed: int | None
    """What the parameters were drawn with; None where they were given."""
    init: str
    """How the parameters were drawn, as text; empty where they were given."""
    allow_nonfinite: bool
    """Whether parameters and inputs may be NaN or infinite."""
    execution: Execution
    """Its fast path, shared with the models made from it."""

    def __init__(
        self,
        cell: Cell | str,
        parameters: Mapping[str, ArrayLike],
        *,
        inputs: int | None = None,
        hidden: int | None = None,
        outputs: int | None = None,
        loss: str = "sum",
        seed: int | None = None,
        init: str = "",
        dtype: DTypeLike | None = None,
        allow_nonfinite: bool = False,
        layers: int = 1,
        output: str | None = None,
    ) -> None:
        """`cell`: a Cell or the name of a built-in one, in `layers` layers that read `output` of the one below (see
        `Cell.stacked`); `parameters`: exactly the names of its text, copied.

        Sizes come from the arrays; `inputs`, `hidden`, `outputs` are needed only where no parameter has that
        dim. `dtype` is float32 where all arrays of floats are, else float64, unless given. Raises InputError
        naming the parameter that is missing, extra, misshapen or not finite."""
        self.cell = _cell(cell, layers, output)
        if loss not in LOSSES:
            raise InputError(f"got {quoted(loss)}, expected {' or '.join(LOSSES)}", "loss")
        arrays = _read(self.cell, parameters)
        self.loss = loss
        self.seed = seed
        self.init = init
        self.allow_nonfinite = allow_nonfinite
        self.dtype = _common_type(arrays) if dtype is None else float_type(dtype)
        given = {"inputs": inputs, "hidden": hidden, "outputs": outputs}
        self.inputs, self.hidden, self.outputs = _sizes(self.cell, arrays, given)
        self._parameters = {
            name: floats(array, name, self.dtype, finite=not allow_nonfinite) for name, array in arrays.items()
        }
        sizes = {dim: self.size(dim) for dim in DIMS}
        self.execution = Execution(self.cell, sizes, self.dtype, loss == "mean")

    @classmethod
    def create(
        cls,
        cell: Cell | str,
        inputs: int,
        hidden: int,
        outputs: int,
        seed: int = 0,
        dtype: DTypeLike = "float64",
        init: Specification = "glorot",
        loss: str = "sum",
        layers: int = 1,
        output: str | None = None,
    ) -> Model:
        """A model of these sizes, its parameters drawn as `init` says (see `bptt.initialisation`), its states in so
        many `layers` that read `output` of the one below (see `Cell.stacked`).

        Raises InputError for an unknown cell, scheme or parameter, for sizes outside 1…4096, and for a cell that
        cannot be stacked."""
        cell = _cell(cell, layers, output)
        sizes = dict(zip(DIMS, (inputs, hidden, outputs), strict=True))
        for dim, size in sizes.items():
            sizes[dim] = whole(size, dim, 1, LARGEST)
        seed = whole(seed, "seed", 0, 2**63 - 1)
        shapes = {name: tuple(sizes[dim] for dim in dims) for name, dims in cell.parameters.items()}
        drawn = initialise(shapes, init, seed, cell.gains, {name: own for name, (own, _) in cell.origins.items()})
        return cls(
            cell,
            drawn,
            inputs=sizes["inputs"],
            hidden=sizes["hidden"],
            outputs=sizes["outputs"],
            loss=loss,
            seed=seed,
            init=describe(init),
            dtype=float_type(dtype),
        )

    @property
    def parameters(self) -> dict[str, Array]:
        """Name → array, in the order of the text: a new dict of read-only arrays."""
        return dict(self._parameters)

    @property
    def layers(self) -> int:
        """How many layers the cell is stacked in."""
        return self.cell.layers

    def size(self, dim: str) -> int:
        """Units of inputs, hidden or outputs; 1 for scalar. KeyError for anything else."""
        return {"inputs": self.inputs, "hidden": self.hidden, "outputs": self.outputs, "scalar": 1}[dim]

    def weight(self, targets: int) -> float:
        """∇L[t] where there are so many targets: 1, or one over their number for a mean loss."""
        return 1.0 if self.loss == "sum" else 1.0 / targets if targets else 0.0

    def replaced(
        self, parameters: Mapping[str, ArrayLike], *, cell: Cell | None = None, loss: str | None = None
    ) -> Model:
        """The same model with these parameters in place of its own, those not named stay; with another cell that has
        the same ones; with another loss."""
        made = Model(
            cell or self.cell,
            {**self._parameters, **parameters},
            inputs=self.inputs,
            hidden=self.hidden,
            outputs=self.outputs,
            loss=loss or self.loss,
            seed=self.seed,
            init=self.init,
            dtype=self.dtype,
            allow_nonfinite=self.allow_nonfinite,
        )
        if made.cell is self.cell and made.loss == self.loss:
            made.execution = self.execution
        return made

    def record(self, batch: Loaded) -> Recording:
        """Full BPTT over a batch (see `execution.batch.read`) by the fast path. Warns of overflow and the like."""
        return self.execution.run(self._parameters, batch)

    def around(self, arrays: dict[str, Array], finite: bool = True) -> Model:
        """The same model around other arrays, neither copied nor checked, with all that is known of its cell and
        sizes: for a training, whose arrays are locked, complete, and of this model's shapes and dtype."""
        made = copy(self)
        made._parameters = arrays
        made.allow_nonfinite = self.allow_nonfinite or not finite
        return made

    def __eq__(self, other: object) -> bool:
        """Equal equations, loss, sizes, dtype and parameters (NaN equals NaN), however they were drawn."""
        if not isinstance(other, Model):
            return NotImplemented
        return self._identity() == other._identity() and all(
            np.array_equal(array, other._parameters[name], equal_nan=True) for name, array in self._parameters.items()
        )

    def __hash__(self) -> int:
        return hash(self._identity())

    def __repr__(self) -> str:
        sizes = f"inputs={self.inputs} hidden={self.hidden} outputs={self.outputs}"
        sizes += f" layers={self.layers}" if self.layers > 1 else ""
        return f"<Model {self.cell.name}: {sizes} {self.dtype.name}>"

    def _identity(self) -> tuple[object, ...]:
        used = used_dims(self.cell)
        sizes = tuple(self.size(dim) if dim in used else 0 for dim in DIMS)
        return self.cell, self.loss, self.dtype, sizes


def used_dims(cell: Cell) -> frozenset[str]:
    """The dims that a variable or parameter of the cell has, scalar not counted."""
    used = {dim for dims in cell.parameters.values() for dim in dims} | set(cell.dims.values())
    return frozenset(used & set(DIMS))


def _cell(cell: Cell | str, layers: int, output: str | None) -> Cell:
    """The cell in so many layers; one that is stacked already stays as it is where `layers` is 1."""
    if isinstance(cell, str):
        cell = cells.find(cell)
    if not isinstance(cell, Cell):
        raise InputError(f"got {type(cell).__name__}, expected a Cell or the name of a built-in one", "cell")
    return cell if layers == 1 and not isinstance(layers, bool) else cell.stacked(layers, output)


def _read(cell: Cell, parameters: object) -> dict[str, NDArray[np.floating]]:
    """The arrays in the order of the text, names and ranks checked, values not yet."""
    known = cell.parameters
    if not isinstance(parameters, Mapping):
        raise InputError(f"got {type(parameters).__name__}, expected a dict name → array", "parameters")
    for name in parameters:
        if name not in known:
            raise InputError(f"{cell.name} has no parameter {quoted(name)}; {near(name, known)}", "parameters")
    missing = [name for name in known if name not in parameters]
    if missing:
        shapes = ", ".join(f"{name} of shape {_symbols(known[name])}" for name in missing)
        raise InputError(f"missing {shapes}", "parameters")
    arrays = {name: numbers(parameters[name], name) for name in known}
    for name, array in arrays.items():
        if array.ndim != len(known[name]):
            sizes = _votes(cell, arrays)
            expected = tuple(sizes.get(dim, 0) for dim in known[name])
            shown = f"{expected} = {_symbols(known[name])}" if all(expected) else _symbols(known[name])
            raise InputError(f"got shape {array.shape}, expected {shown}", name)
    return arrays


def _common_type(arrays: Mapping[str, NDArray[np.floating]]) -> np.dtype[np.floating]:
    """float32 where every array of floats is; whole numbers and float16 go with either."""
    found = {array.dtype.name for array in arrays.values()} & {"float32", "float64"}
    return np.dtype(np.float32 if found == {"float32"} else np.float64)


def _sizes(
    cell: Cell, arrays: Mapping[str, NDArray[np.floating]], given: Mapping[str, int | None]
) -> tuple[int, int, int]:
    """(inputs, hidden, outputs): as given, else what most parameters say. Raises InputError for the parameter
    that does not agree, and for a dim that nothing fixes."""
    sizes = _votes(cell, arrays)
    sizes |= {dim: whole(size, dim, 1, LARGEST) for dim, size in given.items() if size is not None}
    for name, dims in cell.parameters.items():
        expected = tuple(sizes[dim] for dim in dims)
        if arrays[name].shape != expected:
            raise InputError(f"got shape {arrays[name].shape}, expected {expected} = {_symbols(dims)}", name)
    used = used_dims(cell)
    for dim in DIMS:
        if dim not in sizes:
            if dim in used:
                raise InputError(f"no parameter of {cell.name} has this size: give {dim}=", dim)
            sizes[dim] = 1
    for dim, size in sizes.items():
        whole(size, dim, 1, LARGEST)
    if cell.dims.get(cell.prediction) == "scalar" and sizes["outputs"] != 1:
        raise InputError(f"got {sizes['outputs']}, expected 1: {cell.prediction} is a single number", "outputs")
    return sizes["inputs"], sizes["hidden"], sizes["outputs"]


def _votes(cell: Cell, arrays: Mapping[str, NDArray[np.floating]]) -> dict[str, int]:
    """Dim → the size that most axes of that dim have; the earlier matrix decides between equals, so that a
    parameter at odds with the rest is the one that is blamed."""
    votes: dict[str, Counter[int]] = {}
    for name, dims in sorted(cell.parameters.items(), key=lambda item: -len(item[1])):
        if arrays[name].ndim == len(dims):
            for dim, size in zip(dims, arrays[name].shape, strict=True):
                votes.setdefault(dim, Counter())[size] += 1
    return {dim: counted.most_common(1)[0][0] for dim, counted in votes.items()}


def _symbols(dims: tuple[str, ...]) -> str:
    return f"({', '.join(dims)}{',' if len(dims) == 1 else ''})"
