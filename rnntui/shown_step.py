"""What a lesson shows at one of its steps, as plain data."""

from __future__ import annotations

from dataclasses import dataclass

from bptt.cell import Cell
from bptt.expressions import Expression, Grad, Var
from bptt.notation import SCREEN, render
from bptt.queries import Reading
from rnntui.course.script import Kind, Panel, Script, Stop
from rnntui.frame import Slot


@dataclass(frozen=True, slots=True)
class ShownStep:
    """What the lesson shows at its place."""

    kind: Kind
    text: str
    """Markdown, clean, with numbers filled in; ??? for a number that a question hides."""
    choices: tuple[str, ...] = ()
    """What there is to choose from, or to put in order."""
    form: str = ""
    """How an answer that is typed is written."""
    table: tuple[str, ...] = ()
    """Lines of equal length, to be shown as they are; those of a question come when it is settled."""
    focus: Slot | None = None
    """What to look at; None where that is nothing, or a parameter."""
    show: tuple[Panel, ...] = ()
    """What should be in sight."""
    focus_name: str = ""
    """What to look at, by its name on the screen: ∇h₃, W."""

    @property
    def wanted(self) -> tuple[tuple[str, bool], ...]:
        """What should be in sight, as (name, whether its gradient is meant)."""
        return tuple((panel.name, panel.gradient) for panel in self.show)


def shown_step(script: Script, stop: Stop, cell: Cell, covered: bool) -> ShownStep:
    """What a stop shows on a run of `cell`; `covered`: whether its question is open."""
    return ShownStep(
        kind=stop.kind,
        text=script.fill(stop.prose, stop, covered=covered),
        choices=script.choices(stop, covered=covered),
        form=stop.question.asked.form if stop.question is not None else "",
        table=() if covered else script.table(stop),
        focus=_slot(stop.focus),
        show=stop.show,
        focus_name=_named(stop.focus, cell) if stop.focus else "",
    )


def _slot(reading: Reading | None) -> Slot | None:
    if reading is None or reading.t is None:
        return None
    return Slot(reading.name, reading.t, reading.gradient)


def _named(reading: Reading, cell: Cell) -> str:
    if reading.t is None:
        name = SCREEN.called(reading.name)
        return SCREEN.gradient.format(v=name) if reading.gradient else name
    node: Expression = Grad(reading.name) if reading.gradient else Var(reading.name)
    return render(node, SCREEN, reading.t, cell.arguments)
