"""The top line: what runs, where it stands, and chips for what is unusual."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Literal

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.reactive import reactive

from bptt.notation import SUPERSCRIPTS, render_target
from bptt.numerals import number
from rnntui.explain.cut import cut_text
from rnntui.explain.roles import roles_of
from rnntui.explain.scales import scales_of
from rnntui.explain.trend import trend_of
from rnntui.reports.step_text import pass_text
from rnntui.safe import clean, cut
from rnntui.widgets.key_bar import KeyBar
from rnntui.widgets.rows import Rows
from rnntui.widgets.view import View

LONGEST_TITLE = 24
Scope = Literal["phase", "time"]
_SCOPES: dict[Scope, int] = {"phase": 2, "time": 4}
"""What a click means → which part of the line it is on."""
STEP = "  step "
FIRST, AWAY, PAUSED = " ! first ", " ◎ looking away · 0 returns ", " lesson paused · enter returns "
BUTTONS = {FIRST: "first_bad", AWAY: "release", PAUSED: "confirm"}
"""Beginning of a chip that names a key → what that key does."""
_TIMES = "₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾"
"""How a time ends a name: it stands before it already."""


class Crumb(Rows):
    """Where the run stands, in one line; the direction is always there, the rest goes as room gets short."""

    DEFAULT_CSS = "Crumb { height: 1; width: 1fr; }"

    pointed: reactive[str] = reactive("", layout=False)
    """What is under the mouse; gone at the next change of the view."""

    class ScopeWanted(Message):
        """Go to the start of this pass, or of this timestep."""

        def __init__(self, scope: Scope) -> None:
            super().__init__()
            self.scope = scope

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._scopes: dict[Scope, range] = {}
        self._buttons: list[tuple[range, str]] = []
        """Columns of a chip that names a key, and what that key does."""

    def watch_view(self) -> None:
        """The mouse is forgotten."""
        self.pointed = ""
        super().watch_view()

    def watch_pointed(self) -> None:
        """Draw again."""
        super().watch_view()

    def on_click(self, event: events.Click) -> None:
        """Go to what was clicked."""
        for scope, columns in self._scopes.items():
            if event.x in columns:
                self.post_message(self.ScopeWanted(scope))
        for columns, action in self._buttons:
            if event.x in columns:
                self.post_message(KeyBar.ActionWanted(action))

    def build(self, view: View, width: int, height: int) -> Sequence[Sequence[Segment]]:
        """One row: what and where on the left, chips and the direction on the right."""
        left = self._place(view)
        right = self._badge(view)
        room = width - sum(segment.cell_length for segment in right)
        kept = [left[0]]
        for segment in left[1:]:
            if sum(part.cell_length for part in kept) + segment.cell_length > room:
                break
            kept.append(segment)
        ends = list(accumulate(segment.cell_length for segment in kept))
        shift = 2 if view.frame.iteration is not None else 0
        self._scopes = {
            scope: range(ends[n + shift - 1], ends[n + shift]) for scope, n in _SCOPES.items() if n + shift < len(ends)
        }
        room -= sum(part.cell_length for part in kept)
        chips: list[Segment] = []
        wanted = self._chips(view)
        for chip in wanted:
            if chip.text.startswith(STEP) and cell_len(chip.text) > room:
                chip = chip._replace(text=chip.text.replace(STEP, "  "))
            if cell_len(chip.text) <= room:
                chips.append(chip)
                room -= chip.cell_length
        loss = self._loss(view)
        if loss is not None and loss.cell_length <= room and len(chips) == len(wanted):
            chips.insert(len(chips) - 1, loss)  # left of the step, which stays where it is
            room -= loss.cell_length
        blank = Segment(" " * max(0, room), view.palette.style("text", "panel"))
        self._buttons, x = [], ends[-1] + max(0, room)
        for chip in chips:
            action = next((action for said, action in BUTTONS.items() if chip.text.startswith(said)), None)
            if action is not None:
                self._buttons.append((range(x, x + chip.cell_length), action))
            x += chip.cell_length
        return [[*kept, blank, *chips, *right]]

    def _place(self, view: View) -> list[Segment]:
        frame, palette = view.frame, view.palette
        run = frame.run
        muted, text = palette.style("muted", "panel"), palette.style("text", "panel")
        batch = f" seq {frame.sequence + 1}/{run.B}" if run.B > 1 else ""
        layers = f"×{run.model.layers}" if run.model.layers > 1 else ""
        size = f" {cut(clean(frame.title), LONGEST_TITLE)} H={run.model.hidden}{layers} T={run.T}{batch} "
        parts = [Segment(" rnntui ", palette.style("background", "text", bold=True)), Segment(size, muted)]
        between = Segment(" › ", palette.style("faint", "panel"))
        if frame.iteration is not None:
            parts += [Segment(f" iter {frame.iteration.number}", palette.style("violet", "panel", bold=True)), between]
        if frame.update is not None:
            hue = palette.style("violet", "panel", bold=True)
            return [*parts, Segment("update", text), between, Segment(clean(frame.update.target), hue)]
        step = frame.current
        if step is None:
            return [*parts, Segment(" start " if frame.iteration is None else "start ", text)]
        if step.phase == "cut":
            said = Segment(cut_text(step.equation.text, view.scheme), palette.style("loss", "panel", bold=True))
            passes = (Segment(f" · {part}", muted) for part in pass_text(frame))
            phase = Segment("cut" if frame.iteration is not None else " cut", text)
            return [*parts, phase, between, Segment(f"t={step.t}", text), between, said, *passes]
        target = render_target(step.equation, view.scheme, step.t, run.model.cell.arguments)
        if step.equation.kind != "parameter":
            target = target.rstrip(_TIMES)
        hue = palette.style(step.phase, "panel", bold=True)
        return [
            *parts,
            Segment(step.phase if frame.iteration is not None else f" {step.phase}", text),
            between,
            Segment(f"t={step.t}", text),
            between,
            Segment(target, hue),
            *(Segment(f" · {part}", muted) for part in pass_text(frame)),
        ]

    def _chips(self, view: View) -> list[Segment]:
        """In order of worth: the last go first."""
        frame, palette = view.frame, view.palette
        chips: list[Segment] = []
        if self.pointed:
            chips.append(Segment(f"  {self.pointed} ", palette.style("lens", "panel", bold=True)))
        if view.first_bad is not None:
            chips.append(
                Segment(
                    f"{FIRST}{view.bad_name}: step {view.first_bad + 1} ",
                    palette.style("background", "trouble", bold=True),
                )
            )
        trend = _trend(view)
        if trend:
            chips.append(Segment(f" {trend} ", palette.style("background", "loss", bold=True)))
        if not frame.lens.following:
            chips.append(Segment(AWAY, palette.style("background", "lens")))
        if view.paused:
            chips.append(Segment(PAUSED, palette.style("background", "violet")))
        muted = palette.style("muted", "panel")
        place, total = frame.position + frame.updates, len(frame.run) + frame.update_lines
        chips.append(Segment(f"{STEP}{place}/{total} ", muted))
        return chips

    def _loss(self, view: View) -> Segment | None:
        """The loss of the run, as soon as that is known, while nothing is hidden."""
        frame = view.frame
        run = frame.run
        if frame.position < run.schedule.known or frame.hidden:
            return None
        over = " Σ batch" if run.B > 1 and run.model.loss == "sum" else ""
        text = f"  {view.scheme.called(run.model.cell.loss)}={number(scales_of(run).loss)}{over} "
        return Segment(text, view.palette.style("muted", "panel"))

    def _badge(self, view: View) -> list[Segment]:
        match view.frame.phase:
            case "forward":
                return [Segment(" ▶ FORWARD ", view.palette.style("background", "forward", bold=True))]
            case "backward":
                return [Segment(" ◀ BACKWARD ", view.palette.style("background", "backward", bold=True))]
            case "update":
                return [Segment(" ▲ UPDATE ", view.palette.style("background", "violet", bold=True))]
            case "cut":
                return [Segment(" ✂ CUT ", view.palette.style("background", "loss", bold=True))]
        return [Segment(" · START ", view.palette.style("text", "panel", bold=True))]


def _trend(view: View) -> str:
    """`‖∇h‖ ×10⁻⁴ in 6 steps`, where the gradient of the main state has vanished or exploded on its way to the cursor;
    nothing while anything is hidden."""
    frame = view.frame
    run = frame.run
    name = roles_of(run.model.cell).main
    if frame.phase != "backward" or not name or frame.hidden or run.schedule.overlapping:
        return ""
    first, end = frame.computed(name, True)
    found = trend_of(scales_of(run).norms(name)[first - 1 : end - 1, frame.sequence])
    if found is None:
        return ""
    called = view.scheme.gradient.format(v=view.scheme.called(name))
    return f"‖{called}‖ ×10{str(found.exponent).translate(SUPERSCRIPTS)} in {found.steps} steps"
