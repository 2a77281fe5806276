"""Methods chosen from a table by name, with their settings: one reader for optimizers, rates and clipping.

A choice is a name, a name with its first setting or with several, as data or as text:

    "adam"     {"momentum": 0.95}     {"cosine": {"start": 0.1, "end": 0.001, "warmup": 10}}
    "adam"     "momentum:0.95"        "cosine:0.1,end=0.001,warmup=10"
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bptt.errors import InputError, near, quoted

MAX_TEXT = 500


@dataclass(frozen=True)
class Setting:
    """One number of a method."""

    default: float | None
    """None where it must be given."""
    lowest: float = 0.0
    highest: float = math.inf
    open: bool = False
    """Whether the bounds themselves are left out."""
    whole: bool = False
    """Whether it must be a whole number."""

    def checked(self, value: object, argument: str) -> float:
        """The number, or InputError that says what was expected."""
        number = math.nan
        if isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool):
            try:
                number = float(value)
            except OverflowError:
                number = math.inf
        inside = self.lowest < number < self.highest if self.open else self.lowest <= number <= self.highest
        if not (inside and math.isfinite(number)) or (self.whole and number != int(number)):
            raise InputError(f"got {quoted(value)}, expected {self._expected()}", argument)
        return number

    def _expected(self) -> str:
        noun = "whole number" if self.whole else "number"
        if self.highest == math.inf:
            return f"a finite {noun} {'>' if self.open else '≥'} {self.lowest:g}"
        bounds = f"{self.lowest:g} and {self.highest:g}" if self.open else f"{self.lowest:g}…{self.highest:g}"
        return f"a {noun} between {bounds}" if self.open else f"a {noun} in {bounds}"


@dataclass(frozen=True)
class Choice:
    """A method's name with all its settings."""

    name: str
    settings: Mapping[str, float]

    def __str__(self) -> str:
        """The text form: `momentum:decay=0.9`."""
        listed = ",".join(f"{name}={value!r}" for name, value in self.settings.items())
        return f"{self.name}:{listed}" if listed else self.name


def choose(value: object, table: Mapping[str, Mapping[str, Setting]], argument: str) -> Choice:
    """Read a choice from `table`, method → its settings, the main one first. Raises InputError naming `argument` for an
    unknown method or setting, for one that is missing, and for a number that cannot be."""
    name, given = _read(value, argument)
    if not isinstance(name, str) or name not in table:
        ways = [f"{method}:{name}" for method, known in table.items() if known]
        if ways and isinstance(name, str) and _NUMBER.fullmatch(name):
            raise InputError(f"got a number alone, and not of what: write {' or '.join(ways)}", argument)
        raise InputError(f"there is no {quoted(name)}; {near(name, table)}", argument)
    known = table[name]
    if _MAIN in given and not known:
        raise InputError(f"{name} takes no number, got {quoted(given[_MAIN])}", argument)
    named = {next(iter(known)) if key == _MAIN else key: number for key, number in given.items()}
    for key in named:
        if key not in known:
            raise InputError(f"{name} has no setting {quoted(key)}; {near(key, known)}", argument)
    settings = {}
    for key, setting in known.items():
        number = named.get(key, setting.default)
        if number is None:
            raise InputError(f"{name} needs a number: {name}:0.1", argument)
        settings[key] = setting.checked(number, argument if key == next(iter(known)) else f"{argument} {key}")
    return Choice(name, settings)


_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_MAIN = ""
"""Stands for the name of the main setting, which only the table knows."""


def _read(value: object, argument: str) -> tuple[object, Mapping[str, object]]:
    """(the method's name, setting → number)."""
    if isinstance(value, Choice):
        return value.name, value.settings
    if isinstance(value, str):
        return _parse(value, argument)
    if isinstance(value, Mapping) and len(value) == 1:
        ((name, given),) = value.items()
        return name, given if isinstance(given, Mapping) else {_MAIN: given}
    raise InputError(f"got {quoted(value)}, expected a name, or one name with its settings", argument)


def _parse(text: str, argument: str) -> tuple[str, dict[str, object]]:
    if len(text) > MAX_TEXT:
        raise InputError(f"got {len(text)} characters, expected at most {MAX_TEXT}", argument)
    name, colon, rest = text.partition(":")
    settings: dict[str, object] = {}
    for place, item in enumerate(rest.split(",") if colon else ()):
        key, equals, typed = item.strip().rpartition("=")
        try:
            number = float(typed)
        except ValueError:
            raise InputError(f"{quoted(typed.strip())} in {quoted(text)} is not a number", argument) from None
        if not equals and place > 0:
            raise InputError(f"{quoted(item.strip())} in {quoted(text)}: write NAME=NUMBER", argument)
        settings[key.strip() if equals else _MAIN] = number
    return name.strip(), settings
