"""Optimisers: how a gradient becomes a step, each as its equations and nothing else.

An optimiser is written in the language of cells. `t` counts the updates, x[t] is the gradient of an entry of a
parameter, w[t] that entry after the update, w[t-1] before it; any other variable is a memory that starts at 0. `rate`
is the learning rate; other bare names are settings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bptt.equation import Equation
from bptt.evaluation import Interpreter
from bptt.expressions import Expression, Number, Param, Product, Var, multiply, rewrite, walk
from bptt.language import parse_equations
from bptt.notation import render
from bptt.settings import Choice, Setting, choose
from bptt.tape import Tape
from bptt.targets import Targets

Array = NDArray[np.floating]


@dataclass(frozen=True)
class Method:
    """An optimiser before its settings are filled in."""

    about: str
    """Where it comes from, in a line."""
    equations: str
    settings: Mapping[str, Setting]


def _decay(share: float) -> Setting:
    return Setting(share, 0.0, 1.0)


_TINY = Setting(1e-8, open=True)
METHODS: dict[str, Method] = {
    "sgd": Method(
        "gradient descent",
        """
w[t] = w[t-1] - rate * x[t]
""",
        {},
    ),
    "momentum": Method(
        "with a velocity (Polyak 1964; in the form of Sutskever et al. 2013)",
        """
v[t] = decay * v[t-1] + x[t]    # velocity
w[t] = w[t-1] - rate * v[t]
""",
        {"decay": _decay(0.9)},
    ),
    "rmsprop": Method(
        "divided by a running root mean square (Tieleman and Hinton 2012)",
        """
v[t] = decay * v[t-1] + (1 - decay) * x[t]**2    # mean square
w[t] = w[t-1] - rate * x[t] / (sqrt(v[t]) + epsilon)
""",
        {"decay": _decay(0.99), "epsilon": _TINY},
    ),
    "adam": Method(
        "both, with their start corrected (Kingma and Ba 2015)",
        """
m[t] = beta1 * m[t-1] + (1 - beta1) * x[t]       # mean
v[t] = beta2 * v[t-1] + (1 - beta2) * x[t]**2    # mean square
c1[t] = beta1 * c1[t-1] + (1 - beta1)            # how much of the mean is there: 1 − beta1ᵗ
c2[t] = beta2 * c2[t-1] + (1 - beta2)            # and of the mean square
w[t] = w[t-1] - rate * (m[t] / c1[t]) / (sqrt(v[t] / c2[t]) + epsilon)
""",
        {"beta1": _decay(0.9), "beta2": _decay(0.999), "epsilon": _TINY},
    ),
}
"""Name → method."""


class Optimiser:
    """A method with its settings, for a row of so many numbers; computed by the interpreter that steps cells."""

    def __init__(self, choice: Choice, size: int, dtype: np.dtype[np.floating]) -> None:
        """`size`: how many numbers all parameters have together."""
        self.choice = choice
        self.lines = _equations(choice.name, tuple(choice.settings.items()))
        """The equations, settings filled in; the last is that of w."""
        self.shared = _shared(self.lines)
        """The memories that are the same for all parameters."""
        self.memory = tuple(line.target for line in self.lines[:-1])
        """What is carried from one update to the next besides the parameters."""
        sizes = {line.target: 1 if line.target in self.shared else size for line in self.lines} | {"x": size}
        self._tape = Tape(1, 1, sizes, dict.fromkeys((line.target for line in self.lines), 1), dtype)
        self._rate = np.zeros(1, dtype)
        interpreter = Interpreter(self._tape, {"rate": self._rate}, Targets.of(np.zeros((1, 1, 1), dtype), 1, dtype))
        self._closures = [(line.target, interpreter.compile(line.expression)) for line in self.lines]

    def start(self) -> dict[str, Array]:
        """The memories before the first update: zeros."""
        return {name: np.zeros_like(self._tape.values[name][0, 0]) for name in self.memory}

    def update(
        self, parameters: Array, gradient: Array, memory: Mapping[str, Array], rate: float
    ) -> tuple[Array, dict[str, Array]]:
        """(the row of parameters, the memories) after one update."""
        values = self._tape.values
        values["x"][0, 0] = gradient
        values["w"][0, 0] = parameters
        for name, row in memory.items():
            values[name][0, 0] = row
        self._rate[0] = rate
        with np.errstate(all="ignore"):
            for name, compute in self._closures:
                values[name][1] = compute(1)
        return values["w"][1, 0].copy(), {name: values[name][1, 0].copy() for name in self.memory}

    def text(self, line: Equation, parameter: str, rate: float) -> str:
        """A line as it updates one parameter: `W ← W − 0.1·∇W`."""
        return f"{self.called(line.target, parameter)} ← {self._side(line, parameter, rate)}"

    def called(self, name: str, parameter: str) -> str:
        """What a variable of the equations is for one parameter: w is `W`, x is `∇W`, m is `m_W`."""
        own = {"w": parameter, "x": f"∇{parameter}"}
        return own.get(name, name if name in self.shared else f"{name}_{parameter}")

    def reads(self, line: Equation, parameter: str) -> tuple[str, ...]:
        """What a line reads, each once, in reading order."""
        found = [self.called(node.name, parameter) for node in walk(line.expression) if isinstance(node, Var)]
        return tuple(dict.fromkeys(found))

    def _side(self, line: Equation, parameter: str, rate: float) -> str:
        return render(
            _with_rate(line.expression, rate),
            leaf=lambda node: self.called(node.name, parameter) if isinstance(node, Var) else None,
        )


def choose_optimiser(value: object) -> Choice:
    """From a name, or a name with settings: `{"momentum": 0.95}`, `"adam:beta2=0.99"`. Raises InputError naming
    optimizer."""
    return choose(value, {name: method.settings for name, method in METHODS.items()}, "optimizer")


def _equations(name: str, settings: tuple[tuple[str, float], ...]) -> tuple[Equation, ...]:
    text = METHODS[name].equations
    for setting, value in settings:
        text = re.sub(rf"\b{setting}\b", repr(value), text)
    return parse_equations(text)


def _shared(lines: tuple[Equation, ...]) -> frozenset[str]:
    """The variables on which neither a parameter nor its gradient has a bearing."""
    shared: set[str] = set()
    for line in lines:
        read = {node.name for node in walk(line.expression) if isinstance(node, Var)}
        if read <= shared | {line.target} and line.target != "w":
            shared.add(line.target)
    return frozenset(shared)


def _with_rate(expression: Expression, rate: float) -> Expression:
    """The expression with the rate as a number."""
    match expression:
        case Param():
            return Number(rate)
        case Product(factors):
            return multiply(*(_with_rate(factor, rate) for factor in factors))
    return rewrite(expression, lambda part: _with_rate(part, rate))
