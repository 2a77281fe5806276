"""Runs to open: the built-in cells as examples, and what was opened lately."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from dataclasses import asdict, fields
from pathlib import Path

from bptt.cell_texts import FAMILIES
from bptt.cells import CELLS, note
from rnntui.library.item import Item
from rnntui.safe import clean, cut
from rnntui.sources.request import Request
from rnntui.store import Recent, Store, keep_recent, recents

EXAMPLE = "hello hello"
"""The text that the examples read."""
_PATHS = ("load", "text_file", "csv", "npy", "targets", "vocab")
_LONGEST_TEXT = 24
_EQUATIONS = {name: text.strip("\n") for texts in FAMILIES.values() for name, (_, text) in texts.items()}


def example_items() -> Iterator[Item]:
    """Every built-in cell on a short text."""
    for name in CELLS:
        yield Item(name, Request(cell=name, text=EXAMPLE), note(name), equations=_EQUATIONS[name])


def recent_items(store: Store) -> Iterator[Item]:
    """What was opened lately, the latest first."""
    for recent in recents(store):
        request = _request(recent.request)
        if request is not None:
            equations = _EQUATIONS.get(request.cell, "")
            yield Item(clean(recent.title), request, command_of(request), equations=equations)


def keep_request(store: Store, request: Request) -> None:
    """Remember that a run was opened."""
    given = asdict(request)
    for name in _PATHS if request.cell in CELLS else (*_PATHS, "cell"):
        if given[name] is not None:
            given[name] = str(Path(given[name]).absolute())
    keep_recent(store, Recent(json.dumps(given, sort_keys=True), title_of(request)))


def title_of(request: Request) -> str:
    """`lstm H=4 on 'hello'`, clean."""
    given = next((name for name in ("text_file", "csv", "npy", "task") if getattr(request, name) is not None), "")
    source = str(getattr(request, given)) if given else ""
    if given not in ("", "task"):
        source = Path(source).name
    source = source or f"'{cut(request.text or 'hello', _LONGEST_TEXT)}'"
    layers = f"×{request.layers}" if request.layers > 1 else ""
    return clean(f"{_cell_name(request.cell)} H={request.hidden}{layers} on {source}")


def command_of(request: Request) -> str:
    """What to type for the same run, clean."""
    usual = Request()
    words = ["rnntui step"]
    for field in fields(request):
        value = getattr(request, field.name)
        if value is not None and value != getattr(usual, field.name):
            words += [f"--{field.name.replace('_', '-')}", shlex.quote(str(value))]
    return clean(" ".join(words))


def _cell_name(cell: str) -> str:
    return cell if cell in CELLS else Path(cell).stem


def _request(text: str) -> Request | None:
    """The request that was kept; None for one that this version does not understand."""
    try:
        given = json.loads(text)
        request = Request(**given)
    except (ValueError, TypeError):
        return None
    usual = Request()
    for field in fields(Request):
        value = getattr(request, field.name)
        kind = str if "str" in str(field.type) else int
        if not isinstance(value, kind) and not (value is None and getattr(usual, field.name) is None):
            return None
    return request
