"""The JSON Schema of a lesson: made from the models that read one, with values to offer and rules on several keys."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Any

from bptt.cells import CELLS
from bptt.clipping import CLIPPINGS
from bptt.faults import FAULTS
from bptt.optimisers import METHODS
from bptt.rates import RATES
from bptt.schemes import SCHEMES
from bptt.tasks import TASKS
from rnntui.course.lesson import Lesson
from rnntui.course.sections import SOURCES
from rnntui.course.steps import QUESTIONS

Schema = dict[str, Any]
_MOVES = ("goto", "step", "back", "until")


def schema() -> Schema:
    """As data: draft 7, which editors read."""
    made = _draft_7(Lesson.model_json_schema(by_alias=True))
    parts: dict[str, Schema] = made["definitions"]
    for (part, key), values in _values().items():
        parts[part]["properties"][key] |= values
    for part in ("DataPart", "BpttPart", "TrainingPart"):
        parts[f"Some{part}"] = _keys(parts[part])
    case, training = parts["CasePart"]["properties"], parts["TrainingPart"]["properties"]
    for section, part in (("data", "DataPart"), ("bptt", "BpttPart")):
        del case[section]["type"], case[section]["additionalProperties"]
        case[section]["allOf"] = [_some(part)]
    case["training"]["anyOf"][0] = _some("TrainingPart")
    for section in ("data", "holdout"):
        training[section]["anyOf"] = [_some("DataPart"), {"type": "null"}]
    for part, rules in _RULES.items():
        parts[part] |= rules
    return {"$schema": "http://json-schema.org/draft-07/schema#", **made}


def schema_text() -> str:
    """As the file lessons/lesson.schema.json has it."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


def _draft_7(part: Any) -> Any:
    """The words of draft 7: definitions for $defs."""
    if isinstance(part, dict):
        return {("definitions" if key == "$defs" else key): _draft_7(value) for key, value in part.items()}
    if isinstance(part, list):
        return [_draft_7(item) for item in part]
    return part.replace("#/$defs/", "#/definitions/") if isinstance(part, str) else part


def _keys(part: Schema) -> Schema:
    """A part that need not be whole: what is put over another."""
    return _object(part["properties"])


def _object(properties: Schema) -> Schema:
    """With these keys and no others."""
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _some(part: str) -> Schema:
    return {"$ref": f"#/definitions/Some{part}"}


# -- values that an editor can offer


def _values() -> dict[tuple[str, str], Schema]:
    """(part, key) → what its value may be."""
    last = {"last": {"description": "The target at T, the only one."}}
    known: dict[tuple[str, str], Schema] = {
        ("DataPart", "y"): {"anyOf": [{"type": ["array", "null"]}, _object(last)]},
        ("DataPart", "task"): {"enum": list(TASKS)},
        ("Question", "bug"): {"enum": list(FAULTS)},
        ("TrainingPart", "optimizer"): {"anyOf": _chosen({name: method.about for name, method in METHODS.items()})},
        ("TrainingPart", "rate"): {
            "anyOf": [
                {"type": "number", "exclusiveMinimum": 0},
                *_chosen({name: rate.about for name, rate in RATES.items()}),
            ]
        },
        ("TrainingPart", "clip"): {"anyOf": [{"type": "null"}, *_chosen(dict.fromkeys(CLIPPINGS, "The bound."))]},
    }
    for key in ("l1", "l2"):
        known["TrainingPart", key] = {"type": ["number", "object"]}
    for part in ("ModelPart", "CasePart"):
        known[part, "cell"] = {"enum": list(CELLS)}
        known[part, "init"] = {"anyOf": [{"enum": list(SCHEMES)}, {"type": ["number", "array", "object", "null"]}]}
    return known


def _chosen(about: Mapping[str, str]) -> list[Schema]:
    """A name, one with its settings behind a colon, or one with its settings as an object."""
    keys = {name: {"description": text} for name, text in about.items()}
    return [
        {"enum": list(about)},
        {"type": "string", "pattern": f"^({'|'.join(about)}):"},
        _object(keys),
    ]


# -- rules about several keys


def _one_of(keys: Iterable[str]) -> Schema:
    """Exactly one of them is given."""
    return {"oneOf": [{"required": [key]} for key in keys]}


def _one_move() -> Schema:
    """At most one."""
    return {"not": {"anyOf": [{"required": list(two)} for two in combinations(_MOVES, 2)]}}


_RULES: dict[str, Schema] = {
    "ModelPart": _one_of(("cell", "equations")),
    "DataPart": {
        **_one_of(SOURCES),
        "dependencies": {
            "csv": ["column"],
            "column": ["csv"],
            "x": ["y"],
            "y": ["x"],
            "seed": ["task"],
            "every": ["csv"],
        },
    },
    "Narration": {**_one_move(), "anyOf": [{"required": [key]} for key in ("say", "run", *_MOVES)]},
    "Question": {
        **_one_move(),
        **_one_of(QUESTIONS),
        "dependencies": {"choice": ["answer"], "equation": ["answer"], "of": ["bug"]},
    },
    "Trial": _one_move(),
}
