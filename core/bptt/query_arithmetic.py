"""What a query's operators and functions make of the values that were found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptt.functions import FUNCTIONS, LOSSES
from bptt.gradcheck import relative_error
from bptt.norms import cosine
from bptt.query_nodes import Comparison, Operation

Array = NDArray[np.floating]


class Pending(Enum):
    """Stands for what the cursor has not reached; counts as false."""

    PENDING = "pending"

    def __bool__(self) -> bool:
        return False


PENDING = Pending.PENDING
Value = float | bool | Array
Found = Value | Pending


class QueryError(ValueError):
    """A query that this run cannot answer: a time or component that does not exist, vectors that do not fit; the
    message is one line."""


_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "**": np.power,
}
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}


_PAIRS: dict[str, Callable[[Array, Array], float]] = {"rel_error": relative_error, "cosine": cosine}


def component(part: Found, index: Found, text: str) -> Found:
    """`part[index]`; `text`: how the part is written."""
    if isinstance(part, Pending) or isinstance(index, Pending):
        return PENDING
    array = np.asarray(part)
    if array.ndim == 0:
        raise QueryError(f"{text} is a single number and has no components: leave the brackets out")
    place = _single(index, f"the component of {text}")
    if not place.is_integer():
        raise QueryError(f"{text}[{place:g}] does not exist: components are counted in whole numbers")
    if not 0 <= place < len(array):
        what = "components" if array.ndim == 1 else "rows"
        raise QueryError(f"{text}[{place:.0f}] does not exist: {text} has {what} 0 … {len(array) - 1}")
    found = array[int(place)]
    return np.array(found) if np.ndim(found) else float(found)


def operation(node: Operation, values: Sequence[Found]) -> Found:
    """What an operator makes of its operands."""
    if any(isinstance(value, Pending) for value in values):
        return PENDING
    arrays = [np.asarray(value) for value in values]
    if len(arrays) == 1:
        return _plain(-arrays[0])
    left, right = arrays
    with np.errstate(all="ignore"):
        if node.operator == "@":
            if left.ndim != 2 or right.ndim != 1 or left.shape[1] != len(right):
                raise QueryError(f"{node.text}: got {_shape(left)} @ {_shape(right)}, expected matrix @ vector")
            return _plain(left @ right)
        if left.ndim and right.ndim and left.shape != right.shape:
            raise QueryError(f"{node.text}: {_shape(left)} and {_shape(right)} do not fit together")
        return _plain(_ARITHMETIC[node.operator](left, right))


def comparison(node: Comparison, values: Sequence[Found]) -> Found:
    """Whether each value stands to the next as it should."""
    if any(isinstance(value, Pending) for value in values):
        return PENDING
    numbers = [_single(value, node.text) for value in values if not isinstance(value, Pending)]
    pairs = zip(node.operators, numbers, numbers[1:], strict=False)
    return all(_COMPARISONS[operator](a, b) for operator, a, b in pairs)


def logic(operator: str, values: Sequence[Found]) -> Found:
    """What holds whatever the pending parts turn out to be; PENDING where it hangs on them."""
    if operator == "not":
        return PENDING if isinstance(values[0], Pending) else not values[0]
    decisive = operator == "or"
    if any(value is decisive for value in values):
        return decisive
    return PENDING if any(isinstance(value, Pending) for value in values) else not decisive


def applied(function: str, arrays: Sequence[Array], K: int, text: str) -> Found:
    """What a function makes of its arguments; `K`: how many classes there are."""
    first = arrays[0]
    if function in _PAIRS:
        if first.shape != arrays[1].shape:
            raise QueryError(f"{text}: {_shape(first)} and {_shape(arrays[1])} do not fit together")
        return _PAIRS[function](*arrays)
    if function in LOSSES:
        return _loss_of(function, first, arrays[1], K, text)
    match function:
        case "isnan":
            return bool(np.isnan(first).any())
        case "isfinite":
            return bool(np.isfinite(first).all())
        case "argmax":
            if first.ndim != 1:
                raise QueryError(f"{text}: got {_shape(first)}, expected a vector")
            return float(first.argmax())
        case "onehot":
            return _one_hot(_single(first, text), K, text)
    entry = FUNCTIONS[function]
    if entry.scalar:
        return float(entry.value(first.reshape(1, -1))[0, 0])
    if entry.slope is None and first.ndim != 1:
        raise QueryError(f"{text}: got {_shape(first)}, expected a vector")
    return _plain(entry.value(first.reshape(1, -1)).reshape(first.shape))


def _one_hot(place: float, K: int, text: str) -> Array:
    if not (place.is_integer() and 0 <= place < K):
        raise QueryError(f"{text}: got {place:g}, expected a class 0 … {K - 1}")
    return np.asarray(np.eye(K)[int(place)])


def _loss_of(function: str, prediction: Array, target: Array, K: int, text: str) -> float:
    if np.isnan(target).any() or (LOSSES[function].classes and target.ndim == 0 and target == -1):
        return 0.0
    if LOSSES[function].classes:
        target = _one_hot(_single(target, text), K, text)
    if prediction.shape != target.shape:
        raise QueryError(f"{text}: {_shape(prediction)} and {_shape(target)} do not fit together")
    return float(LOSSES[function].value(prediction.reshape(1, -1), target.reshape(1, -1))[0, 0])


def _single(value: Value, text: str) -> float:
    array = np.asarray(value)
    if array.size != 1:
        hint = "compare one component, or a norm, max or mean of it"
        raise QueryError(f"{text}: got {_shape(array)}, expected a single number: {hint}")
    return float(array.reshape(()))


def _plain(array: Array) -> float | Array:
    return np.asarray(array) if np.ndim(array) else float(array)


def _shape(array: Array) -> str:
    match array.shape:
        case ():
            return "a number"
        case (length,):
            return f"a vector of {length}"
    return f"a matrix {' × '.join(map(str, array.shape))}"
