"""What is under the mouse in the Score, in a few words: `h₃[2] = −0.8901 · step 12`."""

from __future__ import annotations

import numpy as np

from bptt.expressions import Var
from bptt.norms import lengths
from bptt.numerals import number
from rnntui.explain.labels import Labels
from rnntui.explain.marks import HIDDEN, PENDING, Mark
from rnntui.frame import Frame, Slot
from rnntui.widgets.score_layout import Layout
from rnntui.widgets.shared import hidden_shares
from rnntui.widgets.view import View

DIGITS = 4


def described(view: View, layout: Layout, x: int, y: int) -> str:
    """The cell at (x, y) of the Score: its name, its number and the step that computes it; empty where there is
    none."""
    band, column = layout.band(y), layout.columns.under(x)
    if band is None or column is None:
        return ""
    t = layout.columns.starts[column]
    if band.track.kind == "shares":
        return _share(view, band.track.name, t)
    _, slot, unit = layout.hit(x, y) or (t, None, 0)
    if slot is None:
        return ""
    return _norm(view, slot) if band.track.kind == "skyline" else _component(view, slot, unit)


def _component(view: View, slot: Slot, unit: int) -> str:
    frame = view.frame
    source = frame.source
    labels = Labels(frame.run.model.cell, vocabulary=source.vocabulary if source else None)
    name = _name(view, slot)
    if frame.run.read(slot.name, slot.t).shape[-1] > 1:
        name += f"[{labels.unit_of(Var(slot.name), unit)}]"
    vector = frame.vector(slot)
    value = vector if isinstance(vector, Mark) else float(vector[unit])
    return f"{name}{_is(value)}{_step(frame, slot)}"


def _norm(view: View, slot: Slot) -> str:
    frame = view.frame
    vector = frame.vector(slot)
    value = vector if isinstance(vector, Mark) else float(lengths(vector))
    return f"‖{_name(view, slot)}‖{_is(value)}{_step(frame, slot)}"


def _share(view: View, parameter: str, t: int) -> str:
    frame, scheme = view.frame, view.scheme
    step = frame.run.schedule.written(parameter, t, True, frame.position)
    value: float | Mark = PENDING
    if step < frame.position and t in hidden_shares(frame, parameter):
        value = HIDDEN
    elif step < frame.position:
        value = float(lengths(frame.run.contribution(parameter, t, frame.position).ravel()))
    name = scheme.gradient.format(v=scheme.called(parameter))
    return f"‖share of t={t} in {name}‖{_is(value)} · step {step + 1}"


def _name(view: View, slot: Slot) -> str:
    scheme = view.scheme
    shown = scheme.at(scheme.called(slot.name), 0, slot.t)
    return scheme.gradient.format(v=shown) if slot.gradient else shown


def _is(value: float | Mark) -> str:
    if isinstance(value, Mark):
        return " is hidden until you predict it" if value is HIDDEN else " is not computed yet"
    return f" = {number(value, DIGITS, '−')}" if np.isfinite(value) else f" = {value}"


def _step(frame: Frame, slot: Slot) -> str:
    written = frame.run.schedule.written(slot.name, slot.t, slot.gradient, frame.position)
    return f" · step {written + 1}" if written >= 0 else ""
