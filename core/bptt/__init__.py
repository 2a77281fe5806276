"""The engine: a recurrent cell is its equations; backpropagation through time is derived from them."""

from importlib import import_module
from types import ModuleType

from bptt.cell import Cell
from bptt.cells import CELLS
from bptt.equation import Equation
from bptt.errors import InputError
from bptt.files import load, save
from bptt.gradcheck import gradcheck
from bptt.language import EquationError
from bptt.model import Model
from bptt.run import Run, Step
from bptt.tasks import TASKS
from bptt.trace import Trace, trace
from bptt.training import Training

__all__ = [
    "CELLS",
    "TASKS",
    "Cell",
    "Equation",
    "EquationError",
    "InputError",
    "Model",
    "Run",
    "Step",
    "Trace",
    "Training",
    "gradcheck",
    "load",
    "save",
    "trace",
]

_WHEN_ASKED = ("debugger", "diagnostics")
"""Packages that are imported when they are first asked for."""


def __getattr__(name: str) -> ModuleType:
    if name in _WHEN_ASKED:
        return import_module(f"bptt.{name}")
    raise AttributeError(f"module 'bptt' has no attribute {name!r}")
