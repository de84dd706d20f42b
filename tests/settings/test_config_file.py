"""`config.toml` is read as far as it can be, its mistakes have lines, and its comments outlive changes."""

from __future__ import annotations

import errno
import os
import tomllib
from pathlib import Path

import pytest

from hfshell.errors import StorageError, UsageError
from hfshell.settings import config_file
from hfshell.settings.config_file import FILE, read_config, save_alias, save_setting

WHOLE = """\
# mine
[settings]
seed = 7            # lucky
memory = "50%"
offline = true
bell = "off"
theme = "dark"

[aliases]
ev = "eval router"

[plugins]
disabled = ["x"]
"""


def written(folder: Path, text: str) -> Path:
    """Put a file there."""
    folder.mkdir(exist_ok=True)
    (folder / FILE).write_text(text, encoding="utf-8")
    return folder


def test_all_tables_are_read(tmp_path: Path) -> None:
    """Values of TOML's own types are read as words would be."""
    found = read_config(written(tmp_path, WHOLE))
    assert found.settings == {
        "seed": "7",
        "memory": "50%",
        "offline": "on",
        "bell": "off",
        "theme": "dark",
    }
    assert found.aliases == {"ev": "eval router"}
    assert found.problems == ()


def test_no_file_says_nothing(tmp_path: Path) -> None:
    """Nobody needs a file."""
    assert read_config(tmp_path / "gone") == config_file.ConfigFile()


@pytest.mark.parametrize(
    ("text", "line", "said", "hint"),
    [
        ("[settings]\nseed = 1\nthem = 'dark'\n", 3, "no setting them", "theme"),
        ("[settings]\nseed = -1\n", 2, "-1 is no value for seed", "whole number"),
        ("[settings]\nseed = 1\ntheme = 'pink'\n", 3, "pink is no value for theme", "auto, dark or light"),
        ("[settings]\nseed = [1]\n", 2, "one value", "whole number"),
        ("seed = 1\n", 1, "outside of any table", "[settings]"),
        ("[setings]\nseed = 1\n", 1, "no table [setings]", "settings"),
        ("a = 1\nsettings = 3\n", 2, "settings is a table", None),
        ("settings.seed = -3\n", 1, "-3 is no value for seed", "whole"),
        ("[aliases]\nev = 3\n", 2, "ev is not a text", None),
        ("[aliases]\n'a b' = 'models'\n", 2, "a b cannot be an alias", None),
    ],
)
def test_mistake_has_its_line(tmp_path: Path, text: str, line: int, said: str, hint: str | None) -> None:
    """What is wrong is said with where, and what would do."""
    problem = read_config(written(tmp_path, text)).problems[-1]
    assert said in problem.message
    assert problem.place is not None
    assert (problem.place.file, problem.place.line) == (str(tmp_path / FILE), line)
    assert hint is None or hint in (problem.hint or "")


def test_mistake_costs_its_line_alone(tmp_path: Path) -> None:
    """The rest is used."""
    found = read_config(written(tmp_path, "[settings]\nseed = 5\ntheme = 'pink'\nbell = 9\n"))
    assert found.settings == {"seed": "5", "bell": "9"}
    assert len(found.problems) == 1


@pytest.mark.parametrize("text", ["[settings\n", "[settings]\nseed = \n", "a = 1\na = 2\n", "\x00"])
def test_no_toml_is_one_problem_with_its_place(tmp_path: Path, text: str) -> None:
    """A file that cannot be read is said, with the line, and nothing of it is used."""
    found = read_config(written(tmp_path, text))
    assert (found.settings, len(found.problems)) == ({}, 1)
    assert found.problems[0].place is not None
    assert found.problems[0].place.line


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    """Not UTF-8: said with its line."""
    (tmp_path / FILE).write_bytes(b"[settings]\nseed = 1 # \xff\n")
    (problem,) = read_config(tmp_path).problems
    assert problem.place is not None
    assert problem.place.line == 2


def test_folder_in_its_place(tmp_path: Path) -> None:
    """What cannot be opened is a problem, and no crash."""
    (tmp_path / FILE).mkdir()
    (problem,) = read_config(tmp_path).problems
    assert "cannot be read" in problem.message


def test_mark_of_windows_is_no_mistake(tmp_path: Path) -> None:
    """Editors there begin a file with a byte order mark."""
    (tmp_path / FILE).write_bytes(b"\xef\xbb\xbf[settings]\r\nseed = 3\r\n")
    assert read_config(tmp_path).settings == {"seed": "3"}


def test_saving_keeps_comments_and_order(tmp_path: Path) -> None:
    """One value changes; the owner's words stay."""
    save_setting(written(tmp_path, WHOLE), "seed", "8")
    assert (tmp_path / FILE).read_text() == WHOLE.replace("seed = 7 ", "seed = 8 ")


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("seed", "8", 8),
        ("offline", "no", False),
        ("bell", "10", 10),
        ("bell", "off", "off"),
        ("patience", "1.5", 1.5),
        ("memory", "0.5", "50%"),
        ("theme", "LIGHT", "light"),
    ],
)
def test_value_is_written_as_its_type(tmp_path: Path, name: str, text: str, value: object) -> None:
    """A number is a number in the file, and comes back the same."""
    save_setting(tmp_path / "new", name, text)
    assert tomllib.loads((tmp_path / "new" / FILE).read_text()) == {"settings": {name: value}}
    assert read_config(tmp_path / "new").problems == ()


def test_saved_none_takes_it_out(tmp_path: Path) -> None:
    """`set --save NAME default` leaves the rest."""
    save_setting(written(tmp_path, WHOLE), "seed", None)
    found = read_config(tmp_path)
    assert "seed" not in found.settings
    assert found.settings["theme"] == "dark"


def test_alias_is_saved_and_taken_out(tmp_path: Path) -> None:
    """Aliases lie in a table of their own."""
    save_alias(tmp_path, "ev", "eval 'a b'")
    assert read_config(tmp_path).aliases == {"ev": "eval 'a b'"}
    save_alias(tmp_path, "ev", None)
    assert read_config(tmp_path).aliases == {}


@pytest.mark.parametrize(("name", "text"), [("seed", "x"), ("sede", "1"), ("sede", None)])
def test_mistake_is_not_saved(tmp_path: Path, name: str, text: str | None) -> None:
    """What cannot be is refused, and there is no file."""
    with pytest.raises(UsageError):
        save_setting(tmp_path, name, text)
    assert not (tmp_path / FILE).exists()


def test_broken_file_is_left_to_its_owner(tmp_path: Path) -> None:
    """Saving into what is no TOML changes nothing."""
    written(tmp_path, "[settings\nseed = 1")
    with pytest.raises(UsageError, match="cannot be read"):
        save_setting(tmp_path, "seed", "2")
    assert (tmp_path / FILE).read_text() == "[settings\nseed = 1"


def test_kill_before_the_rename_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that refuses the last step costs the change, not the file."""
    written(tmp_path, WHOLE)

    def refuse(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(StorageError):
        save_setting(tmp_path, "seed", "8")
    assert (tmp_path / FILE).read_text() == WHOLE
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_symbolic_link_is_kept(tmp_path: Path) -> None:
    """Dotfiles that are links to a repository stay links."""
    real = written(tmp_path / "repository", WHOLE) / FILE
    (tmp_path / FILE).symlink_to(real)
    save_setting(tmp_path, "seed", "8")
    assert (tmp_path / FILE).is_symlink()
    assert "seed = 8 " in real.read_text()
