"""What is to be run, as the user asks for it, and the run made from that."""

from __future__ import annotations

from dataclasses import dataclass, fields

from bptt.cell import Cell
from bptt.errors import InputError as ModelError
from bptt.files import load
from bptt.functions import LOSSES
from bptt.model import LARGEST, Model
from bptt.run import Run
from rnntui.safe import InputError, open_regular
from rnntui.sources.arrays import from_npy
from rnntui.sources.cell_file import find_cell
from rnntui.sources.characters import from_text, from_text_file
from rnntui.sources.cost import cost_of
from rnntui.sources.source import Source
from rnntui.sources.table import from_csv
from rnntui.sources.task import from_task

SOURCES = ("text", "text_file", "csv", "npy", "task")
"""The fields of which one says where the numbers come from."""
_OF_A_MODEL = ("hidden", "layers", "seed", "init", "dtype")
_GOES_WITH = {
    "column": ("csv",),
    "scale": ("csv",),
    "targets": ("npy",),
    "vocab": ("text", "text_file"),
    "length": ("text", "text_file", "csv", "task"),
    "offset": ("text", "text_file", "csv"),
    "batch": ("text", "text_file", "csv", "task"),
}
"""Field → the sources for which it means something."""
_OPTIONS = {
    "hidden": "--hidden",
    "layers": "--layers",
    "seed": "--seed",
    "dtype": "--dtype",
    "init": "--init",
    "window": "--window",
    "stride": "--stride",
}
"""What the engine calls at fault → the option that gave it."""


