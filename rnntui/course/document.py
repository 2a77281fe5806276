"""A YAML document as plain data, with the place of every part: bounded, and without YAML's dangerous half."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionStartEvent, DocumentStartEvent, NodeEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode
from ruamel.yaml.reader import ReaderError

from rnntui.safe import InputError, InputErrors, cut

MAX_DEPTH = 32
MAX_ITEMS = 20_000
Path = tuple[str | int, ...]
"""The keys and indices that lead to a part."""

_LONGEST_NUMBER = 40
_FOLD = re.compile(r"[ \t]*\n\s*")
"""What is read as one blank where a text goes on in the next line."""
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")
_HINTS = {
    "mapping values are not allowed here": "a plain text holds ': ': put it in quotes, or write it below a |",
    "expected ',' or ']'": "an item of [ … ] holds a bracket: put it in quotes, or write one item a line after -",
    "expected ',' or '}'": "an entry of { … } holds a bracket: put it in quotes, or write one entry a line",
    "found character '`' that cannot start any token": "a text that begins with ` must be put in quotes",
    "found character '%' that cannot start any token": "a text that begins with % must be put in quotes",
    "found character '@' that cannot start any token": "a text that begins with @ must be put in quotes",
    "found character '\\t' that cannot start any token": "a tab stands where spaces belong: indent with spaces",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a part begins, counted from 1."""

    line: int
    column: int
    start: int = 0
    """Where the part begins in the file, in characters from 0; `end` is where it ends."""
    end: int = 0
    indent: int | None = None
    """Of a text below a | or >, whose lines begin one line further down: the blanks before each; else None."""


@dataclass(frozen=True)
class Document:
    """The data of one file and where each part of it stands."""

    file: str
    text: str
    data: Any
    marks: dict[Path, Mark]
    keys: dict[Path, Mark]
    """The same for the key of each entry of a mapping."""

    def place(self, path: Path, line: int = 1, column: int = 1) -> str:
        """`LINE:COLUMN` of a part, or of the nearest part around it; `line` and `column` count into a text."""
        while path and path not in self.marks:
            path = path[:-1]
        mark = self.marks.get(path, Mark(1, 1))
        if mark.indent is not None:
            return f"{mark.line + line}:{mark.indent + column}"
        if line > 1 or "\n" not in self.text[mark.start : mark.end]:
            return f"{mark.line}:{mark.column + column - 1 if line == 1 else 1}"
        at = self.text.rfind("\n", 0, mark.start) + mark.column
        for _ in range(column - 1):
            fold = _FOLD.match(self.text, at, mark.end)
            at = fold.end() if fold else at + 1
        return f"{self.text.count(chr(10), 0, at) + 1}:{at - self.text.rfind(chr(10), 0, at)}"

    def places_of(self, path: Path, sign: str, of_key: bool = False) -> list[str]:
        """`LINE:COLUMN` of what follows each `sign` in a text as it stands in the file, however it is quoted; `of_key`:
        in the key that leads to a part."""
        mark = self.keys[path] if of_key else self.marks[path]
        found: list[str] = []
        at = self.text.find(sign, mark.start, mark.end)
        while at >= 0:
            at += len(sign)
            while self.text[at : at + 1].isspace():
                at += 1
            found.append(f"{self.text.count(chr(10), 0, at) + 1}:{at - self.text.rfind(chr(10), 0, at)}")
            at = self.text.find(sign, at, mark.end)
        return found

    def key_place(self, path: Path) -> str:
        """`LINE:COLUMN` of the key that leads to a part."""
        mark = self.keys.get(path)
        return f"{mark.line}:{mark.column}" if mark else self.place(path)


