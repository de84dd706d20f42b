"""Settings are read from words by type, and shown as they would be typed."""

from __future__ import annotations

import pytest

from hfshell.errors import UsageError
from hfshell.settings import DECLARATIONS, Settings
from hfshell.settings.declarations import read_value


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("memory", "50%", 0.5),
        ("memory", "0.5", 0.5),
        ("seed", "7", 7),
        ("device", "cuda:1", "cuda:1"),
        ("offline", "on", True),
        ("theme", "Dark", "dark"),
        ("editing_mode", "vi", "vi"),
        ("bell", "30", 30.0),
        ("bell", "off", None),
        ("toolbar", "no", False),
    ],
)
def test_word_is_read_by_type(name: str, text: str, value: object) -> None:
    """Each setting takes the words that its help names."""
    assert read_value(name, text) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("memory", "0"),
        ("memory", "120%"),
        ("memory", "lots"),
        ("memory", "nan"),
        ("seed", "-1"),
        ("device", "toaster"),
        ("device", "cuda:"),
        ("device", "cuda:x"),
        ("device", "cpu:1"),
        ("offline", "2"),
        ("bell", "-1"),
        ("patience", "inf"),
        ("theme", "pink"),
    ],
)
def test_value_that_cannot_be_is_refused(name: str, text: str) -> None:
    """A value out of range is a usage error that says what would do."""
    with pytest.raises(UsageError, match=name) as caught:
        read_value(name, text)
    assert DECLARATIONS[name].wanted in str(caught.value.hint)


def test_word_nearly_right_offers_the_right_one() -> None:
    """A misspelt choice is answered with the nearest."""
    with pytest.raises(UsageError) as caught:
        read_value("theme", "drak")
    assert "did you mean dark?" in str(caught.value.hint)


@pytest.mark.parametrize("name", DECLARATIONS)
def test_what_is_shown_can_be_typed(name: str) -> None:
    """`set NAME` prints what `set NAME VALUE` takes."""
    settings = Settings()
    assert read_value(name, settings.shown(name)) == getattr(settings, name)


@pytest.mark.parametrize("name", DECLARATIONS)
def test_choices_can_be_typed(name: str) -> None:
    """What completion offers is taken."""
    for choice in DECLARATIONS[name].choices:
        read_value(name, choice)


def test_unknown_setting_offers_the_nearest() -> None:
    """A misspelt setting is answered with the right one."""
    with pytest.raises(UsageError) as caught:
        read_value("memroy", "1")
    assert "memory" in str(caught.value.hint)
