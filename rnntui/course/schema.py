"""The JSON Schema of a lesson, made from the models that read one."""

from __future__ import annotations

import json
from typing import Any

from rnntui.course.lesson import Lesson


def schema() -> dict[str, Any]:
    """As data."""
    made = Lesson.model_json_schema(by_alias=True)
    return {"$schema": "http://json-schema.org/draft-07/schema#", **_draft_7(made)}


def schema_text() -> str:
    """As the file lessons/lesson.schema.json has it."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


def _draft_7(part: Any) -> Any:
    """The words of draft 7, which editors read: definitions for $defs."""
    if isinstance(part, dict):
        return {("definitions" if key == "$defs" else key): _draft_7(value) for key, value in part.items()}
    if isinstance(part, list):
        return [_draft_7(item) for item in part]
    return part.replace("#/$defs/", "#/definitions/") if isinstance(part, str) else part
