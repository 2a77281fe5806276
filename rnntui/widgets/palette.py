"""The colours of the screen: what each role looks like, and the ramps from number to tile.

Hue says what kind a thing is and which way it goes; lightness and sign say how large it is. Ramps are interpolated in
OKLab (Ottosson 2020), so that equal steps of a number look equally large; zero is close to the background.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from rich.style import Style

from bptt.diagnostics.alert import Severity
from rnntui.widgets.colours import RAMPS as RAMPS
from rnntui.widgets.colours import ROLES as ROLES
from rnntui.widgets.colours import Depth, roles_of, steps_of, xterm
from rnntui.widgets.colours import Family as Family
from rnntui.widgets.colours import ThemeName as ThemeName

LEVELS = 21
"""Steps of a ramp; the middle one is zero for values and gradients."""
FADE = 0.62
"""How far a cell that this equation does not touch goes towards the background."""
FADE_OF_INK = 0.4
"""The same for text."""
GRADIENT_POWER = 0.6
"""Gradients span decades: |x| to this power keeps the small ones visible."""
ALERTS: Mapping[Severity, str] = {"error": "trouble", "warning": "loss", "note": "muted"}
"""The role of an alert."""

_INKS = {"all": ("#0b0d10", "#ffffff"), "256": (xterm(16), xterm(231))}
"""Dark and light."""
_ARROWS = str.maketrans({"←": "<-", "→": "->", "↑": "up", "↓": "down"})


class Palette:
    """One theme. Styles are made once and kept: drawing a screen looks them up."""

    def __init__(
        self, name: ThemeName = "dark", colourless: bool = False, depth: Depth = "all", ascii: bool = False
    ) -> None:
        """`colourless`: NO_COLOR was asked for; tiles then tell their size by weight and reversal. `ascii`: there are
        no block characters."""
        self.name = name
        self.colourless = colourless
        self.ascii = ascii
        self.inked = colourless or ascii
        """Whether tiles without room for a number are signs, and not two colours a cell."""
        self._depth = depth
        self._roles = roles_of(name, depth)
        self._styles: dict[tuple[object, ...], Style] = {}
        self._ramps: dict[tuple[Family, bool], tuple[str, ...]] = {}
        self._tiles: dict[tuple[Family, bool], tuple[Style, ...]] = {}
        for family in RAMPS[name]:
            colours, faded = self._ramp(family)
            self._ramps[family, False], self._ramps[family, True] = colours, faded
            self._tiles[family, False] = tuple(self._tile(colour) for colour in colours)
            if depth != "all":
                faded = (self._roles["panel"],) * LEVELS  # under a number; what has none keeps its sign
            self._tiles[family, True] = tuple(Style(color=self._roles["muted"], bgcolor=colour) for colour in faded)

    def _ramp(self, family: Family) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The colours of all levels, and the same faded."""
        if self._depth == "all":
            colours = ramp(RAMPS[self.name][family])
            return colours, tuple(mix(colour, self._roles["background"], FADE) for colour in colours)
        return _spread(steps_of(self.name, family)), _spread(steps_of(self.name, family, faded=True))

    def keys(self, text: str) -> str:
        """Names of keys so that they cannot be taken for other keys: where there are ASCII's signs only, an arrow is
        no letter and no `>`."""
        return text.replace("←→", "← →").replace("↑↓", "↑ ↓").translate(_ARROWS) if self.ascii else text

    def colour(self, role: str) -> str:
        """A role's colour as `#rrggbb`; KeyError for an unknown role."""
        return self._roles[role]

    def style(
        self,
        foreground: str,
        background: str = "background",
        bold: bool = False,
        italic: bool = False,
        underline: bool = False,
    ) -> Style:
        """A style of two roles."""
        key = (foreground, background, bold, italic, underline)
        found = self._styles.get(key)
        if found is None:
            found = self._styles[key] = Style(
                color=self._roles[foreground],
                bgcolor=self._roles[background],
                bold=bold or None,
                italic=italic or None,
                underline=underline or None,
            )
        return found

    def alert(self, severity: Severity) -> Style:
        """Text that tells an alert, or marks where it is told."""
        return self.style("background", ALERTS[severity], bold=True)

    def receding(self, role: str) -> Style:
        """Text of a role that this equation does not touch."""
        if self._depth != "all":
            return self.style("faint")
        key = ("receding", role)
        found = self._styles.get(key)
        if found is None:
            ground = self._roles["background"]
            colour = mix(self._roles[role], ground, FADE_OF_INK)
            found = self._styles[key] = Style(color=colour, bgcolor=ground)
        return found

    def tile(self, family: Family, level: int, faded: bool = False) -> Style:
        """The style of a tile with a number on it; level −1, which is not finite, is trouble."""
        if level < 0:
            return self.style("background", "trouble", bold=True)
        if self.colourless:
            return self._weight(family, level, faded)
        return self._tiles[family, faded][level]

    def signed(self, family: Family, level: int, faded: bool = False) -> Style:
        """The style of a tile with a sign of ink on it, which tells the size; without colours nothing else does."""
        if self.colourless and level >= 0:
            return self.style("muted" if faded else "text")
        return self.tile(family, level, faded)

    def half(self, family: Family, upper: int, lower: int, faded: bool = False) -> Style:
        """The style of `▀`: the upper tile in the foreground, the lower in the background."""
        key = ("half", family, upper, lower, faded)
        found = self._styles.get(key)
        if found is None:
            found = self._styles[key] = Style(
                color=self.level_colour(family, upper, faded), bgcolor=self.level_colour(family, lower, faded)
            )
        return found

    def level_colour(self, family: Family, level: int, faded: bool = False) -> str:
        """The bare colour of a level; −1 is trouble."""
        return self._roles["trouble"] if level < 0 else self._ramps[family, faded][level]

    def _tile(self, colour: str) -> Style:
        ink = max(_INKS[self._depth], key=lambda ink: contrast(colour, ink))
        if contrast(colour, self._roles["background"]) < 1.3:
            ink = self._roles["muted"]  # close to zero: the number steps back too
        return Style(color=ink, bgcolor=colour)

    def _weight(self, family: Family, level: int, faded: bool) -> Style:
        size = level / (LEVELS - 1) if family == "unit" else abs(level / (LEVELS - 1) * 2 - 1)
        key = ("weight", round(size, 3), faded)
        found = self._styles.get(key)
        if found is None:
            found = self._styles[key] = Style(
                color=self._roles["muted" if faded or size < 0.1 else "text"],
                bgcolor=self._roles["background"],
                bold=size >= 1 / 3 or None,
                reverse=(size >= 2 / 3 and not faded) or None,
            )
        return found


