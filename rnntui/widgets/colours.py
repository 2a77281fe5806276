"""The colours that everything else is made of: what each role looks like, and between which colours the ramps run, for
terminals with all colours and for those with 256."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Literal

Family = Literal["value", "gradient", "unit"]
ThemeName = Literal["dark", "light"]
Depth = Literal["all", "256"]
"""How many colours the terminal has."""

ROLES: Mapping[ThemeName, Mapping[str, str]] = MappingProxyType(
    {
        "dark": {
            "background": "#0e1116",
            "surface": "#141920",
            "panel": "#1c232d",
            "rule": "#2f3947",
            "text": "#e8ecf3",
            "muted": "#8a94a6",
            "faint": "#5f6b80",
            "forward": "#59c2ff",
            "backward": "#ffb454",
            "violet": "#c3a6ff",
            "trouble": "#ff5c7a",
            "input": "#7fd962",
            "loss": "#f9f871",
            "lens": "#ffffff",
            "playhead forward": "#1a2634",
            "playhead backward": "#2c2419",
        },
        "light": {
            "background": "#fbfaf7",
            "surface": "#f3f1ea",
            "panel": "#e8e5db",
            "rule": "#c9c4b6",
            "text": "#1b1f27",
            "muted": "#5f6675",
            "faint": "#868a80",
            "forward": "#0a66b0",
            "backward": "#a85400",
            "violet": "#6b3fb5",
            "trouble": "#c2183c",
            "input": "#2e7d12",
            "loss": "#7a5c00",
            "lens": "#000000",
            "playhead forward": "#e2edf5",
            "playhead backward": "#f7ead6",
        },
    }
)
"""Role → colour. `violet` is what a lesson says; `input` also means right, `loss` also hidden, `trouble` also NaN."""

RAMPS: Mapping[ThemeName, Mapping[Family, tuple[str, ...]]] = MappingProxyType(
    {
        "dark": {
            "value": ("#7088ff", "#3f55cf", "#1c2430", "#2f9c86", "#8ff5cf"),
            "gradient": ("#e8559a", "#9c2f68", "#29211d", "#b07a12", "#ffcf4a"),
            "unit": ("#171d26", "#2c6ea3", "#a8e1ff"),
        },
        "light": {
            "value": ("#2f45c9", "#9aa9f5", "#f1f1ee", "#8fdcc4", "#0b7a5f"),
            "gradient": ("#a01678", "#eda5d6", "#f5f0e8", "#f5c764", "#a86200"),
            "unit": ("#f1f1ee", "#a9d3f0", "#0a66b0"),
        },
    }
)
"""The colours between which a ramp runs, from −1 (or 0) to 1."""

_ROLES_256: Mapping[ThemeName, Mapping[str, int]] = MappingProxyType(
    {
        "dark": {
            "background": 233,
            "surface": 234,
            "panel": 235,
            "rule": 238,
            "text": 231,
            "muted": 246,
            "faint": 242,
            "forward": 75,
            "backward": 215,
            "violet": 183,
            "trouble": 204,
            "input": 113,
            "loss": 227,
            "lens": 231,
            "playhead forward": 236,
            "playhead backward": 236,
        },
        "light": {
            "background": 231,
            "surface": 255,
            "panel": 254,
            "rule": 250,
            "text": 234,
            "muted": 240,
            "faint": 244,
            "forward": 25,
            "backward": 130,
            "violet": 55,
            "trouble": 161,
            "input": 22,
            "loss": 94,
            "lens": 16,
            "playhead forward": 253,
            "playhead backward": 253,
        },
    }
)

_RAMPS_256: Mapping[ThemeName, Mapping[Family, tuple[int, ...]]] = MappingProxyType(
    {
        "dark": {
            "value": (105, 69, 62, 18, 235, 23, 36, 79, 158),
            "gradient": (205, 168, 125, 53, 235, 58, 136, 178, 221),
            "unit": (235, 24, 31, 74, 117, 153, 195),
        },
        "light": {
            "value": (62, 105, 147, 189, 255, 158, 115, 72, 29),
            "gradient": (126, 169, 212, 225, 255, 223, 215, 172, 130),
            "unit": (255, 195, 153, 117, 74, 31, 25),
        },
    }
)
"""Picked by hand: the nearest of the 256 to an interpolated ramp would make its dark end blotches of grey and green."""

_FADED_256: Mapping[ThemeName, Mapping[Family, tuple[int, ...]]] = MappingProxyType(
    {
        "dark": {"value": (18, 17, 235, 23, 23), "gradient": (53, 53, 235, 58, 58), "unit": (235, 236, 24)},
        "light": {"value": (189, 189, 255, 194, 194), "gradient": (225, 225, 255, 230, 230), "unit": (255, 254, 195)},
    }
)
"""The same for tiles without a number that this equation does not touch: the sign, and little more."""


@cache
def roles_of(name: ThemeName, depth: Depth) -> Mapping[str, str]:
    """Role → colour as `#rrggbb`."""
    if depth == "all":
        return ROLES[name]
    return MappingProxyType({role: xterm(index) for role, index in _ROLES_256[name].items()})


@cache
def steps_of(name: ThemeName, family: Family, faded: bool = False) -> tuple[str, ...]:
    """The steps of a ramp with 256 colours, from −1 (or 0) to 1."""
    return tuple(xterm(index) for index in (_FADED_256 if faded else _RAMPS_256)[name][family])


def xterm(index: int) -> str:
    """A colour as `#rrggbb` that Rich sends as this one of the 256, 16…255. Those of the cube are exactly what the
    terminal shows; greys are within 8 of 255."""
    if index >= 232:
        return "#" + f"{round((index - 231) / 25 * 255):02x}" * 3
    red, green, blue = (index - 16) // 36, (index - 16) // 6 % 6, (index - 16) % 6
    return "#" + "".join(f"{part * 40 + 55 if part else 0:02x}" for part in (red, green, blue))
