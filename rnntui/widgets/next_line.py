"""The last line of the equation pane: what the next step computes."""

from __future__ import annotations

import re

from bptt.notation import SCREEN, Scheme, render_equation
from rnntui.explain.cut import cut_text
from rnntui.frame import Frame
from rnntui.safe import clean
from rnntui.widgets.canvas import Canvas
from rnntui.widgets.palette import Palette

NEXT = "next → "
END = ("end of the run: every gradient is summed", "end of the run", "end")


def paint_next(canvas: Canvas, x: int, y: int, frame: Frame, palette: Palette, scheme: Scheme = SCREEN) -> None:
    """Paint it at (x, y), to the right end of the canvas."""
    room = canvas.width - x
    if frame.next_update is not None:
        x = canvas.put(x, y, NEXT, palette.style("faint"))
        canvas.put(x, y, fitted(clean(frame.next_update.equation.text), room - len(NEXT)), palette.style("muted"))
        return
    if frame.position == len(frame.run):
        ends = END if frame.iteration is None else ended(frame.iteration.number, frame.iterations)
        text = next((text for text in ends if len(text) <= room), "")
        canvas.put(x, y, text, palette.style("muted"))
        return
    text = fitted(next_equation(frame, scheme), room - len(NEXT))
    if text:
        x = canvas.put(x, y, NEXT, palette.style("faint"))
        canvas.put(x, y, text, palette.style("muted"))


def ended(number: int, iterations: int) -> tuple[str, ...]:
    """What follows an iteration."""
    if number < iterations:
        return f"{NEXT}iteration {number + 1}, with the new parameters", f"{NEXT}iteration {number + 1}", NEXT
    return "the last iteration that is computed: T trains on", "the last iteration", "end"


def next_equation(frame: Frame, scheme: Scheme = SCREEN) -> str:
    """The equation of the step after the cursor, as it will be computed."""
    run = frame.run
    place = run.schedule.place(frame.position)
    # a parameter's line is the same at every time, and its sum so far costs more than its line
    equation = place.equation if place.equation.kind == "parameter" else run.at(frame.position).equation
    if equation.kind == "cut":
        return f"cut: {cut_text(equation.text, scheme)}"
    return render_equation(equation, scheme, place.t, run.model.cell.arguments)


def fitted(text: str, room: int) -> str:
    """An equation in `room` letters: whole terms and an ellipsis, else its left side, else nothing."""
    if len(text) <= room:
        return text
    for match in reversed(list(re.finditer(r" (?:[+−]|=|\+=|←) |: ", text))):
        kept = text[: match.end()] + "…"
        if len(kept) <= room:
            return kept
    return ""