@dataclass(frozen=True)
class Request:
    """A cell, its sizes and a source. Fields bear the names of the command line's options; None: not given."""

    cell: str = "rnn"
    """The name of a built-in cell, or a file with equations."""
    hidden: int = 4
    layers: int = 1
    """How often the cell is stacked."""
    seed: int = 0
    init: str = "glorot"
    """In the text form of `bptt.initialisation`."""
    dtype: str = "float64"
    load: str | None = None
    """A file with a model, in the place of all of these; a cell only where the file does not say which."""
    text: str | None = None
    text_file: str | None = None
    csv: str | None = None
    column: str | None = None
    scale: float | None = None
    """What the values of the column are multiplied by."""
    npy: str | None = None
    targets: str | None = None
    task: str | None = None
    length: int | None = None
    offset: int | None = None
    vocab: str | None = None
    batch: int | None = None
    window: int | None = None
    """Times that a loss is carried back; all where it is left out."""
    stride: int | None = None
    """Times from one backward pass to the next; `window` where it is left out."""

    @property
    def source_name(self) -> str:
        """The field that says where the numbers come from; text where none does.

        Raises InputError where two do, and for a field that means nothing with this source."""
        given = [name for name in SOURCES if getattr(self, name) is not None]
        if len(given) > 1:
            listed = " and ".join(map(option, given))
            raise InputError("", "", f"{listed} are {len(given)} sources: give one of them")
        found = given[0] if given else "text"
        for name, sources in _GOES_WITH.items():
            if getattr(self, name) is not None and found not in sources:
                listed = " or ".join(map(option, sources))
                raise InputError(option(name), "", f"goes with {listed}, not with {option(found)}")
        return found

    def source(self) -> Source:
        """Read inputs and targets; `hello` where no source is named. Raises InputError for what cannot be read."""
        offset, batch = self.offset or 0, 1 if self.batch is None else self.batch
        match self.source_name:
            case "text_file":
                return from_text_file(self.text_file or "", self.length, offset, self.vocab, batch)
            case "csv":
                return from_csv(self.csv or "", self.column, batch, self.length, offset, self.scale)
            case "npy":
                if self.targets is None:
                    raise InputError("--npy", "", "needs --targets: a .npy file with as many targets as inputs")
                return from_npy(self.npy or "", self.targets)
            case "task":
                return from_task(self.task or "", self.length, batch, self.seed)
        return from_text("hello" if self.text is None else self.text, self.vocab, batch, self.length, offset)

    def model(self, source: Source, whole: bool = False) -> Model:
        """A model whose sizes fit the source. Raises InputError for a cell, size or initialisation that cannot be
        used, for a loss that the source's targets do not go with, and for a run over the limits of `Cost`, with
        everything recorded where the `whole` is wanted; nothing is allocated before that is known."""
        if self.load is not None:
            return self._loaded(self.load, source, whole)
        cell = find_cell(self.cell, source.kind)
        self._check_loss(cell, source)
        try:
            cell = cell.stacked(self.layers)
        except ModelError as error:
            raise self._named(error) from None
        if 1 <= self.hidden <= LARGEST:  # else the engine says what is allowed
            self._check_cost(cell, source, self.hidden, 4 if self.dtype == "float32" else 8, whole)
        try:
            return Model.create(
                cell, source.inputs, self.hidden, source.outputs, self.seed, dtype=self.dtype, init=self.init
            )
        except ModelError as error:
            raise self._named(error) from None

    def _loaded(self, file: str, source: Source, whole: bool) -> Model:
        """The model of a file. Raises InputError where an option says what the file says, where it cannot be read, or
        where it does not fit the source."""
        for field in fields(self):
            if field.name in _OF_A_MODEL and getattr(self, field.name) != field.default:
                raise InputError(
                    option(field.name), "", f"is said by the model file: leave it out, or leave out {file}"
                )
        with open_regular(file):
            pass  # what is no file is told as it is of every other
        try:
            model = load(file)
        except ModelError as error:
            raise InputError(file, "", error.reason) from None
        self._check_loss(model.cell, source, file)
        for name, of_model, of_source in (
            ("inputs", model.inputs, source.inputs),
            ("outputs", model.outputs, source.outputs),
        ):
            if of_model != of_source:
                reason = f"the model has {of_model} {name}, {option(self.source_name)} gives {of_source}"
                hint = ": give the --vocab it was made with" if self.source_name in ("text", "text_file") else ""
                raise InputError(file, "", f"{reason}{hint}")
        self._check_cost(model.cell, source, model.hidden, model.dtype.itemsize, whole)
        return model

    def _check_cost(self, cell: Cell, source: Source, hidden: int, itemsize: int, whole: bool) -> None:
        sizes = source.inputs, hidden, source.outputs, source.T, source.B
        try:
            cost = cost_of(cell, *sizes, itemsize, self.window, self.stride, whole)
        except ModelError as error:
            raise self._named(error) from None
        if cost.excess:
            raise InputError("", "", f"{cost.excess}: give a smaller --hidden, --length or --batch")

    def run(self, whole: bool = False) -> tuple[Run, Source]:
        """The run asked for, nothing of it computed yet, and what it reads; `whole`: it records everything, however
        long it is. Raises InputError."""
        source = self.source()
        model = self.model(source, whole)
        policy = "full" if whole else None
        try:
            return Run(model, source.x, source.y, window=self.window, stride=self.stride, policy=policy), source
        except ModelError as error:
            raise self._named(error) from None

    def _check_loss(self, cell: Cell, source: Source, file: str = "") -> None:
        classes = any(LOSSES[name].classes for name in cell.loss_functions)
        if classes == (source.kind == "classes"):
            return
        loss, takes = cell.loss_functions[-1], "classes" if classes else "values"
        others = [name for name, known in LOSSES.items() if known.classes == (source.kind == "classes")]
        reason = f"its loss {loss} takes {takes}, {option(self.source_name)} gives {source.kind}"
        raise InputError(file or self.cell, "", f"{reason}: use {' or '.join(others)}, or another source")

    def _named(self, error: ModelError) -> InputError:
        """The engine's error under the option that is at fault, or else under the cell's name."""
        argument, _, rest = error.argument.partition(" ")
        return InputError(_OPTIONS.get(argument, self.cell), rest, error.reason)


def option(field: str) -> str:
    """`text_file` → `--text-file`."""
    return "--" + field.replace("_", "-")
