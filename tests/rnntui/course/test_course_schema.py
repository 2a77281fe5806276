"""The schema of a lesson, used as a YAML language server uses it: errors, help on hovering, values to complete with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bptt import CELLS, TASKS
from bptt.faults import FAULTS
from rnntui.course.document import read_document
from rnntui.course.schema import schema_text
from rnntui.course.shelf import shipped
from rnntui.course.template import template
from tests.rnntui.course.draft_seven import Schema, Validator

MODELINE = "# yaml-language-server: $schema=lesson.schema.json"
SCHEMA: Schema = json.loads(schema_text())
VALIDATOR = Validator(SCHEMA)
LESSONS = sorted(path for path in shipped().folder.glob("*.yaml") if path.name != "index.yaml")
MISTAKES = [
    ("title: Every", "tilte: Every", "/: tilte is not allowed"),
    ("level: 1", "level: 9", "/level: maximum"),
    ("  hidden: 2\n", "  hidden: two\n", "/model/hidden: type"),
    ("  seed: 4\n", "  seed: 4\n  cell: lstm\n", "/model: oneOf"),
    ("data: {text: ", "data: {task: recall, text: ", "/data: oneOf"),
    ("optimizer: adam", "optimiser: adam", "/training: optimiser is not allowed"),
    ("clip: {norm: 1}", "clip: {nrom: 1}", "/training/clip: nrom is not allowed"),
    ("compare: {cell: rnn,", "compare: {cell: rrn,", "/compare/cell: enum"),
    ("bptt: {window: 1}", "bptt: {windows: 1}", "/cases/cut/bptt: windows is not allowed"),
    ("columns: {reach", "colums: {reach", "/steps/0/table: columns is required"),
    ("    sign: grad(mem[1])[0]\n", "    sign: grad(mem[1])[0]\n    shape: A\n", "/steps/4: oneOf"),
    ("    answer: q\n", "", "/steps/2: choice needs answer"),
    ("mem: min(over(min(mem[t]))) > 0", "mem: [min]", "/steps/2/choice/mem: type"),
    ("bug: missing-future", "bug: missing-futur", "/steps/8/bug: enum"),
    ("    allow: [q, d]\n", "", "/steps/9: allow is required"),
    ("    run: wide\n", "    run: wide\n    step: 1\n", "/steps/11: not"),
    ("  - step: 2\n", "  - step: 0\n", "/steps/13/step: minimum"),
]


def errors(path: Path) -> list[str]:
    return VALIDATOR.errors(read_document(path.name, path.read_text(encoding="utf-8")).data)


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_lesson_names_the_schema_beside_it_and_keeps_to_it(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith(f"{MODELINE}\n")
    assert errors(path) == []


def test_every_kind_of_step_keeps_to_it(every_kind: Path) -> None:
    assert errors(every_kind) == []


def test_the_template_keeps_to_it(tmp_path: Path) -> None:
    path = tmp_path / "my-lesson.yaml"
    path.write_text(template("my-lesson", "my-lesson.yaml"), encoding="utf-8")
    assert path.read_text(encoding="utf-8").startswith(f"{MODELINE}\n")
    assert errors(path) == []


@pytest.mark.parametrize(("old", "new", "error"), MISTAKES, ids=[error for *_, error in MISTAKES])
def test_a_mistake_is_shown_while_it_is_typed(old: str, new: str, error: str, every_kind: Path, tmp_path: Path) -> None:
    text = every_kind.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "every-kind.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert error in errors(path)


def test_all_mistakes_are_shown_at_once(every_kind: Path, tmp_path: Path) -> None:
    text = every_kind.read_text(encoding="utf-8")
    for old, new, _ in MISTAKES:
        text = text.replace(old, new, 1)
    path = tmp_path / "every-kind.yaml"
    path.write_text(text, encoding="utf-8")
    assert {error for *_, error in MISTAKES} <= set(errors(path))


def properties(part: Any, at: str = "") -> Iterator[tuple[str, Schema]]:
    """Every key that a lesson may have anywhere: its place in the schema, what is said of it."""
    if isinstance(part, dict):
        for key, said in part.get("properties", {}).items():
            yield f"{at}/{key}", said
        for word, inner in part.items():
            yield from properties(inner, f"{at}/{word}")
    elif isinstance(part, list):
        for n, inner in enumerate(part):
            yield from properties(inner, f"{at}/{n}")


def test_hovering_over_any_key_tells_what_it_is() -> None:
    keys = [(at, VALIDATOR.resolved(said) if "$ref" in said else said) for at, said in properties(SCHEMA)]
    assert len(keys) > 100
    assert [at for at, said in keys if len(said.get("description", "")) < 5] == []


def offered(part: str, key: str) -> set[str]:
    """The values that completion offers for a key."""
    said = SCHEMA["definitions"][part]["properties"][key]
    listed = [said, *said.get("anyOf", [])]
    return {
        value for each in listed for value in [*each.get("enum", []), *([each["const"]] if "const" in each else [])]
    }


def test_values_that_are_known_are_offered() -> None:
    assert offered("ModelPart", "cell") == offered("CasePart", "cell") == set(CELLS)
    assert offered("DataPart", "task") == set(TASKS)
    assert offered("Question", "bug") == set(FAULTS)
    assert offered("ModelPart", "loss") == {"sum", "mean"}
    assert {"glorot", "orthogonal", "identity", "zeros"} <= offered("ModelPart", "init")
    assert {"sgd", "momentum", "adam"} <= offered("TrainingPart", "optimizer")
    assert offered("BpttPart", "window") == {"full"}
    assert offered("TrainingPart", "show") == {"before", "after"}


def test_every_kind_of_step_and_question_is_offered() -> None:
    kinds = SCHEMA["properties"]["steps"]["items"]["oneOf"]
    keys = {key for kind in kinds for key in VALIDATOR.resolved(kind)["properties"]}
    assert {"say", "ask", "try", "expect", "goto", "step", "back", "until", "run", "table"} <= keys
    assert {"number", "choice", "order", "sign", "shape", "true-false", "equation", "bug"} <= keys
