"""Symptoms of one run: gradients that vanish or explode, numbers that are not finite, units that are stuck."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bptt.diagnostics.alert import Alert, Severity
from bptt.expressions import Call, Expression, Var, walk
from bptt.functions import FUNCTIONS
from bptt.numerals import number
from bptt.run import Run
from bptt.single_loss import SingleLoss
from bptt.targets import present

Array = NDArray[np.floating]
_STEEPEST = {"sigmoid": 0.25, "tanh": 1.0}
"""The largest slope of the functions that saturate."""
_AT_ONCE = 4096
"""Times that are looked at together."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From where on something is a symptom."""

    vanished: float = 1e-3
    """Of the gradient of the last loss, relative to that at its own time."""
    exploded: float = 1e3
    """The same, upwards."""
    near: int = 20
    """A gradient that vanishes within fewer steps is a warning; farther back it is only to be known."""
    flat: float = 0.2
    """A slope below this share of the function's largest is flat: σ outside .053….947, tanh outside ±.894."""
    share: float = 0.95
    """Of all times and sequences, at which a unit must be flat to be called saturated."""
    fewest: int = 5
    """Times × sequences that must be there to call a unit saturated or dead."""
    farthest: int = 2000
    """Times that the last loss is followed back."""


DEFAULT = Thresholds()


def run_alerts(run: Run, thresholds: Thresholds = DEFAULT) -> tuple[Alert, ...]:
    """All symptoms of a run, which is computed to its end; the gravest first."""
    run.fill(len(run))
    found = [*_nonfinite(run)]
    if not found:
        found += [*_reach(run, thresholds)]
    found += [*_stuck(run, thresholds)]
    order = ("error", "warning", "note")
    return tuple(sorted(found, key=lambda alert: order.index(alert.severity)))


def _nonfinite(run: Run) -> Iterator[Alert]:
    """The first step that made a NaN or an infinity."""
    index = run.first_nonfinite()
    if index is None:
        return
    step = run.at(index)
    value = step.value
    bad = np.argwhere(~np.isfinite(value))[0].tolist()
    what = "NaN" if np.isnan(value[tuple(bad)]) else "an infinity"
    parameter = step.equation.kind == "parameter"
    place = tuple(bad) if parameter else tuple(bad[1:])
    shown = f"{'∇' if step.phase == 'backward' else ''}{step.target}"
    shown += "" if parameter else f"[{step.t}]"
    shown += "".join(f"[{n}]" for n in place)
    sentence = f"{shown} is {what}, the first, made by {step.equation} in the {step.phase} phase at t={step.t}"
    sequence = f", in sequence {bad[0]}" if run.B > 1 and not parameter else ""
    yield Alert("nonfinite", "error", f"{sentence}{sequence}.", step.target, step.phase, step.t, place)


def reach(run: Run, farthest: int = DEFAULT.farthest) -> tuple[range, Array]:
    """(the times k up to the last that has a target, ‖∂L[that one]/∂state[k]‖ of all states, sequences and units
    together at each); no more than `farthest` times, and none before a cut."""
    cell = run.model.cell
    targets = np.flatnonzero(present(run.y).any(axis=1))
    at = int(targets[-1]) + 1 if len(targets) else run.T
    single = SingleLoss(run, at, farthest)
    times = range(single.first, at + 1)
    squares = np.zeros(len(times))
    with np.errstate(all="ignore"):
        for name in cell.lags:
            if name != "x":
                squares += np.array([float((single.gradient(name, k) ** 2).sum()) for k in times])
    return times, np.sqrt(squares)


def _reach(run: Run, thresholds: Thresholds) -> Iterator[Alert]:
    """Whether the last loss still reaches the early states."""
    states = [name for name in run.model.cell.definitions if name in run.model.cell.lags]
    if not states or run.T < 2:
        return
    times, sizes = reach(run, thresholds.farthest)
    at, names = times[-1], " and ".join(states)
    there = np.flatnonzero(sizes)
    if not len(there):
        sentence = f"No gradient of L[{at}] reaches {names}: all are 0."
        yield Alert("vanished", "warning", sentence, states[-1], "backward", at)
        return
    start = int(there[-1])
    ratios = sizes[: start + 1] / sizes[start]
    small, large = ratios < thresholds.vanished, ratios > thresholds.exploded
    for kind, word, begun in (
        ("vanished", "vanishes", int(np.argmin(small)) - 1 if small[0] else None),
        ("exploded", "explodes", int(np.flatnonzero(large)[-1]) if large.any() else None),
    ):
        if begun is not None:
            ratio, steps, t = float(ratios[begun]), start - begun, times[begun]
            rate = f", × {number(ratio ** (1 / steps), 3)} a step" if ratio > 0 else ""
            size = f"× {number(ratio, 3)} at t={t}{rate}"
            sentence = f"The gradient of L[{at}] {word} on its way back through {names}: {size}."
            grave: Severity = "note" if kind == "vanished" and steps >= thresholds.near else "warning"
            yield Alert(kind, grave, sentence, states[-1], "backward", t)  # type: ignore[arg-type]  # both are kinds


