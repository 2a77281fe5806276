"""The top line: what runs, where it stands, and chips for what is unusual."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment

from bptt.notation import SCREEN, render_target
from rnntui.reports.step_text import pass_text
from rnntui.safe import clean, cut
from rnntui.widgets.rows import Rows
from rnntui.widgets.view import View

LONGEST_TITLE = 24
_GAP = 2


class Crumb(Rows):
    """Where the run stands, in one line; the direction is always there, the rest goes as room gets short."""

    DEFAULT_CSS = "Crumb { height: 1; width: 1fr; }"

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
        room -= sum(part.cell_length for part in kept)
        chips: list[Segment] = []
        for chip in self._chips(view):
            if cell_len(chip.text) <= room:
                chips.append(chip)
                room -= chip.cell_length
        blank = Segment(" " * max(0, room), view.palette.style("text", "panel"))
        return [[*kept, blank, *chips, *right]]

    def _place(self, view: View) -> list[Segment]:
        frame, palette = view.frame, view.palette
        run = frame.run
        muted, text = palette.style("muted", "panel"), palette.style("text", "panel")
        batch = f" seq {frame.sequence + 1}/{run.B}" if run.B > 1 else ""
        layers = f"×{run.model.layers}" if run.model.layers > 1 else ""
        size = f" {cut(clean(frame.title), LONGEST_TITLE)} H={run.model.hidden}{layers} T={run.T}{batch} "
        parts = [Segment(" rnntui ", palette.style("background", "text", bold=True)), Segment(size, muted)]
        step = frame.current
        if step is None:
            return [*parts, Segment(" start ", text)]
        if step.phase == "cut":
            return [*parts, *(Segment(f" {part}", text) for part in (step.equation.text, *pass_text(frame)))]
        target = render_target(step.equation, SCREEN, step.t, run.model.cell.arguments)
        if step.equation.kind != "parameter":
            target = target.rstrip("₀₁₂₃₄₅₆₇₈₉")
        hue = palette.style(step.phase, "panel", bold=True)
        between = Segment(" › ", palette.style("faint", "panel"))
        return [
            *parts,
            Segment(f" {step.phase}", text),
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
        if view.first_bad is not None:
            chips.append(
                Segment(f" ! first NaN: step {view.first_bad + 1} ", palette.style("background", "trouble", bold=True))
            )
        if not frame.lens.following:
            chips.append(Segment(" ◎ looking away · 0 returns ", palette.style("background", "lens")))
        if view.paused:
            chips.append(Segment(" lesson paused · enter returns ", palette.style("background", "violet")))
        muted = palette.style("muted", "panel")
        chips.append(Segment(f"  step {frame.position}/{len(frame.run)} ", muted))
        return chips

    def _badge(self, view: View) -> list[Segment]:
        match view.frame.phase:
            case "forward":
                return [Segment(" ▶ FORWARD ", view.palette.style("background", "forward", bold=True))]
            case "backward":
                return [Segment(" ◀ BACKWARD ", view.palette.style("background", "backward", bold=True))]
            case "cut":
                return [Segment(" ✂ CUT ", view.palette.style("background", "loss", bold=True))]
        return [Segment(" · START ", view.palette.style("text", "panel", bold=True))]
