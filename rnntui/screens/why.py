"""Why a value is so, to be walked through: its terms, what they were made of, and why that is so; of a gradient also
the road from the loss on which it shrank or grew."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from bptt.debugger.causes import Cause, Spot
from bptt.debugger.chains import chain
from bptt.debugger.reason import Reason, said
from rnntui.frame import Lens, Slot
from rnntui.safe import clean
from rnntui.screens.breaking import broken
from rnntui.screens.leaving import Leaving
from rnntui.session import Session
from rnntui.widgets.line_list import LineList
from rnntui.widgets.palette import Palette

KEYS = "enter why · ← back · g go there · esc closes"
BESIDE = 100
"""Screen columns from which it stands over the panes, and not below."""
WIDTHS = ((190, 77), (150, 67), (BESIDE, 50))
"""(screen columns from which, columns)."""
ROWS_BELOW = 15
AROUND = 4
"""Rows above and below it, where it stands over the panes."""
BAR = 8
"""Columns of the bar of a term's or a factor's size."""
TEXT = 9 + 1 + 4 + 1 + BAR
"""Columns before the text of a term."""
FRAME = 6
"""Columns of border, padding and scroll bar."""
MOST_CAUSES, MOST_TERMS, MOST_TIMES = 6, 12, 40
DECADES = 3.0
"""Powers of ten at the end of a factor's bar."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the list."""

    content: Content
    spot: Spot | None = None
    """What it is about, where one can go on to that."""


