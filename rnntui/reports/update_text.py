"""A line of an update with the numbers of one entry in it, and in words."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from bptt.numerals import number
from bptt.update import UpdateStep
from rnntui.frame import Frame
from rnntui.safe import clean

Array = NDArray[np.floating]
DIGITS = 4


def operands(frame: Frame, step: UpdateStep) -> dict[str, Array]:
    """What a line reads, by name, as the lines before it left that."""
    assert frame.iteration is not None  # else there is no update
    return {name: frame.iteration.read(step.index, name) for name in step.reads}


def place_in(value: Array, entry: tuple[int, int]) -> tuple[int, ...]:
    """The index of an entry, held within the value: (row, column), (row,) or ()."""
    return tuple(min(place, size - 1) for place, size in zip(entry, value.shape, strict=False))


def entry_name(name: str, value: Array, entry: tuple[int, int]) -> str:
    """`W[0,2]`, `b[1]`, `‖∇‖`."""
    place = place_in(value, entry)
    return f"{name}[{','.join(map(str, place))}]" if place else name


def substituted(frame: Frame, step: UpdateStep) -> str:
    """The line's right side with numbers: `0.31 − 0.1·0.22`; of a line over all gradients with their norms."""
    known = operands(frame, step)
    over_all = not step.value.shape and any(value.shape for value in known.values())
    numbers: dict[str, str] = {}
    for name, value in known.items():
        if over_all:
            numbers[f"‖{name}‖"] = _text(float(np.linalg.norm(value)))
        else:
            numbers[name] = _text(float(value[place_in(value, frame.entry)]))
    names = "|".join(re.escape(name) for name in sorted(numbers, key=len, reverse=True))
    right = re.split(" ← | = ", step.equation.text, maxsplit=1)[-1]
    return re.sub(rf"(?<![\w∇‖])(?:{names})(?![^\W²³]|‖)", lambda found: numbers[found[0]], right) if names else right


def entry_line(frame: Frame, step: UpdateStep) -> str:
    """`W[0,2] = 0.31 − 0.1·0.22 = 0.288`."""
    value = step.value
    result = number(float(value[place_in(value, frame.entry)]), DIGITS, "−")
    right = substituted(frame, step)
    middle = f" = {right}" if right != result else ""
    return f"{entry_name(step.target, value, frame.entry)}{middle} = {result}"


def said_update(frame: Frame, step: UpdateStep) -> str:
    """The line as a plain sentence."""
    value = step.value
    name = clean(entry_name(step.target, value, frame.entry))
    new = number(float(value[place_in(value, frame.entry)]), DIGITS, "−")
    before = operands(frame, step).get(step.target)
    if before is None:
        return f"{name} is {new}: {clean(entry_line(frame, step))}."
    old = number(float(before[place_in(before, frame.entry)]), DIGITS, "−")
    if old == new:
        return f"The update leaves {name} at {new}."
    return f"The update takes {name} from {old} to {new}: {clean(entry_line(frame, step))}."


def moved(frame: Frame, step: UpdateStep) -> str:
    """Which way a parameter's entry goes, and its gradient; empty for other lines."""
    assert frame.iteration is not None  # else there is no update
    if step.target not in frame.run.model.parameters:
        return ""
    place = place_in(step.value, frame.entry)
    old = float(frame.iteration.read(step.index, step.target)[place])
    slope = float(frame.iteration.read(step.index, f"∇{step.target}")[place])
    by = float(step.value[place]) - old
    name = clean(entry_name(step.target, step.value, frame.entry))
    way = "stays" if not by else f"goes {'up' if by > 0 else 'down'} by {number(abs(by), 3)}"
    return f"{name} {way}; its gradient is {number(slope, 3, '−')}."


def _text(value: float) -> str:
    text = number(value, DIGITS, "−")
    return f"({text})" if text.startswith("−") else text
