"""The store: whole writes, old and new files, damaged ones, and a home that cannot be used."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rnntui.store import (
    Notebook,
    Recent,
    Store,
    all_progress,
    draft,
    drop_draft,
    forget,
    keep_draft,
    keep_recent,
    schema,
)
from rnntui.store import recents as kept_recents
from rnntui.store.store import FILE

ROOT = Path(__file__).parents[3]


@pytest.fixture
def store(home: Path) -> Store:
    return Store()


def notebook(store: Store, name: str = "odd", digest: str = "d1", count: int = 5) -> Notebook:
    return Notebook(store, name, digest, count)


def test_a_lesson_is_taken_up_where_it_was_left_by_another_start(home: Path) -> None:
    notebook(Store()).stands(3)
    assert notebook(Store()).left_at == 3
    assert all_progress(Store())["odd"].words == "step 4 of 5"


def test_a_lesson_that_was_changed_or_whose_end_was_reached_begins_at_its_start(store: Store) -> None:
    notebook(store).stands(3)
    assert notebook(store, digest="d2").left_at == 0
    notebook(store).stands(4, done=True)
    assert notebook(store).left_at == 0


def test_what_is_done_stays_done_when_it_is_played_again(store: Store) -> None:
    notebook(store).stands(4, done=True)
    notebook(store).stands(1)
    assert all_progress(store)["odd"].done
    assert notebook(store).left_at == 1


def test_answers_are_kept_with_the_digest_of_the_lesson_and_as_typed_but_clean(store: Store) -> None:
    notebook(store).stands(1)
    notebook(store).answered(1, "0.5\x1b[2J\ud800'); DROP TABLE lesson;--", "wrong")
    notebook(store, digest="d2").answered(1, "", "given up")
    assert store.read("SELECT digest, place, answer, verdict FROM attempt ORDER BY rowid") == [
        ("d1", 1, "0.5\\x1b[2J\\ud800'); DROP TABLE lesson;--", "wrong"),
        ("d2", 1, "", "given up"),
    ]
    assert all_progress(store)["odd"].answers == 2


def test_one_lesson_is_forgotten_or_all(store: Store) -> None:
    for name in ("odd", "even", "third"):
        notebook(store, name).stands(1)
        notebook(store, name).answered(1, "x", "right")
    assert forget(store, "even") == 1
    assert forget(store, "even") == 0
    assert set(all_progress(store)) == {"odd", "third"}
    assert forget(store) == 2
    assert store.read("SELECT count(*) FROM attempt") == [(0,)]


def test_reading_makes_no_file(home: Path, store: Store) -> None:
    assert all_progress(store) == {}
    assert not home.exists()


def test_a_file_of_every_older_schema_is_brought_up_to_date_with_all_that_it_holds(home: Path) -> None:
    for version in range(schema.VERSION):
        home.mkdir(exist_ok=True)
        (home / FILE).unlink(missing_ok=True)
        with sqlite3.connect(home / FILE) as old:
            for step in schema.MIGRATIONS[:version]:
                for statement in step:
                    old.execute(statement)
            if version:
                old.execute("INSERT INTO lesson VALUES ('odd', 'd1', 2, 5, 0, '2026-01-01T00:00:00+00:00')")
            old.execute(f"PRAGMA user_version = {version}")
        old.close()
        store = Store()
        assert notebook(store).left_at == (2 if version else 0)
        notebook(store).stands(3)
        assert store.read("PRAGMA user_version") == [(schema.VERSION,)]
        assert store.complaint == ""
        store.close()


def test_a_file_of_a_newer_schema_is_neither_read_nor_written_and_that_is_said_once(home: Path) -> None:
    notebook(Store()).stands(3)
    with sqlite3.connect(home / FILE) as newer:
        newer.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    newer.close()
    before = (home / FILE).read_bytes()
    store = Store()
    assert notebook(store).left_at == 0
    notebook(store).stands(4)
    assert "written by a newer rnntui" in store.complaint
    assert store.complaint == ""
    assert (home / FILE).read_bytes() == before


def test_a_damaged_file_is_set_aside_and_a_new_one_begun(home: Path) -> None:
    home.mkdir()
    (home / FILE).write_bytes(b"this was a database once" * 100)
    store = Store()
    notebook(store).stands(2)
    assert "was damaged" in store.complaint
    assert notebook(Store()).left_at == 2
    (aside,) = home.glob("progress-damaged-*.db")
    assert aside.read_bytes().startswith(b"this was a database")


def test_damage_that_shows_only_later_is_said_once_and_stops_nothing(home: Path) -> None:
    notebook(Store()).stands(2)
    with (home / FILE).open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 12288)
    store = Store()
    assert notebook(store).left_at == 0
    notebook(store).stands(3)
    assert store.complaint and not store.complaint


@pytest.mark.parametrize("kind", ["file", "folder", "null"])
def test_a_home_that_cannot_be_used_is_said_once_and_stops_nothing(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = tmp_path / "home"
    if kind == "file":
        at.write_text("in the way")
    elif kind == "folder":
        (at / FILE).mkdir(parents=True)
    else:
        at = Path("/dev/null/home")
    monkeypatch.setenv("RNNTUI_HOME", str(at))
    store = Store()
    for place in range(3):
        notebook(store).stands(place)
    assert all_progress(store) == {}
    assert store.complaint.startswith("progress is not kept: ") and store.complaint == ""


def test_a_user_without_a_home_may_play(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> Path:
        raise RuntimeError("could not determine home directory")

    monkeypatch.setattr("rnntui.store.store.home", nowhere)
    store = Store()
    notebook(store).stands(1)
    assert "could not determine home" in store.complaint


def test_the_runs_opened_last_stand_first_each_once_and_twenty_at_most(store: Store) -> None:
    for n in [*range(25), 7]:
        keep_recent(store, Recent(f"request {n}", f"run {n}"))
    keep_recent(store, Recent("x" * 5_000, "too long"))
    titles = [recent.title for recent in kept_recents(store)]
    assert titles[:3] == ["run 7", "run 24", "run 23"]
    assert len(titles) == len(set(titles)) == 20


def test_a_draft_is_kept_by_name_until_it_is_dropped(store: Store) -> None:
    keep_draft(store, "a.txt", "h[t] = \ud800")
    keep_draft(store, "b.txt", "other")
    assert draft(store, "a.txt") == "h[t] = ?"
    drop_draft(store, "a.txt")
    assert (draft(store, "a.txt"), draft(store, "b.txt")) == (None, "other")
    keep_draft(store, "b.txt", "x" * 200_000)
    assert draft(store, "b.txt") is None


WRITER = """
import sys
from rnntui.store import Notebook, Store
for place in range(int(sys.argv[2])):
    note = Notebook(Store(), sys.argv[1], "d", 1000)
    note.answered(place, "x", "right")
    note.stands(place)
    sys.stderr.write(note.store.complaint)
    print(place, flush=True)
"""


def writer(name: str, times: int) -> subprocess.Popen[str]:
    path = os.pathsep.join((str(ROOT), str(ROOT / "core")))
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, name, str(times)],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize(("programs", "times"), [(4, 15), pytest.param(16, 100, marks=pytest.mark.nightly)])
def test_of_programs_that_write_at_once_nothing_is_lost(home: Path, programs: int, times: int) -> None:
    running = [writer(f"lesson-{n}", times) for n in range(programs)]
    assert [process.communicate(timeout=300)[1] for process in running] == [""] * programs
    known = all_progress(Store())
    assert {(one.place, one.answers) for one in known.values()} == {(times - 1, times)}
    assert len(known) == programs


def test_what_was_kept_before_a_kill_is_there_after_it(home: Path) -> None:
    for round in range(3):
        process = writer(f"lesson-{round}", 100_000)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.03 * round)
        process.send_signal(signal.SIGKILL)
        said = process.communicate(timeout=30)[0].split()
        last = int(said[-1]) if said else 0
        one = all_progress(Store())[f"lesson-{round}"]
        assert one.place >= last and one.answers >= one.place + 1
