"""The engine: a recurrent cell is its equations; backpropagation through time is derived from them."""

from bptt.cell import Cell
from bptt.cells import CELLS
from bptt.equation import Equation
from bptt.errors import InputError
from bptt.files import load, save
from bptt.gradcheck import gradcheck
from bptt.language import EquationError
from bptt.model import Model
from bptt.run import Run, Step
from bptt.trace import Trace, trace

__all__ = [
    "CELLS",
    "Cell",
    "Equation",
    "EquationError",
    "InputError",
    "Model",
    "Run",
    "Step",
    "Trace",
    "gradcheck",
    "load",
    "save",
    "trace",
]
