"""Text becomes next-character prediction; a text that will not do is one line that says what would."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptt.model import Model
from bptt.sequences import coerce
from rnntui.safe import InputError
from rnntui.sources import Source, from_text, from_text_file


def line_of(file: Path, data: bytes, **options: int | Path) -> str:
    file.write_bytes(data)
    with pytest.raises(InputError) as raised:
        from_text_file(file, **options)  # type: ignore[arg-type]
    return str(raised.value).replace(f"{file.parent}/", "")


def text_line_of(text: str, **options: int) -> str:
    with pytest.raises(InputError) as raised:
        from_text(text, **options)  # type: ignore[arg-type]
    return str(raised.value)


def read(source: Source, sequence: int = 0) -> tuple[str, str]:
    """The characters that one sequence reads and those that it is to predict."""
    assert source.vocabulary is not None
    x, y = (a if a.ndim == 1 else a[:, sequence] for a in (source.x, source.y))
    return "".join(source.vocabulary[i] for i in x), "".join(source.vocabulary[i] for i in y)


def test_hello_predicts_each_next_letter() -> None:
    source = from_text("hello")
    assert source.vocabulary == ("e", "h", "l", "o")
    assert source.x.tolist() == [1, 0, 2, 2]
    assert source.y.tolist() == [0, 2, 2, 3]
    assert source.tokens == ("h", "e", "l", "l")
    assert (source.T, source.B, source.inputs, source.outputs, source.kind) == (4, 1, 4, 4, "classes")
    assert source.title == "'hello'"
    assert source.description == {"source": "text", "text": "hello", "length": 5, "batch": 1}


def test_the_engine_takes_what_is_made() -> None:
    for source in (from_text("hello"), from_text("hello world!", batch=3)):
        sequences = coerce(Model.create("rnn", source.inputs, 3, source.outputs), source.x, source.y)
        assert (sequences.T, sequences.B, sequences.kind) == (source.T, source.B, source.kind)
        assert np.array_equal(sequences.x.argmax(axis=-1).reshape(source.x.shape), source.x)


def test_a_batch_is_consecutive_windows_and_the_rest_is_left_out() -> None:
    source = from_text("abcdefgh", batch=3)
    assert (source.T, source.B) == (1, 3)
    assert [read(source, b) for b in range(3)] == [("a", "b"), ("c", "d"), ("e", "f")]
    assert source.vocabulary == tuple("abcdef")
    assert [source.tokens_of(b) for b in range(3)] == [("a",), ("c",), ("e",)]
    assert source.tokens == ("a",)
    windows = from_text("abcdefgh", batch=2, length=3, offset=1)
    assert [read(windows, b) for b in range(2)] == [("bc", "cd"), ("ef", "fg")]
    assert from_text("abcd").tokens_of(0) == ("a", "b", "c")


def test_nobody_can_change_the_arrays() -> None:
    for source in (from_text("hello"), from_text("hello!", batch=2)):
        for given_array in (source.x, source.y):
            assert given_array.base is None
            with pytest.raises(ValueError, match="read-only"):
                given_array[0] = 1


def test_a_title_shows_what_would_steer_the_terminal_and_stays_short() -> None:
    assert from_text("a\x1b[2J\n").title == r"'a\x1b[2J\n'"
    assert from_text("x" * 99).title == "'" + "x" * 39 + "…'"
    assert from_text("a\nb").vocabulary == ("\n", "a", "b")


@pytest.mark.parametrize(
    ("text", "options", "line"),
    [
        ("", {}, "--text: has no characters: give at least 2"),
        ("a", {}, "--text: has 1 character: predicting the next one takes at least 2"),
        ("a" * 1001, {}, "--text: more than 1,000 characters: give --length 200 for a window of them"),
        (
            "a" * 1001,
            {"batch": 10},
            "--text: more than 1,000 characters: give --length 100 for a window of them",
        ),
        (
            "a" * 1001,
            {"batch": 501},
            "--text: more than 1,000 characters: give --length and a smaller --batch for a window of them",
        ),
        ("abc", {"offset": 2}, "--text: --offset 2: there are only 3 characters: give a smaller --offset"),
        (
            "abc",
            {"offset": 9, "length": 2},
            "--text: --offset 9: there are only 3 characters: give a smaller --offset",
        ),
        (
            "abc",
            {"batch": 2},
            "--text: --batch 2: 3 characters make no 2 windows of at least 2: give --batch 1",
        ),
        (
            "abcdef",
            {"length": 4, "batch": 2},
            "--text: --length 4 --batch 2: reads 0…8, but there are only 6 characters: give --length 3",
        ),
        (
            "abcdef",
            {"length": 9, "offset": 1},
            "--text: --length 9: reads 1…10, but there are only 6 characters: give --length 5",
        ),
        ("abc", {"batch": 0}, "--batch: got 0, expected a whole number from 1"),
        ("abc", {"offset": -1}, "--offset: got -1, expected a whole number from 0"),
        ("abc", {"length": 1}, "--length: got 1, expected a whole number 2…1000001"),
        ("abc", {"length": 10**9}, "--length: got 1000000000, expected a whole number 2…1000001"),
        (
            "abc",
            {"length": 1000, "batch": 10_000},
            "--batch: over 8,388,608 items in all: give a smaller --batch or --length",
        ),
        ("a\udcff", {}, "--text: character 2: is not Unicode text: check the terminal's encoding"),
    ],
)
def test_a_text_that_will_not_do_is_one_line_with_what_would(text: str, options: dict[str, int], line: str) -> None:
    assert text_line_of(text, **options) == line


@given(
    count=st.integers(0, 1200),
    length=st.none() | st.integers(2, 700),
    offset=st.integers(0, 700),
    batch=st.integers(1, 9),
)
def test_the_length_that_an_error_proposes_works(count: int, length: int | None, offset: int, batch: int) -> None:
    text = "".join(chr(0x100 + i % 300) for i in range(count))
    try:
        source = from_text(text, None, batch, length, offset)
    except InputError as error:
        words = error.reason.split()
        if "--length" in words:
            proposed = int(words[words.index("--length") + 1])
            assert proposed - 1 == from_text(text, None, batch, proposed, offset).T
        return
    L = length or (count - offset) // batch
    for b in range(batch):
        begin = offset + b * L
        assert read(source, b) == (text[begin : begin + L - 1], text[begin + 1 : begin + L])


def test_a_vocabulary_file_fixes_the_classes(tmp_path: Path) -> None:
    vocabulary = tmp_path / "v.txt"
    vocabulary.write_text("hole\nxh\n")
    source = from_text("hello", vocabulary)
    assert source.vocabulary == ("\n", "e", "h", "l", "o", "x")
    assert read(source) == ("hell", "ello")
    assert (source.inputs, source.outputs) == (6, 6)
    vocabulary.write_bytes(b"ehlo\r\n")
    assert from_text("hello", vocabulary).vocabulary == ("e", "h", "l", "o")
    vocabulary.write_text("ehlo")
    assert from_text("hello", vocabulary).vocabulary == ("e", "h", "l", "o")


def test_a_character_outside_the_vocabulary_is_named_with_its_place(tmp_path: Path) -> None:
    vocabulary = tmp_path / "v"
    vocabulary.write_text("ehl\n")
    with pytest.raises(InputError) as raised:
        from_text("ehello", vocabulary, offset=1)
    assert str(raised.value) == (
        f"--text: character 6: 'o' is not among the 3 characters of {vocabulary}: add it there"
    )
    line = line_of(tmp_path / "a", b"xx\nhe\r\nh\xe2\x88\x87", vocab_file=vocabulary, offset=3, length=5)
    assert line == r"a:2:3: '\n' is not among the 3 characters of v: add it there"
    vocabulary.write_text("ehl\n\n")
    line = line_of(tmp_path / "a", b"xx\nhe\r\nh\xe2\x88\x87", vocab_file=vocabulary, offset=3, length=5)
    assert line == "a:3:2: '∇' is not among the 4 characters of v: add it there"


def test_a_vocabulary_that_is_empty_or_too_large_is_refused(tmp_path: Path) -> None:
    vocabulary = tmp_path / "v"
    vocabulary.write_text("\n")
    with pytest.raises(InputError, match=r"v: is empty: write the characters of the vocabulary into it$"):
        from_text("hello", vocabulary)
    many = "".join(map(chr, range(0x4E00, 0x4E00 + 4097)))
    vocabulary.write_text(many, encoding="utf-8")
    with pytest.raises(InputError, match=r"v: 4,097 different characters, over the limit of 4,096: "):
        from_text("一丁", vocabulary)
    assert from_text(many[:-1], length=4096).inputs == 4096
    with pytest.raises(InputError, match="--text: 4,097 different characters, over the limit of 4,096: "):
        from_text(many, length=4097)


def test_a_text_file_is_read_as_characters(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_bytes(b"\xef\xbb\xbf\xc3\xa9a\r\n\xe2\x88\x87\n")
    source = from_text_file(file)
    assert read(source) == ("éa\n∇", "a\n∇\n")
    assert source.vocabulary == ("\n", "a", "é", "∇")
    assert source.title == "notes.txt"
    assert source.description == {
        "source": "text file",
        "file": "notes.txt",
        "offset": 0,
        "length": 5,
        "batch": 1,
    }
    file.write_bytes(b"\xc3\xa9a")
    assert read(from_text_file(file)) == ("é", "a")


def test_a_window_of_a_text_file_has_its_own_vocabulary(tmp_path: Path) -> None:
    file = tmp_path / "long.txt"
    file.write_text("abcdefghij" * 500)
    source = from_text_file(file, length=4, offset=4007)
    assert read(source) == ("hij", "ija")
    assert source.vocabulary == tuple("ahij")
    assert source.title == "long.txt 4007…4011"
    batch = from_text_file(file, length=4, offset=4, batch=2)
    assert [read(batch, b) for b in range(2)] == [("efg", "fgh"), ("ija", "jab")]
    assert batch.title == "long.txt 4…12"
    assert from_text_file(file, offset=4990).title == "long.txt 4990…5000"


def test_a_window_of_a_large_file_is_read_without_the_rest(tmp_path: Path) -> None:
    file = tmp_path / "large.txt"
    with file.open("wb") as out:
        for _ in range(100):
            out.write("0123456∇é\n".encode() * 20_000)
    tracemalloc.start()
    try:
        source = from_text_file(file, length=6, offset=15_000_005)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert read(source) == ("56∇é\n", "6∇é\n0")
    assert peak < 2_000_000


@pytest.mark.parametrize(
    ("data", "options", "line"),
    [
        (b"", {}, "f: has no characters: give at least 2"),
        (b"\xef\xbb\xbf", {}, "f: has no characters: give at least 2"),
        (b"\n", {}, "f: has 1 character: predicting the next one takes at least 2"),
        (b"a" * 1001, {}, "f: more than 1,000 characters: give --length 200 for a window of them"),
        (
            b"\x89PNG\r\n\x1a\n\0\0",
            {},
            "f: binary file: byte 0x89 at offset 0 is not UTF-8 text: pass a text file",
        ),
        ("café".encode("latin-1"), {}, "f:1:4: byte 0xe9 at offset 3 is not UTF-8: save the file as UTF-8"),
        (
            b"ab\r\n" * 411 + b"x",
            {"offset": 5000, "length": 9},
            "f: --offset 5000: there are only 1,234 characters: give a smaller --offset",
        ),
        (
            b"ab\r\n" * 411 + b"x",
            {"offset": 1100, "length": 200},
            "f: --length 200: reads 1,100…1,300, but there are only 1,234 characters: give --length 134",
        ),
    ],
)
def test_a_text_file_that_will_not_do_is_one_line(
    tmp_path: Path, data: bytes, options: dict[str, int], line: str
) -> None:
    assert line_of(tmp_path / "f", data, **options) == line