def _stuck(run: Run, thresholds: Thresholds) -> Iterator[Alert]:
    """Units of σ and tanh that stay flat, and of ReLUs that never open."""
    observed = run.T * run.B
    if observed < thresholds.fewest:
        return
    cell = run.model.cell
    for owner, definition in cell.definitions.items():
        if owner in (cell.probability, cell.loss):
            continue
        for node in dict.fromkeys(walk(definition)):
            if isinstance(node, Call) and isinstance(node.argument, Var) and node.argument.lag == 0:
                name = owner if node == definition else node.argument.name
                if node.function == "relu" or node.function in _STEEPEST:
                    seen = _observed(run, node, thresholds)
                    if node.function == "relu":
                        yield from _dead(name, seen)
                    else:
                        yield from _saturated(name, node, definition, seen, thresholds)


@dataclass(frozen=True, slots=True)
class _Observed:
    """A function of one argument over all times and sequences, unit by unit."""

    opened: NDArray[np.bool_]
    """(unit,): whether it was ever anything but 0."""
    flat: Array
    """(unit,): the share of times and sequences at which its slope was next to nothing."""
    since: NDArray[np.intp]
    """(unit,): the first time of these; 0 where there is none."""
    mean: Array
    """(unit,): of its values."""
    slope: Array
    """(unit,): the largest."""


def _observed(run: Run, node: Call, thresholds: Thresholds) -> _Observed:
    assert isinstance(node.argument, Var)  # whoever asks has looked
    slope = FUNCTIONS[node.function].slope
    assert slope is not None  # these functions act on each unit alone
    least = thresholds.flat * _STEEPEST.get(node.function, 1.0)
    units = run.model.size(run.model.cell.dims[node.argument.name])
    opened, since = np.zeros(units, bool), np.zeros(units, np.intp)
    flat, total, steepest = np.zeros(units), np.zeros(units), np.full(units, -np.inf)
    for first in range(1, run.T + 1, _AT_ONCE):
        arguments = run.block(node.argument.name, first, min(first + _AT_ONCE - 1, run.T))
        with np.errstate(all="ignore"):
            outputs = FUNCTIONS[node.function].value(arguments)
            slopes = slope(arguments, outputs)
        is_flat = slopes < least
        times = is_flat.any(axis=1)
        since = np.where((since == 0) & times.any(axis=0), times.argmax(axis=0) + first, since)
        opened |= (outputs != 0).any(axis=(0, 1))
        flat += is_flat.sum(axis=(0, 1))
        total += outputs.sum(axis=(0, 1))
        steepest = np.maximum(steepest, slopes.max(axis=(0, 1)))
    count = run.T * run.B
    return _Observed(opened, flat / count, since, total / count, steepest)


def _dead(name: str, seen: _Observed) -> Iterator[Alert]:
    dead = np.flatnonzero(~seen.opened)
    if len(dead):
        sentence = f"relu of {name} is 0 at every time in {_units(dead, seen)}: nothing goes back through it."
        yield Alert("dead", "warning", sentence, name, "forward", 1, tuple(dead.tolist()))


def _saturated(
    name: str, node: Call, definition: Expression, seen: _Observed, thresholds: Thresholds
) -> Iterator[Alert]:
    stuck = np.flatnonzero(seen.flat >= thresholds.share)
    if not len(stuck):
        return
    t = int(seen.since[stuck].min())
    shown = name if node == definition else f"{node.function}({name})"
    mean, largest = float(seen.mean[stuck].mean()), float(seen.slope[stuck].max())
    sentence = (
        f"{shown} is saturated in {_units(stuck, seen)}, on average {number(mean, 3)}: "
        f"its slope is at most {number(largest, 2)} of {number(_STEEPEST[node.function])}, so that it hardly learns."
    )
    yield Alert("saturated", "note", sentence, name, "forward", t, tuple(stuck.tolist()))


def _units(units: NDArray[np.intp], seen: _Observed) -> str:
    count = len(seen.flat)
    if len(units) == count:
        return "every unit" if count > 1 else "its only unit"
    listed = ", ".join(map(str, units[:6].tolist())) + (" …" if len(units) > 6 else "")
    return f"unit {listed}" if len(units) == 1 else f"{len(units)} of {count} units ({listed})"
