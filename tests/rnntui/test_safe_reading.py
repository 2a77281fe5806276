"""Files are read within limits: regular ones, UTF-8, and a window of any file in little memory."""

from __future__ import annotations

import os
import socket
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnntui.safe import InputError, Window, open_regular, read_lines, read_text, read_window
from rnntui.safe.decoding import BLOCK

LIMIT = 1_000_000


def line_of(path: object, data: bytes | None = None) -> str:
    """The error line of reading the file as text, its folder left out."""
    file = Path(str(path))
    if data is not None:
        file.write_bytes(data)
    with pytest.raises(InputError) as raised:
        read_text(file, LIMIT)
    return str(raised.value).replace(f"{file.parent}/", "")


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b"\xef\xbb\xbf", ""),
        (b"\xef\xbb\xbfab", "ab"),
        (b"a\r\nb\rc\n\r\nd", "a\nb\nc\n\nd"),
        (b"a\r", "a\n"),
        ("∇h 漢 😀".encode(), "∇h 漢 😀"),
        (b"ab\xef\xbb\xbf", "ab\ufeff"),
    ],
)
def test_text_has_line_feeds_only_and_no_byte_order_mark(tmp_path: Path, data: bytes, text: str) -> None:
    (tmp_path / "a.txt").write_bytes(data)
    assert read_text(tmp_path / "a.txt", LIMIT) == text


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (
            b"\x89PNG\r\n\x1a\n\0\0\0",
            "f: binary file: byte 0x89 at offset 0 is not UTF-8 text: pass a text file",
        ),
        (b"abc\0", "f: binary file: byte 0x00 at offset 3 is not UTF-8 text: pass a text file"),
        (b"\xef\xbb\xbfa\0", "f: binary file: byte 0x00 at offset 4 is not UTF-8 text: pass a text file"),
        ("ab\r\ncafé".encode("latin-1"), "f:2:4: byte 0xe9 at offset 7 is not UTF-8: save the file as UTF-8"),
        ("é".encode()[:1], "f:1:1: byte 0xc3 at offset 0 is not UTF-8: save the file as UTF-8"),
        (b"a\xed\xa0\x80", "f:1:2: byte 0xed at offset 1 is not UTF-8: save the file as UTF-8"),
        (b"x\xc0\x80", "f:1:2: byte 0xc0 at offset 1 is not UTF-8: save the file as UTF-8"),
        ("hello".encode("utf-16"), "f: is UTF-16 text: save it as UTF-8"),
    ],
)
def test_the_first_byte_that_is_not_text_is_named(tmp_path: Path, data: bytes, line: str) -> None:
    assert line_of(tmp_path / "f", data) == line


def test_a_bad_byte_after_the_first_block_is_named_by_its_offset_in_the_file(tmp_path: Path) -> None:
    # a two-byte letter lies across the border; the bad byte is the fifth of the second block
    data = b"a" * (BLOCK - 1) + "é".encode() + b"\nbc\xffd"
    assert line_of(tmp_path / "f", data) == (
        f"f:2:3: byte 0xff at offset {BLOCK + 4} is not UTF-8: save the file as UTF-8"
    )
    cut_off = b"a" * (BLOCK - 1) + b"\xc3"
    assert line_of(tmp_path / "f", cut_off) == (
        f"f:1:{BLOCK}: byte 0xc3 at offset {BLOCK - 1} is not UTF-8: save the file as UTF-8"
    )


def test_a_file_over_the_limit_is_refused_with_its_size(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"x" * 1235)
    assert read_text(file, 1235) == "x" * 1235
    with pytest.raises(InputError, match=r"has 1,235 bytes, over the limit of 1,234: pass a smaller file$"):
        read_text(file, 1234)


def test_what_is_no_regular_file_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    listener = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(tmp_path)  # a socket's path may only be short
    try:
        listener.bind("sock")
    finally:
        os.chdir(here)
        listener.close()
    assert line_of(tmp_path / "pipe") == "pipe: is a pipe: save it to a file first"
    assert line_of(tmp_path / "sock") == "sock: is a socket: name a file"
    assert line_of(tmp_path) == f"{tmp_path.name}: is a folder: name a file in it"
    assert line_of("/dev/zero").endswith("zero: is a device: name a file")


def test_a_missing_file_is_explained_by_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "shakespeare.txt").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "gone")
    (tmp_path / "ls.txt").write_text("")
    assert line_of(tmp_path / "two.txt") == "two.txt: no such file: check the path"
    assert line_of(tmp_path / "shakespear.txt") == ("shakespear.txt: no such file; did you mean shakespeare.txt?")
    assert line_of(tmp_path / "zzz") == "zzz: no such file: check the path"
    assert line_of(tmp_path / "link") == "link: is a link to a file that does not exist: check where it points"
    assert line_of(tmp_path / "no" / "a") == f"a: there is no folder {tmp_path}/no: check the path"
    assert line_of(tmp_path / "shakespeare.txt" / "a").endswith("a: cannot be read: not a directory")
    assert line_of(tmp_path / ("n" * 300)).endswith("cannot be read: file name too long")


