"""The lessons of a shelf, each with how far one is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rnntui.course.shelf import Card, Entry, Shelf, known_as
from rnntui.library.item import Item, State
from rnntui.safe import InputError, InputErrors, clean
from rnntui.store import Progress


def lesson_items(shelf: Shelf, known: Mapping[str, Progress]) -> Iterator[Item]:
    """Every lesson in order; one whose file cannot be read says why."""
    done = {id for id in shelf.order if (seen := known.get(known_as(shelf.path(id)))) is not None and seen.done}
    for number in range(len(shelf.order)):
        yield _item(Entry(shelf, number), known, done)


def _item(entry: Entry, known: Mapping[str, Progress], done: set[str]) -> Item:
    path = entry.path
    number = entry.number + 1 if entry.count > 1 else None
    try:
        card = entry.card
    except (InputError, InputErrors) as error:
        return Item(clean(path.stem), path, str(error).splitlines()[0], state="broken", number=number)
    progress = known.get(known_as(path))
    state, standing = _standing(progress)
    return Item(
        title=card.title,
        opens=path,
        about=card.summary,
        facts=(f"level {card.level}", f"{card.minutes} min"),
        state=state,
        standing=standing,
        advice=_advice(card, entry.shelf, done),
        number=number,
    )


def _standing(progress: Progress | None) -> tuple[State, str]:
    if progress is None:
        return "new", ""
    if progress.done:
        return "done", "done"
    return "begun", f"{progress.place + 1}/{progress.count}"


def _advice(card: Card, shelf: Shelf, done: set[str]) -> str:
    """By their numbers; a lesson of another shelf by its id."""
    missing = [id for id in card.needs if id not in done]
    if not missing:
        return ""
    named = [str(shelf.order.index(id) + 1) if id in shelf.order else id for id in missing]
    *others, last = named
    return f"goes well after lessons {', '.join(others)} and {last}" if others else f"goes well after lesson {last}"
