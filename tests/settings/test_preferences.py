"""The file is read when it changes, and what was said at the prompt outlives that."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hfshell.errors import UsageError
from hfshell.settings import Settings
from hfshell.settings.config_file import FILE
from hfshell.settings.preferences import Preferences, told


def write(folder: Path, text: str, second: int) -> None:
    """Put a file there as of a second of its own."""
    (folder / FILE).write_text(text)
    os.utime(folder / FILE, (second, second))


def test_file_that_changes_is_read_again(tmp_path: Path) -> None:
    """Its settings and aliases take effect; `set` still counts more, and own aliases stay."""
    write(tmp_path, "[settings]\nseed = 1\n[aliases]\na = 'models'\n", 1)
    mine = Preferences(tmp_path, environ={})
    mine.change("theme", "dark")
    mine.set_alias("b", "set")
    write(tmp_path, "[settings]\nseed = 2\ntheme = 'light'\n[aliases]\nc = 'help'\n", 2)
    mine.refresh()
    assert (mine.now.seed, mine.now.theme) == (2, "dark")
    assert mine.aliases == {"b": "set", "c": "help"}


def test_file_that_stays_is_not_read_again(tmp_path: Path) -> None:
    """What is wrong in it is said once."""
    write(tmp_path, "[settings]\nx = 1\n", 1)
    mine = Preferences(tmp_path, environ={})
    assert [told(problem).count(f"{FILE}:2") for problem in mine.take_problems()] == [1]
    mine.refresh()
    assert mine.take_problems() == ()


def test_file_that_goes_takes_its_settings_with_it(tmp_path: Path) -> None:
    """Nothing of it lingers."""
    write(tmp_path, "[settings]\nseed = 1\n", 1)
    mine = Preferences(tmp_path, environ={})
    (tmp_path / FILE).unlink()
    mine.refresh()
    assert mine.now.seed == 42


def test_file_that_is_not_to_be_read(tmp_path: Path) -> None:
    """`--no-config` reads nothing, now or later."""
    write(tmp_path, "[settings]\nseed = 1\nx = 1\n[aliases]\na = 'models'\n", 1)
    mine = Preferences(tmp_path, read=False, environ={})
    mine.refresh()
    assert (mine.now.seed, mine.aliases, mine.problems) == (42, {}, ())


def test_what_cannot_be_had_here_is_not_taken(tmp_path: Path) -> None:
    """A refusal of the session's leaves all as it was, the file too."""

    def check(name: str, settings: Settings) -> None:
        if settings.device != "auto":
            raise UsageError(f"{name}: there is no {settings.device}")

    mine = Preferences(tmp_path, check=check, environ={})
    with pytest.raises(UsageError, match="no cuda"):
        mine.change("device", "cuda")
    with pytest.raises(UsageError, match="no cuda"):
        mine.save("device", "cuda")
    assert mine.now.device == "auto"
    assert not (tmp_path / FILE).exists()


def test_change_is_told_with_before_and_after(tmp_path: Path) -> None:
    """Whoever draws with a theme hears of another one."""
    heard: list[tuple[str, str]] = []
    mine = Preferences(tmp_path, changed=lambda old, new: heard.append((old.theme, new.theme)), environ={})
    mine.change("theme", "dark")
    mine.change("theme", None)
    assert heard == [("auto", "dark"), ("dark", "auto")]


def test_what_a_kernel_made_of_a_setting_is_taken_over(tmp_path: Path) -> None:
    """A script's `set` outlives it at the prompt; taking it back as well."""
    mine = Preferences(tmp_path, environ={})
    mine.adopt("seed", "7", "set")
    assert mine.configuration.said == {"seed": "7"}
    mine.adopt("seed", "42", "default")
    assert mine.configuration.said == {}


def test_texts_make_the_same_configuration(tmp_path: Path) -> None:
    """What a request carries is all there is to know."""
    write(tmp_path, "[settings]\nseed = 1\n", 1)
    mine = Preferences(tmp_path, environ={"HF_HUB_OFFLINE": "1"})
    mine.change("memory", "50%")
    other = Preferences(tmp_path / "other", environ={})
    other.use(type(mine.configuration)(**mine.as_texts()))
    assert other.now == mine.now
    assert other.configuration.origin("offline") == "environment"
