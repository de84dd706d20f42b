"""Each theme can be read on the backgrounds that people use, also by those who see fewer colours."""

from __future__ import annotations

import dataclasses
import itertools

import pytest

from hfshell.render.console import make_theme
from hfshell.render.palette import PALETTES, Palette, palette_name

BACKGROUNDS = {
    "dark": ("#000000", "#1e1e1e", "#282c34", "#002b36", "#300a24", "#282a36", "#2e3440"),
    "light": ("#ffffff", "#fafafa", "#f5f5f5", "#fdf6e3", "#eee8d5"),
}
READABLE = 4.5
"""The contrast that WCAG 2 asks for text, level AA."""

# Machado, Oliveira, Fernandes 2009, severity 1: linear RGB as people without red or green cones see it.
PROTANOPIA = (
    (0.152286, 1.052583, -0.204868),
    (0.114503, 0.786281, 0.099216),
    (-0.003882, -0.048116, 1.051998),
)
DEUTERANOPIA = (
    (0.367322, 0.860646, -0.227968),
    (0.280085, 0.672501, 0.047413),
    (-0.011820, 0.042940, 0.968881),
)
Vector = tuple[float, float, float]


def linear(colour: str) -> Vector:
    """Return a colour's light, red, green and blue from 0 to 1."""
    values = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in values
    )
    return red, green, blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2 computes it."""
    lights = sorted(
        0.2126 * red + 0.7152 * green + 0.0722 * blue for red, green, blue in (linear(one), linear(other))
    )
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def seen(colour: str, matrix: tuple[Vector, Vector, Vector]) -> Vector:
    """Return a colour's light as somebody sees it."""
    light = linear(colour)
    red, green, blue = (
        min(1.0, max(0.0, sum(part * value for part, value in zip(row, light, strict=True))))
        for row in matrix
    )
    return red, green, blue


def lab(light: Vector) -> Vector:
    """Return a colour in CIELAB, where distances are as large as they look."""
    red, green, blue = light
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    x, y, z = (value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116 for value in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def colours(palette: Palette) -> list[str]:
    """Return all colours of a palette."""
    values = dataclasses.asdict(palette)
    return [*values.pop("marks"), *values.values()]


@pytest.mark.parametrize(
    ("theme", "background"), [(theme, ground) for theme, grounds in BACKGROUNDS.items() for ground in grounds]
)
def test_each_colour_can_be_read(theme: str, background: str) -> None:
    """Nothing is paler than text may be."""
    pale = {
        colour: contrast(colour, background)
        for colour in colours(PALETTES[theme])
        if contrast(colour, background) < READABLE
    }
    assert pale == {}


@pytest.mark.parametrize("theme", BACKGROUNDS)
@pytest.mark.parametrize("eyes", [PROTANOPIA, DEUTERANOPIA], ids=["protanopia", "deuteranopia"])
@pytest.mark.parametrize("pair", [("good", "bad"), ("good", "warn")])
def test_good_and_bad_differ_for_all_eyes(
    theme: str, eyes: tuple[Vector, Vector, Vector], pair: tuple[str, str]
) -> None:
    """Who cannot tell red from green can tell these."""
    one, other = (lab(seen(getattr(PALETTES[theme], name), eyes)) for name in pair)
    assert sum((left - right) ** 2 for left, right in zip(one, other, strict=True)) ** 0.5 > 30


def test_red_and_green_would_not_do() -> None:
    """The test above can fail: it does for the colours that most programs use."""
    one, other = (lab(seen(colour, DEUTERANOPIA)) for colour in ("#ff8787", "#afaf5f"))
    assert sum((left - right) ** 2 for left, right in zip(one, other, strict=True)) ** 0.5 < 30


@pytest.mark.parametrize("theme", BACKGROUNDS)
def test_colours_are_of_the_fixed_256(theme: str) -> None:
    """A terminal that knows 256 colours shows what was measured."""
    steps = {f"{step:02x}" for step in (0, 95, 135, 175, 215, 255)}
    greys = {f"{8 + 10 * step:02x}" * 3 for step in range(24)}
    cube = {"".join(levels) for levels in itertools.product(steps, repeat=3)}
    assert {colour.removeprefix("#") for colour in colours(PALETTES[theme])} <= cube | greys


@pytest.mark.parametrize(
    ("theme", "variable", "palette"),
    [
        ("auto", None, "sixteen"),
        ("auto", "15;0", "dark"),
        ("auto", "0;15", "light"),
        ("auto", "0;default;15", "light"),
        ("auto", "12;8", "dark"),
        ("auto", "0;default", "sixteen"),
        ("auto", "", "sixteen"),
        ("dark", "0;15", "dark"),
        ("light", "15;0", "light"),
    ],
)
def test_auto_asks_the_variable(theme: str, variable: str | None, palette: str) -> None:
    """The background is known where a terminal says it; what the user says counts more."""
    environ = {} if variable is None else {"COLORFGBG": variable}
    assert palette_name(theme, environ) == palette


def test_themes_know_the_same_words() -> None:
    """No meaning is without a colour in some theme."""
    assert make_theme("dark", {}).styles.keys() == make_theme("auto", {}).styles.keys()
