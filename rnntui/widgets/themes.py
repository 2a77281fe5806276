"""The colours of dark and light as themes of Textual's, for what it draws itself and for stylesheets."""

from __future__ import annotations

from textual.theme import Theme

from rnntui.widgets.colours import Depth, ThemeName, roles_of

NAMES: tuple[ThemeName, ...] = ("dark", "light")


def themes(depth: Depth) -> tuple[Theme, ...]:
    """All there are, called rnntui-dark and so on."""
    return tuple(_theme(name, depth) for name in NAMES)


def _theme(name: ThemeName, depth: Depth) -> Theme:
    roles = roles_of(name, depth)
    return Theme(
        name=f"rnntui-{name}",
        primary=roles["forward"],
        secondary=roles["backward"],
        accent=roles["violet"],
        foreground=roles["text"],
        background=roles["background"],
        surface=roles["surface"],
        panel=roles["panel"],
        success=roles["input"],
        warning=roles["loss"],
        error=roles["trouble"],
        dark=name == "dark",
        variables={
            "rule": roles["rule"],
            "quiet": roles["muted"],
            "scrollbar": roles["rule"],
            "scrollbar-background": roles["surface"],
            "scrollbar-corner-color": roles["surface"],
            "scrollbar-hover": roles["muted"],
            "scrollbar-active": roles["muted"],
            "input-selection-background": f"{roles['violet']} 40%" if depth == "all" else roles["rule"],
        },
    )
