"""How parameters start: named schemes, explicit numbers, and the short text form of both.

A specification is a scheme for all matrices, or a dict parameter → scheme or numbers in which "default"
stands for the matrices not named. Vectors (biases, peepholes) start at 0 unless named, those that scale a
normalised vector at 1. A scheme is a name, or {name: number}:

    "glorot"                 uniform in ±√(6 / (rows + columns)) (Glorot and Bengio 2010, eq. 16)
    {"scale": s}             s times the glorot draw
    {"spectral_radius": r}   the glorot draw, rescaled so that its largest |eigenvalue| is r; square only
    "orthogonal"             g times a random matrix with orthonormal rows or columns (Saxe et al. 2013);
                             {"orthogonal": g}, g = 1 where it is not given
    "identity"               g on the main diagonal, 0 elsewhere (Le et al. 2015); {"identity": g}
    {"normal": d}            mean 0, standard deviation d
    {"uniform": a}           uniform in ±a
    {"constant": c}, "zeros"
    2, [0, 1], array         explicit numbers; a single one fills the parameter

Where a dict's only key is both a scheme and a parameter of the cell, it is the parameter. In a stacked cell `W`
stands for the W of every layer, `W2` for that of the second.

The text form, as in `--init SPEC`:

    SPEC   = ITEM { "," ITEM }            W=orthogonal:0.9,b_f=1,U=scale:0.1
    ITEM   = [ PARAMETER "=" ] VALUE      without PARAMETER: the default for matrices, once at most
    VALUE  = SCHEME [ ":" NUMBER ] | NUMBER | LIST
    LIST   = "[" … "]"                    rows of numbers as in JSON: b_f=[1,1,1,-4]
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from bptt.arrays import floats
from bptt.errors import InputError, near, quoted
from bptt.schemes import SCHEMES

Array = NDArray[np.floating]
Shape = tuple[int, ...]
Specification = str | float | list[object] | Array | Mapping[str, object]

MAX_TEXT = 2_000
_DEFAULT = "default"
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_FLOAT64 = np.dtype(np.float64)


@dataclass(frozen=True)
class _Choice:
    """A scheme with its number."""

    name: str
    number: float


def initialise(
    shapes: Mapping[str, Shape],
    specification: object,
    seed: int,
    gains: Collection[str] = (),
    stems: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, Array]:
    """Parameter → float64 array, for parameter → shape. A parameter's draw depends on the seed, its name, its
    shape and its own scheme, on nothing else. `gains`: the vectors that start at 1 unless named; `stems`: parameter of
    a layer → the name that stands for it in all layers.

    Raises InputError for an unknown parameter or scheme, a scheme or numbers that do not fit the shape."""
    choices = _resolve(specification, shapes, gains, stems)
    drawn: dict[str, Array] = {}
    for name, shape in shapes.items():
        choice = choices[name]
        if not isinstance(choice, _Choice):
            drawn[name] = _filled(choice, name, shape)
            continue
        _check_fit(choice, name, shape)
        random = np.random.default_rng(np.random.SeedSequence([seed, crc32(name.encode())]))
        with np.errstate(over="ignore", invalid="ignore"):
            drawn[name] = SCHEMES[choice.name].draw(random, shape, choice.number)
    return drawn


def describe(specification: object) -> str:
    """The text form of a specification, with "numbers" where it holds lists or arrays."""
    if isinstance(specification, Mapping) and not _is_scheme(specification, ()):
        ordered = sorted(specification.items(), key=lambda item: item[0] != _DEFAULT)
        return ",".join(("" if n == _DEFAULT else f"{n}=") + _described(value) for n, value in ordered)
    return _described(specification)


def parse_spec(text: str) -> Specification:
    """The specification that a text form stands for. Raises InputError naming the item that cannot be read;
    the names of parameters are checked when a model is made."""
    if len(text) > MAX_TEXT:
        raise InputError(f"got {len(text)} characters, expected at most {MAX_TEXT}", "init")
    found: dict[str, object] = {}
    for item in _items(text):
        name, equals, value = item.strip().partition("=")
        name, value = (name.strip(), value.strip()) if equals else (_DEFAULT, name.strip())
        if not value or not name:
            raise InputError(f"{quoted(item)} is not a scheme: write for example W=orthogonal:0.9,b=1", "init")
        if name in found:
            what = "the default" if name == _DEFAULT else name
            raise InputError(f"{what} is given twice in {quoted(text)}", "init")
        found[name] = _parse_value(value)
    if set(found) == {_DEFAULT} and isinstance(found[_DEFAULT], str | dict):
        return found[_DEFAULT]  # type: ignore[return-value]  # a scheme, by the test above
    return found


def _items(text: str) -> Iterator[str]:
    """The text between the commas that stand outside brackets."""
    depth = start = 0
    for i, character in enumerate(text):
        depth += {"[": 1, "]": -1}.get(character, 0)
        if character == "," and depth == 0:
            yield text[start:i]
            start = i + 1
    yield text[start:]


def _parse_value(text: str) -> object:
    if text.startswith("["):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise InputError(f"{quoted(text)} is not a list of numbers", "init") from None
    if _NUMBER.fullmatch(text):
        return float(text)
    scheme, colon, number = text.partition(":")
    if colon and not _NUMBER.fullmatch(number.strip()):
        raise InputError(f"{quoted(text)}: {quoted(number)} is not a plain number", "init")
    value: object = {scheme.strip(): float(number)} if colon else scheme.strip()
    choice = _choice(value)
    return value if colon else choice.name


def _described(value: object) -> str:
    if isinstance(value, Mapping) and len(value) == 1:
        ((name, number),) = value.items()
        return f"{name}:{_described(number)}"
    if isinstance(value, int | float):
        return repr(float(value)).removesuffix(".0")
    return value if isinstance(value, str) else "numbers"


def _is_scheme(specification: Mapping[str, object], parameters: Mapping[str, Shape] | tuple[()]) -> bool:
    """Whether a dict is one scheme with its number, and not parameter → scheme."""
    return len(specification) == 1 and all(name in SCHEMES and name not in parameters for name in specification)


def _resolve(
    specification: object, shapes: Mapping[str, Shape], gains: Collection[str], stems: Mapping[str, str]
) -> dict[str, object]:
    """Parameter → _Choice or explicit numbers."""
    if isinstance(specification, str):
        specification = parse_spec(specification)
    named: dict[str, object] = {}
    default: object = specification
    if isinstance(specification, Mapping) and not _is_scheme(specification, shapes):
        named = dict(specification)
        default = "glorot" if _DEFAULT in shapes else named.pop(_DEFAULT, "glorot")
        for name in named:
            if name not in shapes and name not in stems.values():
                hint = f'a scheme for all matrices goes under "{_DEFAULT}"' if name in SCHEMES else near(name, shapes)
                raise InputError(f"no parameter is called {quoted(name)}; {hint}", "init")
    for_matrices = _choice_or_numbers(default)
    for_vectors = {name: _Choice("constant", 1.0 if name in gains else 0.0) for name in shapes}
    found: dict[str, object] = {}
    for name, shape in shapes.items():
        key = name if name in named else stems.get(name)
        if key in named:
            found[name] = _choice_or_numbers(named[key])
        else:
            found[name] = for_matrices if len(shape) == 2 else for_vectors[name]
    return found


def _choice_or_numbers(value: object) -> object:
    if isinstance(value, str):
        value = _parse_value(value.strip())
    return _choice(value) if isinstance(value, str | Mapping) else value


def _choice(value: object) -> _Choice:
    """The scheme of "name" or {name: number}. Raises InputError where there is no such scheme or number."""
    number: object = None
    name: object = value
    if isinstance(value, Mapping):
        if len(value) != 1:
            names = ", ".join(quoted(key) for key in list(value)[:4])
            raise InputError(f"a scheme is one name with one number, got {{{names}}}", "init")
        ((name, number),) = value.items()
    if not isinstance(name, str) or name not in SCHEMES:
        raise InputError(f"no scheme is called {quoted(name)}; {near(name, SCHEMES)}", "init")
    scheme = SCHEMES[name]
    if not isinstance(value, Mapping):
        if scheme.number == "required":
            raise InputError(f"{name} needs a number: {name}:0.5", "init")
        return _Choice(name, 1.0)
    if scheme.number == "none":
        raise InputError(f"{name} takes no number, got {quoted(number)}", "init")
    if isinstance(number, bool) or not isinstance(number, int | float | np.integer | np.floating):
        raise InputError(f"{name} takes a number, got {quoted(number)}", "init")
    try:
        size = float(number)
    except OverflowError:
        size = math.inf
    if not math.isfinite(size) or (size < 0 and not scheme.negative):
        raise InputError(f"{name} takes a finite number{'' if scheme.negative else ' ≥ 0'}, got {size:g}", "init")
    return _Choice(name, size)


def _check_fit(choice: _Choice, name: str, shape: Shape) -> None:
    scheme = SCHEMES[choice.name]
    if len(shape) == 1 and not scheme.vectors:
        fitting = ", ".join(known for known, other in SCHEMES.items() if other.vectors)
        raise InputError(f"{name} is a vector, {choice.name} is for matrices: use a number, {fitting}", "init")
    if scheme.square and shape[0] != shape[1]:
        raise InputError(
            f"{choice.name} needs a square matrix, {name} is {shape}: name the matrix, W={choice.name}:0.9",
            "init",
        )


def _filled(value: object, name: str, shape: Shape) -> Array:
    given = floats(value, f"init {name}", _FLOAT64, finite=False)
    if given.shape not in ((), shape):
        raise InputError(f"got shape {given.shape}, expected {shape} or one number", f"init {name}")
    return np.array(np.broadcast_to(given, shape))
