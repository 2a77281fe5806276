"""S on every screen: a picture and the run, whole or not at all, and nothing that a question hides."""

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from textual import events

import bptt
from rnntui.app import DebuggerApp
from rnntui.frame import Slot
from rnntui.match import Match
from rnntui.plain.command import CommandError
from rnntui.screens import saving
from rnntui.screens.ask import Ask
from rnntui.screens.debugger import Debugger
from rnntui.screens.saving import files_of, proposal, save
from rnntui.screens.strips import text

PICTURE = "<svg/>"


def names():
    return sorted(file.name for file in Path().iterdir())


async def saved(app, keys=(), size=(120, 36), typed=None, before=None):
    """Press keys, then S and enter; the screen before and after."""
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.press(*keys)
        if before is not None:
            before()
        await pilot.pause()
        await pilot.pause()
        shown = text(app)
        await pilot.press("S")
        await pilot.pause()
        if isinstance(app.screen, Ask):
            if typed is not None:
                app.screen.query_one("Input").value = typed
            await pilot.press("enter")
        await pilot.pause()
        await pilot.pause()
        return shown, text(app)


def letters(picture):
    """The words of a picture, without blanks."""
    return "".join("".join(node.itertext()) for node in ElementTree.fromstring(picture)).replace("\n", "")


async def test_the_picture_shows_the_screen_and_the_trace_is_the_run(session):
    session.goto_place("backward t=4 mem")
    shown, after = await saved(DebuggerApp(session))
    name = f"qmem-step-{session.position}"
    assert names() == [f"{name}.npz", f"{name}.svg"]
    assert f"saved {name}.svg and {name}.npz" in after
    picture = letters(Path(f"{name}.svg").read_text(encoding="utf-8"))
    for word in ("rnntui", "BACKWARD", "∇mem", "timestep"):
        assert word in picture and word in shown
    with np.load(f"{name}.npz", allow_pickle=False) as archive:
        assert np.array_equal(archive["grad.mem"], session.run.trace().grads["mem"])
    assert bptt.load(f"{name}.npz").cell == session.cell


async def test_again_is_another_file(session):
    app = DebuggerApp(session)
    async with app.run_test(size=(80, 24)) as pilot:
        for _ in range(2):
            await pilot.press("S")
            await pilot.pause()
            await pilot.press("enter")
            await pilot.pause()
    assert names() == ["qmem-step-0-2.npz", "qmem-step-0-2.svg", "qmem-step-0.npz", "qmem-step-0.svg"]


async def test_a_duel_saves_both_runs(sessions):
    match = Match(sessions("k[t] = tanh(A @ x[t] + B @ k[t-1])", name="plain"), sessions())
    await saved(DebuggerApp(lambda: match), ("end",))
    stem = f"plain-qmem-step-{match.duel(True).sides[0].position}"
    assert names() == [f"{stem}-a.npz", f"{stem}-b.npz", f"{stem}.svg"]


@pytest.mark.parametrize("key", ["M", "J", "T"])
async def test_it_works_on_the_screens_above_the_debugger(session, key):
    shown, _ = await saved(DebuggerApp(session), (key,))
    assert any(name.endswith(".svg") for name in names()) and any(name.endswith(".npz") for name in names())
    svg = next(Path().glob("*.svg")).read_text(encoding="utf-8")
    assert shown.split()[0] in letters(svg)


async def test_where_the_screen_was_left_at_once_the_next_one_says_what_was_saved(session):
    app = DebuggerApp(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("M", "S")
        for key in ("enter", "escape", "escape"):
            app.post_message(events.Key(key, None))
        await pilot.pause()
        assert isinstance(app.screen, Debugger)
        assert "saved qmem-step-0.svg" in text(app)


async def test_while_something_is_hidden_nothing_is_saved(session):
    _, after = await saved(DebuggerApp(session), before=lambda: session.hide([Slot("mem", 1)]))
    assert names() == []
    assert "predict first" in after


@pytest.mark.parametrize(("typed", "reason"), [("no/where", "there is no folder no"), ("  ", "no file is named")])
async def test_what_cannot_be_written_is_said_and_nothing_is_left(session, typed, reason):
    _, after = await saved(DebuggerApp(session), typed=typed)
    assert reason in after
    assert names() == []


def test_a_file_that_is_there_is_kept(session):
    Path("mine.npz").write_text("precious")
    with pytest.raises(CommandError, match="exists and is kept"):
        save("mine.svg", PICTURE, [session])
    assert names() == ["mine.npz"] and Path("mine.npz").read_text() == "precious"


def test_where_the_run_cannot_be_written_there_is_no_picture_either(session, monkeypatch):
    def full(run, source, file):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(saving, "write_npz", full)
    with pytest.raises(CommandError, match="no space left"):
        save("mine", PICTURE, [session])
    assert names() == []


def test_a_folder_that_may_not_be_written_to_is_one_line(session, monkeypatch):
    def refused(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("rnntui.safe.writing.os.open", refused)
    with pytest.raises(CommandError, match="cannot be written: permission denied"):
        save("mine", PICTURE, [session])


def test_a_proposed_name_is_a_name_in_this_folder(session):
    session.title = "../../etc/pass wd\x1b[2J" + "x" * 99
    name = proposal([session])
    assert "/" not in name and name.isprintable() and len(name) < 60
    assert [file.parent for file in files_of(name, [session])] == [Path(), Path()]


async def test_of_the_library_there_is_a_picture_and_nothing_of_what_it_covers(session):
    session.goto_place("forward t=3 mem")
    session.hide([Slot("mem", 3)])
    await saved(DebuggerApp(session), keys=("L",))
    assert names() == ["rnntui.svg"]
    assert "Lessons" in letters(Path("rnntui.svg").read_text(encoding="utf-8"))
