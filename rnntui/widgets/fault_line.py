"""What is wrong with the text of a cell, under the place where it is wrong; or what the text makes."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from bptt.cell import Cell
from rnntui.bench.draft import Draft, Fault
from rnntui.explain.roles import roles_of
from rnntui.safe import clean
from rnntui.widgets.palette import Palette

MOST = 6
"""Lines with other faults that are named."""


class FaultLine(Static):
    """Two rows: the line with a caret and the cause beneath it; or the roles of what is computed."""

    DEFAULT_CSS = "FaultLine { height: auto; min-height: 2; max-height: 4; background: $surface; padding: 0 1; }"

    _told: tuple[Draft, Palette, int] | None = None

    def on_resize(self) -> None:
        """Say it again in the room that there is now."""
        if self._told is not None:
            self.tell(*self._told)

    def tell(self, draft: Draft, palette: Palette, line: int = 0) -> None:
        """Say what there is to say of a text: of its faults the one in a line, from 1, where there is one."""
        self._told = (draft, palette, line)
        fault = draft.fault_at(line)
        if fault is not None:
            others = [other.line for other in draft.faults if other is not fault]
            self.update(_wrong(fault, others, palette, max(20, self.size.width - 2)))
        elif draft.cell is not None:
            self.update(_right(draft.cell, palette))


def _wrong(fault: Fault, others: Sequence[int], palette: Palette, width: int) -> Content:
    """`others`: the lines of the other faults. The caret stands under the column; of a line that is wider than `width`,
    the part around it is shown. Where the cause has no room to the right of the caret, it stands before it."""
    trouble = palette.colour("trouble")
    typed, column = clean(fault.typed.replace("\t", " ")), max(0, fault.column - 1)
    if len(typed) > width:
        begin = min(max(0, column - width // 2), len(typed) - width)
        typed, column = f"…{typed[begin + 1 : begin + width]}" if begin else typed[:width], column - begin
    column = min(column, max(0, len(typed)))
    cause = f"line {fault.line}, column {fault.column}: {clean(fault.reason)}{_and(others)}"
    caret = Content.styled("^", f"bold {trouble}")
    beside = column + 2 + len(cause) <= width
    before = not beside and len(cause) < column
    beneath = (
        Content.assemble(" " * column, caret, " ", Content.styled(cause, trouble))
        if beside
        else Content.assemble(" " * (column - len(cause) - 1), Content.styled(cause, trouble), " ", caret)
        if before
        else Content.assemble(" " * column, caret, "\n", Content.styled(cause, trouble))
    )
    return Content.assemble(Content.styled(typed or " ", palette.colour("muted")), "\n", beneath)


def _and(lines: Sequence[int]) -> str:
    """` (wrong too: lines 3, 5)`."""
    numbers = [str(line) for line in dict.fromkeys(lines)]
    listed = ", ".join(numbers[:MOST]) + ", …" * (len(numbers) > MOST)
    return f" (wrong too: line{'s' * (len(numbers) > 1)} {listed})" if numbers else ""


def _right(cell: Cell, palette: Palette) -> Content:
    roles = roles_of(cell)
    muted, text = palette.colour("muted"), palette.colour("text")
    gates = [name for name, kind in roles.kinds.items() if kind == "gate"]
    listed = (("state", roles.states), ("gate", gates), ("parameter", cell.parameters))
    parts: list[Content | str] = [Content.styled("✓ ", f"bold {palette.colour('input')}")]
    for word, names in listed:
        if names:
            plural = "s" if len(names) > 1 else ""
            parts += [Content.styled(f"{word}{plural} ", muted), Content.styled(f"{' '.join(names)}   ", text)]
    if not roles.states:
        parts.append(Content.styled("no memory: nothing is read at t-1   ", palette.colour("loss")))
    if cell.readout:
        parts.append(Content.styled("added: outputs and loss", muted))
    return Content.assemble(*parts)
