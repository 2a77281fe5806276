"""From what a lesson writes under `table` to a table: the runs of cases side by side, or entries of a recorded file."""

from __future__ import annotations

from bptt.errors import near
from bptt.queries import Query, QueryError
from rnntui.course.configuration import Configuration
from rnntui.course.document import Path
from rnntui.course.lesson import MAIN
from rnntui.course.phrases import Phrases
from rnntui.course.results import Results
from rnntui.course.steps import TablePart
from rnntui.course.table import Row, Table


def tabulated(phrases: Phrases, main: Configuration, path: Path, part: TablePart) -> Table:
    """The table that stands at a path; what is wrong with it goes to the faults of `phrases`."""
    if part.recorded is not None:
        return _recorded(phrases, main, path, part, part.recorded)
    cases = main.cases
    names = part.rows or tuple(name for name in cases if name != MAIN)
    if not names:
        phrases.fault(path, "there are no cases: a table has a row for each, so write a cases section")
    shown = [cases[name] for name in _known(phrases, path, names, list(cases), "no case is called")]
    columns = [_column(phrases, (*path, "columns", heading), text, shown) for heading, text in part.columns.items()]
    return _table(part, [(case.label, case) for case in shown], columns)


def _recorded(phrases: Phrases, main: Configuration, path: Path, part: TablePart, at: str) -> Table:
    """A row for each entry of an object in a recorded file; a column is the name of a number that entries have."""
    keys, results = tuple(at.split(".")), main.results
    labels = results.entries(keys)
    if not labels:
        known = near(keys[0], list(results.files)) if keys[0] not in results.files else "give one that holds objects"
        phrases.fault((*path, "recorded"), f"{at!r} is no table of recorded results; {known}")
        return Table(tuple(part.columns), ())
    names = _known(phrases, path, part.rows or tuple(labels), list(labels), f"{at} has no entry")
    columns: list[list[Query | None]] = []
    for heading, number in part.columns.items():
        place: Path = (*path, "columns", heading)
        if any(_has(results, (*keys, name, *number.split("."))) for name in names):
            columns.append([phrases.parsed(place, f"recorded({at}.{name}.{number})") for name in names])
        elif names:
            phrases.fault(place, f"no entry of {at} has a number {number!r}")
    return _table(part, [(labels[name], main) for name in names], columns)


def _known(phrases: Phrases, path: Path, names: tuple[str, ...], known: list[str], reason: str) -> list[str]:
    """The names that there are; a fault for each of the others."""
    for n, name in enumerate(names):
        if name not in known:
            phrases.fault((*path, "rows", n), f"{reason} {name!r}; {near(name, known)}")
    return [name for name in names if name in known]


def _has(results: Results, path: tuple[str, ...]) -> bool:
    try:
        results.value(path)
    except QueryError:
        return False
    return True


def _column(phrases: Phrases, path: Path, text: str, rows: list[Configuration]) -> list[Query | None]:
    """The queries of a column, None for a row that has no such names; where no row has, that is a fault."""
    before = len(phrases.faults)
    found = [phrases.parsed(path, text, of=row) for row in rows]
    if any(query is not None for query in found):
        del phrases.faults[before:]
    else:
        del phrases.faults[before + 1 :]
    return found


def _table(part: TablePart, rows: list[tuple[str, Configuration]], columns: list[list[Query | None]]) -> Table:
    lines = (Row(label, shown, tuple(column[n] for column in columns)) for n, (label, shown) in enumerate(rows))
    return Table(tuple(part.columns), tuple(lines))
