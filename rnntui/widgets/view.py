"""What the screen hands to its widgets: the frame and how to look at it, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass

from bptt.notation import SCHEMES, SCREEN, Scheme
from bptt.torch_names import torch_scheme
from rnntui.explain.tracks import Shown, Wanted
from rnntui.frame import Frame, Slot
from rnntui.plain.pins import Pins
from rnntui.training.progress import Progress
from rnntui.widgets.palette import Palette

NUMPY = "numpy"
TORCH = "pytorch"
NOTATIONS = ("screen", "book", "leibniz", TORCH, NUMPY)
"""How equations can be written: names of `bptt.notation.SCHEMES`, with PyTorch's names, or as a line of NumPy."""


@dataclass(frozen=True)
class View:
    """One moment of a run, and how it is to be drawn."""

    frame: Frame
    palette: Palette
    depth: int = 0
    """How deep the equation pane goes: 0 as much as there is room for, 1 the line, 2 with tiles, 3 with the drill."""
    zoom: int = 0
    """Screen columns a time in the Score; 0 fits the run to the width."""
    focus: Slot | None = None
    """What a lesson points at."""
    wanted: tuple[Wanted, ...] = ()
    """What a lesson wants in sight: the Score gives it rows before all else."""
    paused: bool = False
    """Whether the learner has wandered off from where the lesson stands."""
    first_bad: int | None = None
    """The index of the first step that made a NaN or an infinity."""
    bad_name: str = "NaN"
    """Which of the two it is."""
    shown: Shown = "both"
    """What the Score shows."""
    first: int | None = None
    """The time with which the Score begins, where not all are visible; None follows the cursor."""
    xray: bool = False
    """Whether what is not computed yet can be seen."""
    notation: str = NOTATIONS[0]
    """How equations are written."""
    recorded: float = 1.0
    """How much of the run is recorded."""
    covered: bool = False
    """Whether no equation is shown: a lesson asks for one."""
    ahead: bool = True
    """Whether the equation pane says what comes next; else something beside it does."""
    pins: Pins | None = None
    """Watches, breakpoints and edits."""
    training: Progress | None = None
    """The training, where that is looked at and not the run."""

    @property
    def scheme(self) -> Scheme:
        """The notation, where it is not NumPy's."""
        if self.notation == TORCH:
            return torch_scheme(self.frame.run.model.cell)
        return SCHEMES.get(self.notation, SCREEN)
