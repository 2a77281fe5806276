"""What a YAML language server tells of a document by a JSON Schema of draft 7: its errors, each by the word not met."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]
TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}
ANNOTATIONS = {"$schema", "title", "description", "default", "definitions"}


def is_a(value: Any, name: str) -> bool:
    return isinstance(value, TYPES[name]) and not (isinstance(value, bool) and name != "boolean")


class Validator:
    """A schema with its definitions. A word that it does not know is an error of the schema, not passed over."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema

    def errors(self, value: Any, schema: Schema | None = None, path: str = "") -> list[str]:
        """`PATH: WORD` for each word of the schema that a document does not meet."""
        schema = self.schema if schema is None else schema
        if "$ref" in schema:
            assert set(schema) <= {"$ref", *ANNOTATIONS}, "draft 7 passes over what stands beside a $ref"
            return self.errors(value, self.resolved(schema), path)
        return [error for word, given in schema.items() for error in self._met(word, given, schema, value, path)]

    def resolved(self, schema: Schema) -> Schema:
        """What a $ref refers to."""
        name = schema["$ref"].removeprefix("#/definitions/")
        return self.schema["definitions"][name]

    def _met(self, word: str, given: Any, schema: Schema, value: Any, path: str) -> Iterator[str]:
        if word in ANNOTATIONS:
            return
        met = True
        match word:
            case "type":
                met = any(is_a(value, name) for name in ([given] if isinstance(given, str) else given))
            case "enum":
                met = value in given
            case "const":
                met = value == given
            case "anyOf" | "oneOf":
                count = sum(not self.errors(value, part, path) for part in given)
                met = count == 1 if word == "oneOf" else count > 0
                if not met and count == 0 and len(parts := self._fitting(value, given)) == 1:
                    yield from self.errors(value, parts[0], path)
                    return
            case "allOf":
                for part in given:
                    yield from self.errors(value, part, path)
            case "not":
                met = bool(self.errors(value, given, path))
            case (
                "required" | "properties" | "additionalProperties" | "dependencies" | "maxProperties" | "minProperties"
            ):
                if isinstance(value, dict):
                    yield from self._of_object(word, given, schema, value, path)
            case "items":
                if isinstance(value, list):
                    for n, item in enumerate(value):
                        yield from self.errors(item, given, f"{path}/{n}")
            case "minItems" | "maxItems":
                met = not isinstance(value, list) or (len(value) - given) * (1 if word == "minItems" else -1) >= 0
            case "minLength" | "maxLength":
                met = not isinstance(value, str) or (len(value) - given) * (1 if word == "minLength" else -1) >= 0
            case "pattern":
                met = not isinstance(value, str) or re.search(given, value) is not None
            case "minimum":
                met = not is_a(value, "number") or value >= given
            case "maximum":
                met = not is_a(value, "number") or value <= given
            case "exclusiveMinimum":
                met = not is_a(value, "number") or value > given
            case "exclusiveMaximum":
                met = not is_a(value, "number") or value < given
            case _:
                raise AssertionError(f"{word} is not a word of draft 7 that a lesson's schema needs")
        if not met:
            yield f"{path or '/'}: {word}"

    def _of_object(self, word: str, given: Any, schema: Schema, value: Schema, path: str) -> Iterator[str]:
        match word:
            case "required":
                yield from (f"{path or '/'}: {key} is required" for key in given if key not in value)
            case "properties":
                for key in given.keys() & value.keys():
                    yield from self.errors(value[key], given[key], f"{path}/{key}")
            case "additionalProperties":
                for key in value.keys() - schema.get("properties", {}).keys():
                    if given is False:
                        yield f"{path or '/'}: {key} is not allowed"
                    elif given is not True:
                        yield from self.errors(value[key], given, f"{path}/{key}")
            case "dependencies":
                for key in given.keys() & value.keys():
                    yield from (f"{path}: {key} needs {other}" for other in given[key] if other not in value)
            case "minProperties":
                if len(value) < given:
                    yield f"{path}: {word}"
            case "maxProperties":
                if len(value) > given:
                    yield f"{path}: {word}"

    def _fitting(self, value: Any, parts: list[Schema]) -> list[Schema]:
        """Of alternatives the nearest ones, as a server looks for them: of the right type, with the required keys."""
        whole = [self.resolved(part) if "$ref" in part else part for part in parts]
        typed = [part for part in whole if "type" in part and not self.errors(value, {"type": part["type"]})]
        if not isinstance(value, dict) or len(typed) < 2:
            return typed
        needing = [part for part in typed if set(part.get("required", ())) & value.keys()]
        return needing or [part for part in typed if not part.get("required")]