def _spread(steps: Sequence[str]) -> tuple[str, ...]:
    """A colour for each level."""
    return tuple(steps[place] for place in np.rint(np.linspace(0, len(steps) - 1, LEVELS)).astype(int))


@cache
def palette(name: ThemeName, colourless: bool = False, depth: Depth = "all", ascii: bool = False) -> Palette:
    """The palette of a theme, made once."""
    return Palette(name, colourless, depth, ascii)


def levels(values: NDArray[np.floating], family: Family, scale: float) -> NDArray[np.int8]:
    """The level of each number: 0…20, −1 for NaN and infinities; `scale` is the number at the ramp's end, and
    larger ones are held there. Same shape."""
    with np.errstate(all="ignore"):
        finite = np.isfinite(values)
        part = np.where(finite, values, 0) / (scale if scale > 0 else 1.0)
        if family == "unit":
            place = np.clip(part, 0, 1)
        else:
            part = np.clip(part, -1, 1)
            if family == "gradient":
                part = np.sign(part) * np.abs(part) ** GRADIENT_POWER
            place = (part + 1) / 2
        result = np.rint(place * (LEVELS - 1)).astype(np.int8)
    result[~finite] = -1
    return result


def ramp(stops: Sequence[str], count: int = LEVELS) -> tuple[str, ...]:
    """`count` colours through the stops, equally far apart in OKLab."""
    labs = [_oklab(stop) for stop in stops]
    colours = []
    for place in np.linspace(0, len(stops) - 1, count):
        left = min(int(place), len(stops) - 2)
        part = place - left
        colours.append(_hex(labs[left] * (1 - part) + labs[left + 1] * part))
    return tuple(colours)


def mix(colour: str, other: str, part: float) -> str:
    """`colour` moved by `part` of the way to `other`, in OKLab."""
    return _hex(_oklab(colour) * (1 - part) + _oklab(other) * part)


def contrast(a: str, b: str) -> float:
    """The contrast ratio of two colours, 1…21 (WCAG 2.1)."""
    light, dark = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _linear(colour: str) -> NDArray[np.float64]:
    channels = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def _luminance(colour: str) -> float:
    return float(_linear(colour) @ np.array([0.2126, 0.7152, 0.0722]))


_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def _oklab(colour: str) -> NDArray[np.float64]:
    return np.asarray(_TO_LAB @ np.cbrt(_TO_LMS @ _linear(colour)))


def _hex(lab: NDArray[np.float64]) -> str:
    linear = np.clip(np.linalg.solve(_TO_LMS, np.linalg.solve(_TO_LAB, lab) ** 3), 0, 1)
    channels = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return "#" + "".join(f"{round(float(channel) * 255):02x}" for channel in channels)
