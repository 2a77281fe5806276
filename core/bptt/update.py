"""One update: from the gradient of a batch to new parameters, by clipping, penalties and an optimiser, line by line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bptt.arrays import locked
from bptt.clipping import CLIPPINGS
from bptt.equation import Equation
from bptt.model import Model
from bptt.numerals import number
from bptt.optimisers import Optimiser
from bptt.packing import Packing, norm_of
from bptt.penalties import PENALTIES
from bptt.settings import Choice
from bptt.snapshots import State

Array = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class UpdateLine:
    """One line of an update, like `W ← W − 0.1·∇W`."""

    target: str
    """What it computes: `W`, `∇W`, `‖∇‖`, or a memory like `m_W`."""
    text: str
    reads: tuple[str, ...]
    """What its right-hand side reads, each once."""
    comment: str = ""
    kind: Literal["update"] = "update"

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class UpdateStep:
    """One line of an update, computed; the counterpart of `bptt.Step` where time stands still."""

    index: int
    """Counted from 0 at the first forward step of the iteration."""
    t: int
    """0: an update belongs to no time."""
    target: str
    equation: UpdateLine
    value: Array
    """In the parameter's shape, or () for a single number. Read-only."""
    reads: tuple[str, ...]
    phase: Literal["update"] = "update"


@dataclass(frozen=True, eq=False)
class Update:
    """What one update computed, each as a row of all parameters."""

    rate: float
    gradient: Array
    clipped: Array
    penalised: tuple[Array, ...]
    """The gradient after each penalty, in their order."""
    parameters: Array
    memory: Mapping[str, Array]

    @cached_property
    def norm(self) -> float:
        """‖∇‖ before clipping."""
        return norm_of(self.gradient)


class Updater:
    """How the parameters of a model are updated, with all settings."""

    def __init__(
        self,
        model: Model,
        optimizer: Choice,
        clip: Choice | None,
        penalties: Mapping[str, Mapping[str, float]],
    ) -> None:
        """`penalties`: l1 and l2 → parameter → coefficient."""
        self.packing = Packing({name: array.shape for name, array in model.parameters.items()}, model.dtype)
        self.optimiser = Optimiser(optimizer, self.packing.size, model.dtype)
        self.clip = clip
        self._names = tuple(model.parameters)
        self._penalties = {name: found for name in PENALTIES if (found := penalties.get(name))}
        self._coefficients = {name: self.packing.filled(found) for name, found in self._penalties.items()}

    def update(self, parameters: Array, gradient: Array, memory: Mapping[str, Array], rate: float) -> Update:
        """One update, all arrays new ones."""
        with np.errstate(all="ignore"):
            clipped = gradient
            if self.clip is not None:
                clipped = CLIPPINGS[self.clip.name].clip(gradient, self.clip.settings["bound"])
            penalised: list[Array] = []
            for name, coefficients in self._coefficients.items():
                before = penalised[-1] if penalised else clipped
                penalised.append(before + coefficients * PENALTIES[name].slope(parameters))
            last = penalised[-1] if penalised else clipped
            new, remembered = self.optimiser.update(parameters, last, memory, rate)
        return Update(rate, gradient, clipped, tuple(penalised), new, remembered)

    @cached_property
    def places(self) -> tuple[_Place, ...]:
        """The lines of every update, in order: clipping, penalties, then the optimiser's."""
        found: list[_Place] = []
        if self.clip is not None:
            if CLIPPINGS[self.clip.name].by_norm:
                found.append(_Place("norm"))
            found += [_Place("clip", name) for name in self._names]
        for penalty, named in self._penalties.items():
            found += [_Place(penalty, name) for name in named]
        shared = [line for line in self.optimiser.lines if line.target in self.optimiser.shared]
        own = [line for line in self.optimiser.lines if line.target not in self.optimiser.shared]
        found += [_Place("optimizer", line=line) for line in shared]
        return (*found, *(_Place("optimizer", name, line) for name in self._names for line in own))

    def line(self, place: int, update: Update) -> tuple[UpdateLine, Array]:
        """A line and its value; `place`: which of `places`."""
        at = self.places[place]
        if at.kind == "norm":
            text = f"‖∇‖ = √({' + '.join(f'‖∇{name}‖²' for name in self._names)})"
            line = UpdateLine("‖∇‖", text, tuple(f"∇{name}" for name in self._names), "of all gradients together")
            return line, locked(np.array(update.norm))
        if at.kind == "clip":
            return self._clipped(at.parameter, update)
        if at.kind in PENALTIES:
            return self._penalised(at.kind, at.parameter, update)
        assert at.line is not None  # the optimiser's places have one
        called = self.optimiser.called(at.line.target, at.parameter)
        text = self.optimiser.text(at.line, at.parameter, update.rate)
        line = UpdateLine(called, text, self.optimiser.reads(at.line, at.parameter), at.line.comment)
        row = update.parameters if at.line.target == "w" else update.memory[at.line.target]
        return line, locked(np.array(row[0])) if not at.parameter else self._view(row, at.parameter)

    def reading(self, place: int, name: str, before: State, update: Update) -> Array:
        """What a line reads under a name: what the last line before it made of that, else what the update began with.
        KeyError for a name that is not of this update."""
        for earlier in range(place - 1, -1, -1):
            line, value = self.line(earlier, update)
            if line.target == name:
                return value
        return self._given(before, update)[name]()

    def _given(self, before: State, update: Update) -> dict[str, Callable[[], Array]]:
        """Name → what an update begins with: parameters, their gradients, memories."""
        found: dict[str, Callable[[], Array]] = {}
        for memory in self.optimiser.memory:
            row = before.memory[memory]
            if memory in self.optimiser.shared:
                found[memory] = partial(locked, np.array(row[0]))
                continue
            found |= {self.optimiser.called(memory, name): partial(self._view, row, name) for name in self._names}
        for name in self._names:
            found[f"∇{name}"] = partial(self._view, update.gradient, name)
            found[name] = partial(self._view, before.parameters, name)
        return found

    def _clipped(self, name: str, update: Update) -> tuple[UpdateLine, Array]:
        assert self.clip is not None  # else it has no places
        clipping, bound = CLIPPINGS[self.clip.name], self.clip.settings["bound"]
        reads: tuple[str, ...] = (f"∇{name}",)
        text, comment = f"∇{name} ← ∇{name}", f"‖∇‖ is not above {number(bound)}"
        if not clipping.by_norm or update.norm > bound:
            text = f"∇{name} ← {clipping.text.format(W=name, c=number(bound))}"
            comment = ""
            reads = (*reads, "‖∇‖") if clipping.by_norm else reads
        return UpdateLine(f"∇{name}", text, reads, comment), self._view(update.clipped, name)

    def _penalised(self, penalty: str, name: str, update: Update) -> tuple[UpdateLine, Array]:
        coefficient = number(self._penalties[penalty][name])
        text = f"∇{name} ← {PENALTIES[penalty].text.format(W=name, c=coefficient)}"
        comment = f"from the penalty {PENALTIES[penalty].about.format(W=name, c=coefficient)}"
        row = update.penalised[list(self._penalties).index(penalty)]
        return UpdateLine(f"∇{name}", text, (f"∇{name}", name), comment), self._view(row, name)

    def _view(self, row: Array, name: str) -> Array:
        view = self.packing.view(row, name).view()
        view.flags.writeable = False
        return view


@dataclass(frozen=True, slots=True)
class _Place:
    """Where one line of an update belongs."""

    kind: str
    """norm, clip, optimizer, or the penalty's name."""
    parameter: str = ""
    """Empty for a line of all parameters."""
    line: Equation | None = None
