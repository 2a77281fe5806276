"""The screen as an SVG that needs nothing else: every letter is put at its own place, and blocks and lines are drawn as
shapes, so that it looks the same whatever monospaced font there is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from xml.sax.saxutils import escape

from rich.cells import get_character_cell_size
from rich.color import Color
from rich.style import Style
from textual.strip import Strip

WIDTH, HEIGHT = 10, 20
"""Of a cell."""
SIZE = 16.6
"""Of the font: most monospaced letters are 0.6 of it wide."""
BASELINE = 15
FONTS = "DejaVu Sans Mono, Menlo, Consolas, Liberation Mono, Noto Sans Mono, monospace"
LIGHT, HEAVY = 1.5, 3.0
"""How thick lines are."""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, as parts of a cell."""
_BLOCKS: dict[str, Box] = {
    **{glyph: (0, 1 - eighths / 8, 1, 1) for eighths, glyph in enumerate("▁▂▃▄▅▆▇█", 1)},
    **{glyph: (0, 0, eighths / 8, 1) for eighths, glyph in enumerate("▏▎▍▌▋▊▉", 1)},
    "▀": (0, 0, 1, 0.5),
    "▔": (0, 0, 1, 0.125),
    "▐": (0.5, 0, 1, 1),
    "▕": (0.875, 0, 1, 1),
}
_SHADES = {"░": 0.25, "▒": 0.5, "▓": 0.75}
_ARMS = {
    **dict(zip("─│┌┐└┘├┤┬┴┼", "lr ud rd ld ru lu udr udl lrd lru lrud".split(), strict=True)),
    **dict(zip("╭╮╰╯", "rd ld ru lu".split(), strict=True)),
    **dict(zip("━┃┏┓┗┛┣┫┳┻╋", "lr ud rd ld ru lu udr udl lrd lru lrud".split(), strict=True)),
}
"""Line → where it goes from the middle of its cell: left, right, up, down."""
_HEAVY = frozenset("━┃┏┓┗┛┣┫┳┻╋")


def svg(rows: Sequence[Strip], ink: str, ground: str) -> str:
    """A picture of the rows; `ink` and `ground`: `#rrggbb` for what has no colour of its own."""
    columns = max((row.cell_length for row in rows), default=0)
    width, height = columns * WIDTH, len(rows) * HEIGHT
    drawn = [part for y, row in enumerate(rows) for part in _row(row, y * HEIGHT, ink, ground)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
            f'height="{height}" font-family="{FONTS}" font-size="{SIZE}">',
            f'<rect width="{width}" height="{height}" fill="{ground}"/>',
            *drawn,
            "</svg>\n",
        ]
    )


def _row(row: Strip, top: int, ink: str, ground: str) -> Iterator[str]:
    """What lies behind the letters, then these."""
    placed: list[tuple[int, int, Style, str]] = []
    x = 0
    for segment in row:
        style = segment.style or Style.null()
        placed.append((x, segment.cell_length, style, segment.text))
        x += segment.cell_length
    for colour, some in groupby(placed, lambda part: _colours(part[2], ink, ground)[1]):
        parts = list(some)
        if colour != ground:
            length = sum(cells for _, cells, _, _ in parts)
            yield _rect(parts[0][0] * WIDTH, top, length * WIDTH, HEIGHT, colour)
    for start, _, style, text in placed:
        yield from _text(text, start, top, style, _colours(style, ink, ground)[0])


def _colours(style: Style, ink: str, ground: str) -> tuple[str, str]:
    """(of the letters, of what lies behind them)."""
    front, behind = _hex(style.color, ink), _hex(style.bgcolor, ground)
    return (behind, front) if style.reverse else (front, behind)


def _hex(colour: Color | None, default: str) -> str:
    return default if colour is None or colour.is_default else colour.get_truecolor().hex


def _text(text: str, x: int, top: int, style: Style, colour: str) -> Iterator[str]:
    """Shapes for blocks and lines, letters one by one at their places."""
    letters: list[tuple[int, str]] = []
    end = x
    for glyph, some in groupby(text):
        count = len(list(some))
        size = get_character_cell_size(glyph)
        if glyph in _BLOCKS or glyph in _SHADES or glyph in _ARMS:
            yield from _shape(glyph, end, count, top, colour)
        elif glyph != " " and size:
            letters += [(end + place * size, glyph) for place in range(count)]
        elif letters and not size:
            letters[-1] = letters[-1][0], letters[-1][1] + glyph * count
        end += count * size
    if letters:
        places = " ".join(str(place * WIDTH) for place, glyph in letters for _ in glyph)
        words = escape("".join(glyph for _, glyph in letters))
        yield f'<text x="{places}" y="{top + BASELINE}" fill="{colour}"{_weight(style)}>{words}</text>'
    if style.underline and text.strip():
        yield _rect(x * WIDTH, top + BASELINE + 2, (end - x) * WIDTH, 1.5, colour)


def _weight(style: Style) -> str:
    bold = ' font-weight="bold"' if style.bold else ""
    return bold + (' font-style="italic"' if style.italic else "")


def _shape(glyph: str, x: int, count: int, top: int, colour: str) -> Iterator[str]:
    """The same glyph `count` times from column x on; what touches its neighbour is one piece."""
    if glyph in _SHADES:
        yield _rect(x * WIDTH, top, count * WIDTH, HEIGHT, colour, _SHADES[glyph])
        return
    boxes = [_BLOCKS[glyph]] if glyph in _BLOCKS else list(_arms(glyph))
    for left, upper, right, lower in boxes:
        whole = (left, right) == (0, 1)
        for place in range(1 if whole else count):
            start = (x + place + left) * WIDTH
            length = count * WIDTH if whole else (right - left) * WIDTH
            yield _rect(start, top + upper * HEIGHT, length, (lower - upper) * HEIGHT, colour)


def _arms(glyph: str) -> Iterable[Box]:
    """The bars of a line."""
    thick = HEAVY if glyph in _HEAVY else LIGHT
    across, along = thick / WIDTH / 2, thick / HEIGHT / 2
    arms = _ARMS[glyph]
    left = 0.0 if "l" in arms else 0.5 - across
    right = 1.0 if "r" in arms else 0.5 + across
    if "l" in arms or "r" in arms:
        yield left, 0.5 - along, right, 0.5 + along
    if "u" in arms or "d" in arms:
        upper = 0.0 if "u" in arms else 0.5 - along
        lower = 1.0 if "d" in arms else 0.5 + along
        yield 0.5 - across, upper, 0.5 + across, lower


def _rect(x: float, y: float, width: float, height: float, colour: str, opacity: float = 1.0) -> str:
    seen = f' fill-opacity="{opacity:g}"' if opacity < 1 else ""
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" fill="{colour}"{seen}/>'
