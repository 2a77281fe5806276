"""The data and sizes on which a cell that is being written runs: those of a session, so that runs can be compared."""

from __future__ import annotations

from dataclasses import dataclass, field

from bptt.cell import Cell
from bptt.errors import InputError as ModelError
from bptt.functions import LOSSES
from bptt.model import Model
from bptt.readouts import Readout
from bptt.run import Run
from rnntui.safe import InputError
from rnntui.session import Session
from rnntui.sources import Source
from rnntui.sources.cell_file import READOUTS
from rnntui.sources.cost import cost_of


@dataclass(frozen=True, eq=False)
class Ground:
    """What a cell runs on."""

    source: Source
    hidden: int
    layers: int = 1
    window: int | None = None
    stride: int | None = None
    like: Model | None = field(default=None)
    """A model whose parameters are taken over, where their names and shapes are the same."""

    @property
    def title(self) -> str:
        """The data and the size, for a heading."""
        return f"{self.source.title}, H={self.hidden}"

    @property
    def readout(self) -> Readout:
        """What is appended to a text without a loss."""
        return READOUTS[self.source.kind]

    def session(self, cell: Cell) -> Session:
        """A cell's run, nothing of it computed yet. Raises InputError where it does not fit the data, or is too
        large."""
        self._check_loss(cell)
        source = self.source
        try:
            layered = cell.stacked(self.layers)
            sizes = source.inputs, self.hidden, source.outputs
            cost = cost_of(layered, *sizes, source.T, source.B, window=self.window, stride=self.stride)
            if cost.excess:
                raise InputError("", "", f"{cost.excess}: write fewer equations, or open less data")
            model = self._like(Model.create(layered, *sizes))
            run = Run(model, source.x, source.y, window=self.window, stride=self.stride)
        except ModelError as error:
            raise InputError("", "", str(error)) from None
        return Session(run, source, cell.name)

    def _like(self, made: Model) -> Model:
        if self.like is None:
            return made
        known = self.like.parameters
        same = {
            name: known[name].astype(array.dtype)
            for name, array in made.parameters.items()
            if name in known and known[name].shape == array.shape
        }
        parameters = {**made.parameters, **same}
        return Model(
            made.cell,
            parameters,
            inputs=made.inputs,
            hidden=made.hidden,
            outputs=made.outputs,
            loss=self.like.loss,
            allow_nonfinite=True,
        )

    def _check_loss(self, cell: Cell) -> None:
        classes = any(LOSSES[name].classes for name in cell.loss_functions)
        if classes != (self.source.kind == "classes"):
            others = [name for name, known in LOSSES.items() if known.classes == (self.source.kind == "classes")]
            reason = f"the data gives {self.source.kind}, which {cell.loss_functions[-1]} does not take"
            raise InputError("", "", f"{reason}: write {' or '.join(others)}, or no loss at all")


def ground_of(session: Session) -> Ground:
    """The ground of a session. Raises InputError for one that was made without a source."""
    run, source = session.run, session.source
    if source is None:
        raise InputError("", "", "this run has no data that a cell could be run on")
    window, stride = run.schedule.truncation
    return Ground(source, run.model.hidden, run.model.layers, window, stride, run.model)
