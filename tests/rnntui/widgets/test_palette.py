"""Every tile can be read, zero recedes, and levels never fail."""

import numpy as np
import pytest
from rich.color import Color, ColorSystem

from rnntui.widgets.colours import xterm
from rnntui.widgets.palette import LEVELS, RAMPS, ROLES, _oklab, contrast, levels, mix, palette, ramp

THEMES = tuple(ROLES)
DEPTHS = ("all", "256")
FAMILIES = ("value", "gradient", "unit")
SPOKEN = ("forward", "backward", "violet", "trouble", "input", "loss")


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("family", FAMILIES)
def test_a_number_on_an_unfaded_tile_has_a_contrast_of_at_least_four(theme, family, depth):
    colours = palette(theme, depth=depth)
    for level in range(LEVELS):
        ink = colours.tile(family, level).color.get_truecolor().hex
        assert contrast(colours.level_colour(family, level), ink) >= 4.2


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("theme", THEMES)
def test_muted_text_can_be_read_on_every_surface(theme, depth):
    colours = palette(theme, depth=depth)
    for surface in ("background", "surface", "panel"):
        assert contrast(colours.colour("muted"), colours.colour(surface)) >= 4.3


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("theme", THEMES)
def test_words_in_a_hue_can_be_read_and_so_can_labels_filled_with_it(theme, depth):
    colours = palette(theme, depth=depth)
    for role in SPOKEN:
        assert contrast(colours.colour(role), colours.colour("background")) >= 4.5, role
    assert contrast(colours.colour("text"), colours.colour("panel")) >= 10
    assert contrast(colours.colour("faint"), colours.colour("background")) >= 3.2


@pytest.mark.parametrize("theme", THEMES)
def test_each_of_the_256_colours_is_sent_as_it_was_picked(theme):
    colours = palette(theme, depth="256")
    picked = [colours.colour(role) for role in ROLES[theme]]
    picked += [colours.level_colour(family, level, faded) for family in FAMILIES for level in range(LEVELS)
               for faded in (False, True)]  # fmt: skip
    for colour in picked:
        number = Color.parse(colour).downgrade(ColorSystem.EIGHT_BIT).number
        assert xterm(number) == colour


def apart(colour, other):
    """How different two colours look: their distance in OKLab."""
    return float(np.linalg.norm(_oklab(colour) - _oklab(other)))


@pytest.mark.parametrize("theme", THEMES)
def test_a_ramp_of_256_colours_gets_stronger_from_zero_to_its_ends(theme):
    colours = palette(theme, depth="256")
    for family, zero in (("value", LEVELS // 2), ("gradient", LEVELS // 2), ("unit", 0)):
        for levels_out in (range(zero, LEVELS), range(zero, -1, -1)):
            strengths = [
                apart(colours.level_colour(family, level), colours.level_colour(family, zero)) for level in levels_out
            ]
            assert strengths == sorted(strengths), (family, strengths)


def test_with_256_colours_a_number_that_recedes_is_on_one_grey():
    colours = palette("dark", depth="256")
    grounds = {colours.tile("value", level, faded=True).bgcolor.get_truecolor().hex for level in range(LEVELS)}
    assert grounds == {colours.colour("panel")}
    assert colours.receding("forward").color.get_truecolor().hex == colours.colour("faint")


@pytest.mark.parametrize("depth", DEPTHS)
def test_zero_is_near_the_background_and_the_ends_are_far_from_it(depth):
    for theme in THEMES:
        colours = palette(theme, depth=depth)
        for family, zero in (("value", LEVELS // 2), ("gradient", LEVELS // 2), ("unit", 0)):
            ground = colours.colour("background")
            assert contrast(colours.level_colour(family, zero), ground) < 1.35
            assert contrast(colours.level_colour(family, LEVELS - 1), ground) > 3


def test_a_ramp_begins_and_ends_at_its_stops():
    for families in RAMPS.values():
        for stops in families.values():
            colours = ramp(stops)
            assert (colours[0], colours[-1], len(colours)) == (stops[0], stops[-1], LEVELS)


def test_mixing_ends_at_either_colour():
    assert mix("#59c2ff", "#0e1116", 0.0) == "#59c2ff"
    assert mix("#59c2ff", "#0e1116", 1.0) == "#0e1116"


def test_levels_of_values_are_linear_and_of_gradients_bent_towards_zero():
    numbers = np.array([-1.0, -0.1, 0.0, 0.1, 1.0])
    assert levels(numbers, "value", 1.0).tolist() == [0, 9, 10, 11, 20]
    assert levels(numbers, "gradient", 1.0).tolist() == [0, 7, 10, 13, 20]
    assert levels(np.array([0.0, 0.5, 1.0]), "unit", 1.0).tolist() == [0, 10, 20]


def test_levels_hold_what_is_too_large_and_mark_what_is_not_finite():
    numbers = np.array([np.nan, np.inf, -np.inf, 1e308, -1e308, 5e-324])
    for family in FAMILIES:
        found = levels(numbers, family, 1e-300)
        assert found[:3].tolist() == [-1, -1, -1]
        assert found[3] == LEVELS - 1
    assert levels(np.zeros(2), "value", 0.0).tolist() == [10, 10]


def test_without_colours_size_is_told_by_weight_and_reversal():
    plain = palette("dark", colourless=True)
    assert not plain.tile("value", 10).bold
    assert plain.tile("value", 15).bold and not plain.tile("value", 15).reverse
    assert plain.tile("value", 20).reverse
    assert not plain.tile("value", 20, faded=True).reverse


@pytest.mark.parametrize("name", ["dark", "light"])
@pytest.mark.parametrize("family", FAMILIES)
def test_with_256_colours_a_tile_without_number_that_recedes_keeps_its_sign(name, family):
    found = palette(name, depth="256")
    zero = 0 if family == "unit" else LEVELS // 2
    ends = {0, LEVELS - 1} - {zero}
    assert len({found.level_colour(family, level, True) for level in (*ends, zero)}) == len(ends) + 1
    for end in ends:
        ground = found.colour("background")
        assert contrast(found.level_colour(family, end, True), ground) < contrast(
            found.level_colour(family, end), ground
        )
