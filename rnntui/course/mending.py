"""What can be read of a part of a lesson that is not well formed, so that the rest can be checked all the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from rnntui.course.sections import Part
from rnntui.course.steps import PLACING, Narration, Step

_STEP: TypeAdapter[Step] = TypeAdapter(Step)
P = TypeVar("P", bound=Part)


def whole(part: type[P], data: Any) -> P | None:
    """The part; None where anything is wrong with it."""
    try:
        return part.model_validate(data)
    except ValidationError:
        return None


def mended(part: type[P], data: Any) -> P | None:
    """The part without the keys that are wrong, so that what else is said of it makes sense."""
    try:
        return part.model_validate(data)
    except ValidationError as error:
        wrong = {detail["loc"][0] for detail in error.errors() if detail["loc"]}
    return whole(part, {key: data[key] for key in data if key not in wrong}) if isinstance(data, dict) else None


def mended_steps(steps: Any) -> Iterator[tuple[int, Step]]:
    """(place in the list, step): each without its wrong keys; of one that makes no sense then, where it stands."""
    for place, data in enumerate(steps if isinstance(steps, list) else ()):
        try:
            yield place, _STEP.validate_python(data)
        except ValidationError as error:
            if isinstance(data, dict):
                yield place, _mended_step(data, error)


def _mended_step(data: dict[str, Any], error: ValidationError) -> Step:
    wrong = {detail["loc"][1] for detail in error.errors() if len(detail["loc"]) > 1}
    kept = {key: data[key] for key in data if key not in wrong}
    for made in (kept, {key: kept[key] for key in PLACING if key in kept}):
        try:
            return _STEP.validate_python(made)
        except ValidationError:
            continue
    return Narration.model_construct()