class Why(Leaving, ModalScreen[None]):
    """Walks from a value to what made it. The lens goes along, and is back in its place when one leaves."""

    DEFAULT_CSS = """
    Why {
        align: right top; background: transparent;
        & Vertical { background: $surface; border-left: outer $accent; padding: 0 0 0 1; }
        & #sentence { height: auto; max-height: 5; margin-bottom: 1; }
        & OptionList { height: 1fr; border: none; padding: 0; background: $surface; }
        & OptionList:focus { border: none; background: $surface; }
        & OptionList > .option-list--option-highlighted { background: $accent 40%; text-style: bold; }
        & OptionList > .option-list--option-disabled { color: $foreground; }
        & #keys { color: $quiet; height: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape,q,y", "leave", "close"),
        ("left,backspace,h", "back", "back"),
        ("right,l", "dig", "why that"),
        ("j", "down", "down"),
        ("k", "up", "up"),
        ("g", "go", "go to its step"),
    ]

    def __init__(self, session: Session, palette: Palette, reason: Reason) -> None:
        super().__init__()
        self._session = session
        self._palette = palette
        self._lens: Lens = session.lens
        self._trail = [reason]
        self._rows: list[Row] = []
        self._room = 0

    def compose(self) -> ComposeResult:
        """What is asked, the reasons, the keys."""
        with Vertical():
            yield Static(id="title")
            yield Static(id="sentence")
            yield LineList()
            yield Static(Content(self._palette.keys(KEYS)), id="keys")

    def on_mount(self) -> None:
        """Over the panes, or below the Score."""
        box, room = self.query_one(Vertical), self.app.size
        width = next((width for least, width in WIDTHS if room.width >= least), room.width)
        box.styles.width = width
        self._room = width - FRAME
        box.styles.height = max(1, room.height - AROUND) if room.width >= BESIDE else min(ROWS_BELOW, room.height)
        box.styles.offset = (0, 1 if room.width >= BESIDE else max(0, room.height - ROWS_BELOW))
        self._show_reason()

    @property
    def _reason(self) -> Reason:
        return self._trail[-1]

    def _show_reason(self) -> None:
        reason = self._reason
        hue = self._palette.colour("backward" if reason.spot.gradient else "forward")
        trail = " ← ".join(str(step.spot) for step in reversed(self._trail[:-1]))
        title = Content.assemble(("why ", "bold"), (f"{reason.spot} = {said(reason.value)}", f"bold {hue}"))
        self.query_one("#title", Static).update(
            Content.assemble(title, (clean(f"  ← {trail}" * bool(trail)), "$quiet"))
        )
        self.query_one("#sentence", Static).update(Content(broken(clean(reason.line), self._room, 2)))
        self._rows = [*self._terms(reason), *self._road(reason)]
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([Option(row.content, disabled=row.spot is None) for row in self._rows])
        options.highlighted = next((n for n, row in enumerate(self._rows) if row.spot is not None), None)
        self._look(reason.spot)

    # -- rows

    def _terms(self, reason: Reason) -> Iterator[Row]:
        if reason.function:
            yield Row(Content(f"{reason.function} of {said(reason.argument)}, which is"))
        largest = max((abs(term.value) for term in reason.terms if math.isfinite(term.value)), default=0.0)
        for term in reason.terms[:MOST_TERMS]:
            share = f"{term.share:4.0%}" if math.isfinite(term.share) else "   —"
            colour = self._colour(term.value, reason.spot.gradient)
            bar = "█" * (round(abs(term.value) / largest * BAR) if largest and math.isfinite(term.value) else BAR)
            yield Row(
                Content.assemble(
                    (f"{said(term.value):>9}", "bold"),
                    f" {share} ",
                    (f"{bar:<{BAR}}", colour),
                    broken(f" {clean(term.text)}", self._room - TEXT, TEXT + 1),
                )
            )
            yield from self._causes(term.causes)
        left = len(reason.terms) - MOST_TERMS
        if left > 0:
            yield Row(Content.styled(f"and {left} more terms", "$quiet"))
        if not reason.terms:
            yield Row(Content.styled("nothing made it: here the reasons end", "$quiet"))

    def _causes(self, causes: tuple[Cause, ...]) -> Iterator[Row]:
        """The largest; what is 0 is only counted, where anything is not."""
        there = [cause for cause in causes if cause.size] or list(causes)
        for cause in there[:MOST_CAUSES]:
            yield Row(self._cause(cause), cause.spot)
        smaller, zeros = max(0, len(there) - MOST_CAUSES), len(causes) - len(there)
        told = [f"{smaller} smaller ones"] * bool(smaller) + [f"{zeros} that are 0"] * bool(zeros)
        if told:
            yield Row(Content.styled(f"{'':>10}and {', '.join(told)}", "$quiet"))

    def _cause(self, cause: Cause) -> Content:
        made = f"{cause.spot} = {said(cause.value)}"
        if cause.weight is not None:
            made = f"{cause.weight} · {cause.spot} = {said(cause.by)} · {said(cause.value)}"
        return Content(broken(clean(f"{said(cause.product):>9}  {made}"), self._room, 11))

    def _road(self, reason: Reason) -> Iterator[Row]:
        """The factors of a gradient time by time, from the loss on, the latest last."""
        spot = reason.spot
        if not spot.gradient or spot.t is None or spot.name not in reason.run.model.cell.definitions:
            return
        found = chain(reason.run, spot.name, spot.t, spot.unit if spot.component else None, reason.sequence)
        if not found.links:
            return
        yield Row(Content(""))
        yield Row(Content.styled("the road back from the loss", "bold"))
        yield Row(Content.styled(clean(found.sentence), "$quiet"))
        yield Row(Content.styled(f"{'t':>5}{'factor':>11}{'product':>11}  shrinks │ grows", "$quiet"))
        last = {link.t: link.name for link in found.links}
        for time in found.times[-MOST_TIMES:]:
            size = math.log10(time.factor) if 0 < time.factor < math.inf else math.copysign(DECADES, time.factor - 1)
            cells = min(BAR, max(1, round(abs(size) / DECADES * BAR * 2))) if size else 0
            colour = self._palette.colour("trouble" if abs(size) >= 1 else "backward")
            sides = ("█" * cells).rjust(BAR) if size < 0 else " " * BAR, "█" * cells if size > 0 else ""
            yield Row(
                Content.assemble(
                    f"{time.t:>5}{'× ' + said(time.factor):>11}{said(time.product):>11} ",
                    (sides[0], colour),
                    "│",
                    (sides[1], colour),
                ),
                Spot(last[time.t], time.t, spot.component and (spot.unit,), gradient=True),
            )

    def _colour(self, value: float, gradient: bool) -> str:
        if not math.isfinite(value):
            return self._palette.colour("trouble")
        return self._palette.level_colour("gradient" if gradient else "value", 20 if value > 0 else 0)

    # -- walking

    def _marked(self) -> Spot | None:
        row = self.query_one(OptionList).highlighted
        return self._rows[row].spot if row is not None else None

    def on_option_list_option_selected(self) -> None:
        """Enter or a click: why that is so."""
        self.action_dig()

    def action_dig(self) -> None:
        """Why what is marked is so."""
        spot = self._marked()
        if spot is not None:
            from bptt.debugger.reasons import why

            reason = self._reason
            unit = spot.component
            shape = () if reason.run.model.cell.dims.get(spot.name) == "scalar" else unit or (0,)
            self._trail.append(why(reason.run, spot.name, spot.t, shape, spot.gradient, reason.sequence))
            self._show_reason()

    def action_back(self) -> None:
        """To what was asked before."""
        if len(self._trail) > 1:
            self._trail.pop()
            self._show_reason()
        else:
            self.action_leave()

    def action_down(self) -> None:
        self.query_one(OptionList).action_cursor_down()

    def action_up(self) -> None:
        self.query_one(OptionList).action_cursor_up()

    def action_go(self) -> None:
        """To the step that made what is explained, the lens on it."""
        reason = self._reason
        if reason.step is None:
            self.notify(f"no step made {reason.spot}", timeout=2, markup=False)
            return
        self._session.release_lens()
        self._session.goto(reason.step + 1)
        self._session.move_lens(units=reason.spot.unit - self._session.lens.unit)
        self.dismiss(None)

    def action_leave(self) -> None:
        """Close, the lens as it was."""
        if self._lens.following:
            self._session.release_lens()
            self._session.move_lens(units=self._lens.unit - self._session.lens.unit)
        else:
            self._session.look_at(self._lens.slot, self._lens.unit)
        self.dismiss(None)

    def _look(self, spot: Spot) -> None:
        run = self._session.run
        if spot.t is not None and 1 <= spot.t <= run.T and spot.name in run.model.cell.definitions:
            self._session.look_at(Slot(spot.name, spot.t, spot.gradient), spot.unit)
