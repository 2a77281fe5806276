"""Text as a source: every character predicts the next one."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnntui.safe import InputError, Window, clean, cut, read_text, read_window
from rnntui.sources.source import MAX_UNITS, Source
from rnntui.sources.windows import Windows

MAX_VOCABULARY_FILE = 65_536
"""Bytes of a vocabulary file."""
_LONGEST_TITLE = 40
Codes = NDArray[np.int64]
FilePath = str | os.PathLike[str]


def from_text(
    text: str,
    vocab_file: FilePath | None = None,
    batch: int = 1,
    length: int | None = None,
    offset: int = 0,
) -> Source:
    """Next-character prediction in `text`: x all characters but the last, y all but the first, as classes.

    The vocabulary is the sorted distinct characters of what is read, or those of a file. Raises InputError
    for fewer than 2 characters, for over 1,000 without `length`, and for one that is not in the file."""
    windows = Windows(length, offset, batch)
    bad = next((index for index, letter in enumerate(text) if "\ud800" <= letter <= "\udfff"), None)
    if bad is not None:
        raise InputError("--text", f"character {bad + 1}", "is not Unicode text: check the terminal's encoding")
    part = text[offset : offset + windows.wanted]
    L = windows.fit("--text", "character", len(part), len(text))
    part = part[: L * batch]
    names, codes = _encode("--text", part, lambda index: f"character {offset + index + 1}", vocab_file)
    quoted = f"'{cut(clean(part), _LONGEST_TITLE)}'"
    description: dict[str, str | int] = {"source": "text", "text": part}
    return _source(names, codes.reshape(batch, L), part[: L - 1], quoted, description)


def from_text_file(
    path: FilePath,
    length: int | None = None,
    offset: int = 0,
    vocab_file: FilePath | None = None,
    batch: int = 1,
) -> Source:
    r"""Next-character prediction in a UTF-8 file of any size; `length` and `offset` count characters, a line
    end (\n, \r\n or \r) being one.

    Reads the file from its beginning to the end of the last window and holds only the windows. Raises
    InputError as from_text does, and where the file cannot be read, is not text, or ends too early."""
    windows = Windows(length, offset, batch)
    name = os.fspath(path)
    window: Window = read_window(path, offset, windows.wanted)
    L = windows.fit(name, "character", len(window.text), window.total)
    part = window.text[: L * batch]
    names, codes = _encode(name, part, window.place, vocab_file)
    title = clean(" ".join(filter(None, (Path(name).name, windows.span(L)))))
    description: dict[str, str | int] = {"source": "text file", "file": Path(name).name, "offset": offset}
    return _source(names, codes.reshape(batch, L), part[: L - 1], title, description)


def _source(names: tuple[str, ...], codes: Codes, tokens: str, title: str, description: dict[str, str | int]) -> Source:
    """`codes`: (B, L)."""
    B, L = codes.shape
    rows: NDArray[Any] = codes[0] if B == 1 else codes.T
    x, y = rows[:-1].copy(), rows[1:].copy()
    x.flags.writeable = y.flags.writeable = False
    return Source(
        x=x,
        y=y,
        tokens=tuple(tokens),
        vocabulary=names,
        inputs=len(names),
        outputs=len(names),
        kind="classes",
        title=title,
        description={**description, "length": L, "batch": B},
    )


def _encode(
    file: str, text: str, place: Callable[[int], str], vocab_file: FilePath | None
) -> tuple[tuple[str, ...], Codes]:
    """(vocabulary, the class number of each character); `place(index)` names a character's place."""
    points = np.frombuffer(text.encode("utf-32-le"), "<u4")
    known = np.unique(points) if vocab_file is None else _vocabulary(vocab_file)
    if len(known) > MAX_UNITS:
        owner = file if vocab_file is None else os.fspath(vocab_file)
        reason = f"{len(known):,} different characters, over the limit of {MAX_UNITS:,}"
        raise InputError(owner, "", f"{reason}: give a smaller --length or a smaller vocabulary")
    codes = np.minimum(np.searchsorted(known, points), len(known) - 1)
    strange = known[codes] != points
    if strange.any():
        index = int(strange.argmax())
        listed = f"the {len(known)} characters of {os.fspath(vocab_file or '')}"
        raise InputError(file, place(index), f"'{text[index]}' is not among {listed}: add it there")
    return tuple(map(chr, known.tolist())), codes.astype(np.int64)


def _vocabulary(path: FilePath) -> NDArray[np.uint32]:
    r"""The sorted code points of a vocabulary file. The \n at its very end is not one of them, since editors
    put it there; a vocabulary that has \n holds a line break somewhere before."""
    text = read_text(path, MAX_VOCABULARY_FILE).removesuffix("\n")
    if not text:
        raise InputError(path, "", "is empty: write the characters of the vocabulary into it")
    return np.unique(np.frombuffer(text.encode("utf-32-le"), "<u4"))
