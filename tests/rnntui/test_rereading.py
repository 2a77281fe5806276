"""A lesson read again when its file changes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rnntui.course.template import template
from rnntui.plain.playing import WatchedConversation, begun
from rnntui.playthrough import take_up
from rnntui.rereading import Rereading
from rnntui.safe import InputErrors
from rnntui.store import Store


@pytest.fixture
def lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RNNTUI_HOME", str(tmp_path / "home"))
    path = tmp_path / "mine.yaml"
    path.write_text(template("mine", "mine.yaml"), encoding="utf-8")
    return path


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns + 10**9))


def test_a_change_is_seen_once(lesson: Path) -> None:
    rereading = Rereading(lesson, Store())
    assert not rereading.changed()
    rewrite(lesson, "what you write here", "what is new")
    assert rereading.changed()
    assert not rereading.changed()
    lesson.unlink()
    assert not rereading.changed()


def test_the_place_is_kept_or_the_last_where_there_are_fewer(lesson: Path) -> None:
    rereading = Rereading(lesson, Store())
    assert rereading.again(2).place == 2
    assert rereading.again(99).place == 4


def test_a_lesson_that_is_wrong_now_says_so(lesson: Path) -> None:
    rereading = Rereading(lesson, Store())
    rewrite(lesson, "sign: h[2][1]", "sign: k[2][1]")
    with pytest.raises(InputErrors, match="'k'"):
        rereading.again(0)


def test_lines_are_read_again_too(lesson: Path) -> None:
    store = Store()
    conversation = WatchedConversation(take_up(lesson, store), Rereading(lesson, store))
    list(conversation.answer("jump 5"))
    rewrite(lesson, "what you write here", "what is new")
    assert "what is new" in "\n".join(conversation.answer(""))
    assert conversation.walk.place == 4
    rewrite(lesson, "what is new", "{{ nothing }}")
    assert "'nothing'" in "\n".join(conversation.answer(""))
    assert conversation.walk.place == 4


def test_a_lesson_that_is_faulty_at_the_start_is_waited_for(lesson: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rewrite(lesson, "sign: h[2][1]", "sign: k[2][1]")

    def mend(prompt: str) -> str:
        assert "press enter to read it again" in prompt
        rewrite(lesson, "sign: k[2][1]", "sign: h[2][1]")
        return ""

    def leave(prompt: str) -> str:
        raise EOFError

    assert begun(Rereading(lesson, Store()), leave) is None
    assert "'k'" in capsys.readouterr().out
    walk = begun(Rereading(lesson, Store()), mend)
    assert walk is not None and walk.count == 5


def test_a_lesson_that_is_read_again_was_not_left(lesson: Path) -> None:
    rereading = Rereading(lesson, Store())
    rereading.begin().jump(2)
    assert rereading.begin().taken_up
    walk = rereading.again(2)
    assert (walk.place, walk.taken_up) == (2, False)
