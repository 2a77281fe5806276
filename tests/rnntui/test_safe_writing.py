"""A file is written whole or not at all, and one that is there is kept."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rnntui.safe import InputError, check_output, open_output, write_bytes, write_text

Fail = Callable[..., None]


@pytest.fixture(autouse=True)
def umask() -> Iterator[None]:
    """Permissions of new files do not depend on who runs the tests."""
    before = os.umask(0o027)
    yield
    os.umask(before)


def line_of(path: Path, force: bool = False) -> str:
    """The error line of writing to the path, its folder left out."""
    with pytest.raises(InputError) as raised:
        write_text(path, "new", force)
    return str(raised.value).replace(f"{path.parent}/", "")


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def failing(number: int, reason: str) -> Fail:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, reason)

    return fail


def test_what_is_written_is_what_the_file_holds_and_nothing_lies_beside_it(tmp_path: Path) -> None:
    write_text(tmp_path / "a.txt", "∇\n")
    write_bytes(tmp_path / "b", b"\r\n\0")
    assert (tmp_path / "a.txt").read_bytes() == b"\xe2\x88\x87\n"
    assert (tmp_path / "b").read_bytes() == b"\r\n\0"
    assert names(tmp_path) == ["a.txt", "b"]
    assert stat.S_IMODE((tmp_path / "b").stat().st_mode) == 0o640
    assert (tmp_path / "b").stat().st_nlink == 1


def test_a_file_that_is_there_is_kept_unless_forced_and_then_keeps_its_permissions(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_text("old")
    file.chmod(0o600)
    assert line_of(file) == "a: exists and is kept: give another name, or --force to replace it"
    assert file.read_text() == "old"
    write_text(file, "new", force=True)
    assert file.read_text() == "new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    write_text(tmp_path / "b", "new", force=True)
    assert stat.S_IMODE((tmp_path / "b").stat().st_mode) == 0o640
    assert names(tmp_path) == ["a", "b"]


def test_a_link_stays_a_link_and_its_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "dangling").symlink_to("gone")
    assert line_of(tmp_path / "link").startswith("link: exists and is kept")
    assert line_of(tmp_path / "dangling").startswith("dangling: exists and is kept")
    write_text(tmp_path / "link", "new", force=True)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


def test_what_cannot_become_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    os.mkfifo(tmp_path / "pipe")
    for force in (False, True):
        assert line_of(tmp_path, force).endswith("is a folder: name a file in it")
        assert line_of(tmp_path / "pipe", force) == (
            "pipe: is not a regular file: name a file, or - for standard output"
        )
        assert line_of(Path("/dev/null"), force).endswith(
            "is not a regular file: name a file, or - for standard output"
        )
        assert line_of(tmp_path / "no" / "a", force).endswith(f"there is no folder {tmp_path}/no: create it first")
        assert line_of(tmp_path / "file" / "a", force).endswith("create it first")
        assert line_of(tmp_path / ("n" * 300), force).endswith("cannot be written: file name too long")
    assert Path("/dev/null").is_char_device()
    for name, reason in (
        ("", "no file is named: give a path"),
        ("a\0", r"a\x00: no file can have this name"),
    ):
        with pytest.raises(InputError) as raised:
            check_output(name)
        assert str(raised.value) == reason


@pytest.mark.parametrize("force", [False, True])
def test_a_block_that_raises_leaves_the_old_file_and_nothing_else(tmp_path: Path, force: bool) -> None:
    file = tmp_path / "a"
    if force:
        file.write_text("old")
    before = names(tmp_path)
    for fault in (ZeroDivisionError, KeyboardInterrupt, BrokenPipeError):
        with pytest.raises(fault), open_output(file, force) as out:
            out.write(b"half")
            out.flush()
            raise fault
    assert names(tmp_path) == before
    assert not force or file.read_text() == "old"


def test_a_full_disk_is_one_line_that_names_the_file(tmp_path: Path) -> None:
    with (
        pytest.raises(InputError, match=r"a: cannot be written: no space left on device$"),
        open_output(tmp_path / "a"),
    ):
        raise OSError(28, "No space left on device")
    assert names(tmp_path) == []


def test_an_error_of_another_file_inside_the_block_is_not_blamed_on_this_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), open_output(tmp_path / "a"):
        (tmp_path / "other").read_text()
    assert names(tmp_path) == []


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_an_error_at_any_call_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    file = tmp_path / "a"
    file.write_text("old")
    monkeypatch.setattr(os, call, failing(5, "Input/output error"))
    assert line_of(file, force=True) == "a: cannot be written: input/output error"
    assert file.read_text() == "old"
    assert names(tmp_path) == ["a"]


def test_a_folder_that_may_not_be_written_to_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "open", failing(13, "Permission denied"))
    assert line_of(tmp_path / "a") == "a: cannot be written: permission denied"


def test_a_file_that_appears_while_writing_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "a"
    with pytest.raises(InputError, match="exists and is kept"), open_output(file) as out:
        out.write(b"mine")
        file.write_text("theirs")
    assert file.read_text() == "theirs"
    assert names(tmp_path) == ["a"]


def test_a_file_that_appeared_and_went_again_is_an_error_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def collide(*_: object, **__: object) -> None:
        raise FileExistsError(17, "File exists")

    monkeypatch.setattr(os, "link", collide)
    assert line_of(tmp_path / "a") == "a: cannot be written: file exists"
    assert names(tmp_path) == []


def test_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    assert line_of(tmp_path / "loop", force=True).startswith("loop: cannot be written: too many levels")


def test_a_file_system_without_links_is_written_by_renaming(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", failing(1, "Operation not permitted"))
    write_text(tmp_path / "a", "new")
    assert (tmp_path / "a").read_text() == "new"
    with pytest.raises(InputError, match="exists and is kept"), open_output(tmp_path / "b"):
        (tmp_path / "b").write_text("theirs")
    assert (tmp_path / "b").read_text() == "theirs"
    assert names(tmp_path) == ["a", "b"]
