"""UTF-8 text decoded block by block, so that the size of a file never matters."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO

from rnntui.safe.errors import InputError

BLOCK = 65_536
"""Bytes read at a time."""
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NEVER_IN_TEXT = frozenset(range(32)) - frozenset(b"\t\n\v\f\r\x1b")


def pieces(file: BinaryIO, name: str) -> Iterator[str]:
    r"""The text of `file` in order, about a block at a time; \r\n and \r become \n, no byte order mark.

    Whatever stands before a bad byte is given first, so that a reader who wanted no more never meets it.
    Raises InputError at a byte that is not UTF-8 or is NUL, naming its offset."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    newlines = io.IncrementalNewlineDecoder(None, translate=True)
    place = (1, 1)
    offset = 0
    while True:
        block = file.read(BLOCK)
        ended = not block
        if offset == 0 and block[:2] in _UTF16:
            raise InputError(name, "", "is UTF-16 text: save it as UTF-8")
        if offset == 0 and block.startswith(codecs.BOM_UTF8):
            offset = len(codecs.BOM_UTF8)
            block = block[offset:]
        nul = block.find(0)
        bad: tuple[int, int] | None = None if nul < 0 else (offset + nul, 0)
        pending = len(decoder.getstate()[0])
        try:
            text = decoder.decode(block if nul < 0 else block[:nul], final=ended or nul >= 0)
        except UnicodeDecodeError as error:
            text = error.object[: error.start].decode("utf-8")
            bad = (offset - pending + error.start, error.object[error.start])
        text = newlines.decode(text, final=ended or bad is not None)
        place = after(place, text)
        if text:
            yield text
        if bad is not None:
            raise _fault(name, place, *bad, block)
        if ended:
            return
        offset += len(block)


def after(place: tuple[int, int], text: str) -> tuple[int, int]:
    """The (line, column) from 1 of the character that follows `text`, which begins at `place`."""
    line, column = place
    last = text.rfind("\n")
    return (line, column + len(text)) if last < 0 else (line + text.count("\n"), len(text) - last)


def _fault(name: str, place: tuple[int, int], offset: int, byte: int, block: bytes) -> InputError:
    if not _NEVER_IN_TEXT.isdisjoint(block):
        reason = f"byte 0x{byte:02x} at offset {offset} is not UTF-8 text: pass a text file"
        return InputError(name, "binary file", reason)
    reason = f"byte 0x{byte:02x} at offset {offset} is not UTF-8: save the file as UTF-8"
    return InputError(name, f"{place[0]}:{place[1]}", reason)
