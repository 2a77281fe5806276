"""Results that took longer than a lesson may: numbers in JSON files beside the lesson, by name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bptt.errors import near
from bptt.query_values import QueryError
from rnntui.safe import InputError, InputErrors, read_text

if TYPE_CHECKING:
    from rnntui.course.reading import Reading

MAX_BYTES = 1_000_000


@dataclass(frozen=True)
class Results:
    """The files that a lesson names in `recorded`."""

    files: Mapping[str, Any] = field(default_factory=dict)

    @staticmethod
    def read(reading: Reading) -> Results:
        """Read every file. Raises InputErrors, one for each that cannot be read."""
        from rnntui.course.given import below

        found: dict[str, Any] = {}
        faults: list[InputError] = []
        for name, file in reading.recorded.items():
            path = ("recorded", name)
            try:
                found[name] = json.loads(read_text(below(reading, file, path), MAX_BYTES), parse_constant=float)
            except (ValueError, RecursionError):
                faults.append(reading.fault(path, f"{file} is not JSON"))
            except InputError as error:
                faults.append(reading.fault(path, f"{file}: {error.reason}"))
        if faults:
            raise InputErrors(faults)
        return Results(found)

    def entries(self, path: tuple[str, ...]) -> dict[str, str]:
        """Of an object of objects, the name of each of these that an expression can name → its `label`, or its name;
        empty where there is none."""
        part: Any = self.files
        for key in path:
            part = part.get(key) if isinstance(part, dict) else None
        if not isinstance(part, dict):
            return {}
        return {
            key: str(each.get("label", key))
            for key, each in part.items()
            if isinstance(each, dict) and key.isidentifier()
        }

    def value(self, path: tuple[str | int, ...]) -> float | NDArray[np.floating]:
        """A number, or a list of them. Raises QueryError where there is none."""
        part: Any = self.files
        done: list[str] = []
        for key in path:
            if isinstance(part, dict) and str(key) in part:
                part = part[str(key)]
            elif isinstance(part, list) and isinstance(key, int) and key < len(part):
                part = part[key]
            else:
                known = list(part) if isinstance(part, dict) else []
                hint = (
                    near(str(key), known) if known else f"it has {len(part)} entries" if isinstance(part, list) else ""
                )
                where = ".".join(done) or "recorded"
                raise QueryError(f"{where} has no {key!r}" + (f"; {hint}" if hint else ""))
            done.append(str(key))
        try:
            array = np.asarray(part if isinstance(part, list | int | float) else None)
        except ValueError:  # lists of unequal lengths
            array = np.asarray(None)
        if array.dtype.kind not in "if" or array.ndim > 1:
            raise QueryError(f"recorded({'.'.join(done)}) is neither a number nor a list of them")
        return array.astype(float) if array.ndim else float(array)