def read_document(file: str, text: str) -> Document:
    """Read one YAML document. Raises InputErrors, one for every fault that can be told apart."""
    yaml = YAML(typ="safe", pure=True)
    try:
        _check_events(file, yaml.parse(io.StringIO(text)))
        root = YAML(typ="safe", pure=True).compose(io.StringIO(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{mark.line + 1}:{mark.column + 1}" if mark else "1:1"
        problem = error.problem or error.context or "not YAML"
        raise InputErrors([InputError(file, place, _hint(problem))]) from None
    except ReaderError as error:
        at = error.position
        place = f"{text.count(chr(10), 0, at) + 1}:{at - text.rfind(chr(10), 0, at)}"
        reason = f"the character U+{error.character:04X} cannot stand in a YAML file: delete it"
        raise InputErrors([InputError(file, place, reason)]) from None
    except (YAMLError, ValueError, RecursionError) as error:
        raise InputErrors([InputError(file, "1:1", f"this is not YAML: {error}")]) from None
    if root is None:
        raise InputErrors([InputError(file, "1:1", "the file is empty: write a lesson, with id, title and steps")])
    reader = _Reader(file, text)
    data = reader.value(root, ())
    if reader.faults:
        raise InputErrors(reader.faults)
    return Document(file, text, data, reader.marks, reader.keys)


def _hint(problem: str) -> str:
    """What to do about what YAML's reader says."""
    return next((hint for begin, hint in _HINTS.items() if problem.startswith(begin)), problem)


def _check_events(file: str, events: Iterator[Any]) -> None:
    """Refuse, before anything is built, what a lesson has no use for and what could blow it up."""
    faults: list[InputError] = []
    depth = items = documents = 0

    def fault(event: Any, reason: str) -> None:
        mark = event.start_mark
        faults.append(InputError(file, f"{mark.line + 1}:{mark.column + 1}", reason))

    for event in events:
        if isinstance(event, DocumentStartEvent):
            documents += 1
            if documents == 2:
                fault(event, "a second document begins here: a lesson is one document, without ---")
        elif isinstance(event, AliasEvent):
            fault(event, f"aliases (*{event.anchor}) are not allowed: write the text out, or put it in quotes")
        elif isinstance(event, NodeEvent):
            items += 1
            if event.anchor:
                fault(
                    event,
                    f"anchors (&{event.anchor}) are not allowed: write the text out, or put it in quotes",
                )
            tag = getattr(event, "tag", None)
            if tag:
                fault(event, f"tags ({tag}) are not allowed: put a text that begins with ! in quotes")
            if items > MAX_ITEMS:
                fault(event, f"more than {MAX_ITEMS:,} items: split the lesson")
                break
        if isinstance(event, CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                fault(event, f"nested more than {MAX_DEPTH} deep")
                break
        elif type(event).__name__ in ("MappingEndEvent", "SequenceEndEvent"):
            depth -= 1
    if faults:
        raise InputErrors(faults)


class _Reader:
    """Turns nodes into plain data and keeps their places."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self.marks: dict[Path, Mark] = {}
        self.keys: dict[Path, Mark] = {}
        self.faults: list[InputError] = []

    def value(self, node: Node, path: Path) -> Any:
        mark = Mark(node.start_mark.line + 1, node.start_mark.column + 1, node.start_mark.index, node.end_mark.index)
        if isinstance(node, ScalarNode):
            return self._scalar(node, path, mark)
        self.marks[path] = mark
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        return [self.value(item, (*path, place)) for place, item in enumerate(node.value)]

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            begin, end = key_node.start_mark, key_node.end_mark
            mark = Mark(begin.line + 1, begin.column + 1, begin.index, end.index)
            if not isinstance(key_node, ScalarNode):
                self._fault(mark, "a key must be a plain word")
                continue
            key = str(key_node.value)
            if key in data:
                first = self.keys[(*path, key)]
                self._fault(mark, f"{key} stands here a second time; the first is in line {first.line}")
                continue
            if key == "<<":
                self._fault(mark, "merge keys (<<) are not allowed: write the entries out")
                continue
            self.keys[(*path, key)] = mark
            data[key] = self.value(value_node, (*path, key))
        return data

    def _scalar(self, node: ScalarNode, path: Path, mark: Mark) -> str | int | float | bool | None:
        if node.style in ('"', "'"):
            mark = replace(mark, column=mark.column + 1)
        elif node.style in ("|", ">"):
            mark = replace(mark, indent=self._indent(mark))
        self.marks[path] = mark
        kind = (node.tag or "").rpartition(":")[2]
        text = str(node.value)
        if kind == "null":
            return None
        if kind == "bool":
            return text.lower() == "true"
        if kind in ("int", "float"):
            if not _NUMBER.fullmatch(text) or len(text) > _LONGEST_NUMBER:
                shown = cut(text, _LONGEST_NUMBER)
                self._fault(mark, f"{shown} is not a plain decimal number: write it like 0.5 or 1e-3, or in quotes")
                return 0
            return int(text) if kind == "int" else float(text)
        return text

    def _indent(self, mark: Mark) -> int:
        """The blanks before the first line of a text below a | or >."""
        for line in self.text[mark.start : mark.end].split("\n")[1:]:
            if line.strip():
                return len(line) - len(line.lstrip(" "))
        return 0

    def _fault(self, mark: Mark, reason: str) -> None:
        self.faults.append(InputError(self.file, f"{mark.line}:{mark.column}", reason))