def test_a_missing_file_in_a_folder_that_may_not_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", refuse)
    assert line_of(tmp_path / "a") == "a: no such file: check the path"


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("", "no file is named: give a path"),
        ("a\0b", r"a\x00b: no file can have this name"),
        ("a\ud800", r"a\ud800: no file can have this name"),
    ],
)
def test_a_name_that_no_file_can_have_is_refused(name: str, line: str) -> None:
    with pytest.raises(InputError) as raised:
        read_text(name, LIMIT)
    assert str(raised.value) == line


def test_a_file_that_may_not_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_text("x")

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    assert line_of(tmp_path / "a") == "a: cannot be read: permission denied"


def test_an_error_of_the_disk_while_reading_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    with (
        pytest.raises(InputError, match=r"a: cannot be read: input/output error$"),
        open_regular(tmp_path / "a"),
    ):
        raise OSError(5, "Input/output error")


def test_a_pipe_put_in_the_files_place_after_the_first_look_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_text("x")
    os.mkfifo(tmp_path / "pipe")
    opened = os.open
    descriptors: list[int] = []

    def swap(_: str, flags: int) -> int:
        descriptors.append(opened(tmp_path / "pipe", flags))
        return descriptors[-1]

    monkeypatch.setattr(os, "open", swap)
    assert line_of(tmp_path / "a") == "a: is a pipe: save it to a file first"
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptors[0])


def test_a_window_is_counted_in_characters_and_knows_its_place(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes("één\r\ntwéé\r\ndrie".encode())
    assert read_window(file, 0, 3) == Window("één", 1, 1, None)
    assert read_window(file, 4, 6) == Window("twéé\nd", 2, 1, None)
    assert read_window(file, 6, 100) == Window("éé\ndrie", 2, 3, 13)
    assert read_window(file, 13, 5) == Window("", 3, 5, 13)
    assert read_window(file, 99, 5) == Window("", 3, 5, 13)
    window = read_window(file, 6, 100)
    assert [window.place(0), window.place(1), window.place(3)] == ["2:3", "2:4", "3:1"]


def test_bytes_after_the_window_are_not_looked_at(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"abcd\xffefgh\0")
    assert read_window(file, 1, 3).text == "bcd"
    with pytest.raises(InputError, match="byte 0xff at offset 4"):
        read_window(file, 1, 4)
    with pytest.raises(InputError, match="byte 0xff at offset 4"):
        read_window(file, 6, 1)


@given(
    text=st.text(st.sampled_from("ab\r\n\u00e9\u2207\U0001f600\ufeff"), max_size=60),
    offset=st.integers(0, 70),
    length=st.integers(1, 70),
    block=st.integers(3, 9),
)
def test_a_window_is_that_part_of_the_text_wherever_the_blocks_end(
    tmp_path_factory: pytest.TempPathFactory, text: str, offset: int, length: int, block: int
) -> None:
    file = tmp_path_factory.getbasetemp() / f"window-{os.getpid()}"
    file.write_bytes(text.encode())
    whole = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rnntui.safe.decoding.BLOCK", block)
        window = read_window(file, offset, length)
        lines = list(read_lines(file))
    assert window.text == whole[offset : offset + length]
    assert window.total in (len(whole), None)
    assert (window.total is None) == (offset + length <= len(whole))
    before = whole[:offset]
    assert (window.line, window.column) == (
        before.count("\n") + 1,
        len(before) - (before.rfind("\n") + 1) + 1,
    )
    assert lines == whole.splitlines(keepends=True)


def test_a_window_far_into_a_large_file_takes_little_memory(tmp_path: Path) -> None:
    file = tmp_path / "large"
    unit = ("0123456∇é\n" * 6_000).encode()  # 13 bytes for 10 characters: letters lie across block borders
    with file.open("wb") as out:
        for _ in range(640):
            out.write(unit)
    assert file.stat().st_size > 49_000_000
    tracemalloc.start()
    try:
        window = read_window(file, 38_000_003, 14)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert window == Window("3456∇é\n0123456", 3_800_001, 4, None)
    assert peak < 2_000_000


def test_lines_are_given_one_by_one_and_a_line_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"ab\r\n\ncd")
    assert list(read_lines(file)) == ["ab\n", "\n", "cd"]
    monkeypatch.setattr("rnntui.safe.reading.LONGEST_LINE", 10)
    file.write_bytes(b"short\n" + b"x" * 11)
    with pytest.raises(InputError, match=r"a:2: a line of over 10 characters: break it up$"):
        list(read_lines(file))
