"""Settings are read from words by type, and shown as they would be typed."""

from __future__ import annotations

import pytest

from hfshell.commands.settings import Settings, setting_help, setting_names
from hfshell.errors import UsageError


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("memory", "50%", 0.5),
        ("memory", "0.5", 0.5),
        ("seed", "7", 7),
        ("device", "cuda:1", "cuda:1"),
        ("offline", "on", True),
    ],
)
def test_word_is_read_by_type(name: str, text: str, value: object) -> None:
    """Each setting takes the words that its help names."""
    assert getattr(Settings().changed(name, text), name) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("memory", "0"),
        ("memory", "120%"),
        ("memory", "lots"),
        ("seed", "-1"),
        ("device", "toaster"),
        ("offline", "2"),
    ],
)
def test_value_that_cannot_be_is_refused(name: str, text: str) -> None:
    """A value out of range is a usage error that says what would do."""
    with pytest.raises(UsageError, match=name) as caught:
        Settings().changed(name, text)
    assert caught.value.hint == setting_help(name)


@pytest.mark.parametrize("name", setting_names())
def test_what_is_shown_can_be_typed(name: str) -> None:
    """`set NAME` prints what `set NAME VALUE` takes."""
    settings = Settings()
    assert settings.changed(name, settings.shown(name)) == settings


def test_unknown_setting_offers_the_nearest() -> None:
    """A misspelt setting is answered with the right one."""
    with pytest.raises(UsageError) as caught:
        Settings().changed("memroy", "1")
    assert "memory" in str(caught.value.hint)
