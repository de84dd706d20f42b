"""The history's file: private, shared by prompts, without secrets, and never in the way."""

from __future__ import annotations

import asyncio
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hfshell.shell import history as history_module
from hfshell.shell.history import PromptHistory, is_worth_keeping


def kept(path: Path) -> list[str]:
    """The lines that a new prompt would find, newest first."""
    return list(PromptHistory(path, pytest.fail).load_history_strings())


def test_lines_come_back_newest_first(tmp_path: Path) -> None:
    """A later prompt pages back through what was typed, heredocs whole."""
    path = tmp_path / "history"
    history = PromptHistory(path, pytest.fail)
    for line in ("models", "predict r <<END\nmy card\n\n+plus\nEND", "señor ☃ \x1b[31m"):
        history.append_string(line)
    assert kept(path) == ["señor ☃ \x1b[31m", "predict r <<END\nmy card\n\n+plus\nEND", "models"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "line",
    [
        " models",
        "",
        "load x --token abc",
        "load x --hf-token=abc",
        "echo hf_abcdefghijklmnopqrstuvwxyzABCDEFGH",
        "echo ${env:HF_TOKEN} HF_TOKEN=abc",
        "let password = hunter2",
        "let api_key = abc",
        "!curl -H secret=abc",
        "load https://me:hunter2@example.org/model",
        "!curl -H 'Authorization: Bearer x9'",
        "echo eyJhbGciOiJIUzI1NiJ9.e30.x",
        "echo github_pat_abcdefghijklmnopqrstuv",
        "echo AKIAABCDEFGHIJKLMNOP",
    ],
)
def test_secrets_and_hidden_lines_are_not_kept(tmp_path: Path, line: str) -> None:
    """Neither the file nor the keys that page back ever hold them."""
    history = PromptHistory(tmp_path / "history", pytest.fail)
    history.append_string(line)
    assert not is_worth_keeping(line)
    assert kept(tmp_path / "history") == []
    assert history.get_strings() == []


@pytest.mark.parametrize(
    "line",
    [
        "set batch_tokens 4096",
        "predict m 'my token does not work'",
        "predict m 'the secret of the key'",
        "finetune base keys --max-length 64",
        "echo $monkey",
        "let monkey = 1",
        "predict m 'Authorization: denied'",
        "load asianlanguagesmodel2024",
    ],
)
def test_harmless_lines_are_kept(line: str) -> None:
    """Words that only look like secrets cost nobody a line."""
    assert is_worth_keeping(line)


def test_several_prompts_write_whole_entries(tmp_path: Path) -> None:
    """Prompts that append at once never tear each other's entries."""
    path = tmp_path / "history"
    texts = [f"echo {number}\n{'x' * 20_000}" for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda text: PromptHistory(path, pytest.fail).append_string(text), texts))
    assert sorted(kept(path)) == sorted(texts)


def test_only_the_newest_of_a_long_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A history of years neither slows the prompt nor is cut inside an entry."""
    monkeypatch.setattr(history_module, "_NEWEST_BYTES", 2**20)
    path = tmp_path / "history"
    entries = [f"echo {number} {'y' * 1000}" for number in range(2000)]
    path.write_text("".join(f"\n# 2026-01-01 00:00:00\n+{entry}\n" for entry in entries))
    found = kept(path)
    assert 900 < len(found) < 1100
    assert found == entries[::-1][: len(found)]


def test_a_file_that_refuses_is_said_once(tmp_path: Path) -> None:
    """Without a file the prompt goes on and remembers lines until it ends."""
    notices: list[str] = []
    history = PromptHistory(tmp_path, notices.append)  # a folder, where a file should be
    assert list(history.load_history_strings()) == []
    history.append_string("models")
    history.append_string("help")
    assert history.get_strings()[-2:] == ["models", "help"]
    assert len(notices) == 1
    assert "until you leave" in notices[0]


def test_bytes_that_are_no_text_are_survived(tmp_path: Path) -> None:
    """A damaged file costs the damaged line alone."""
    path = tmp_path / "history"
    path.write_bytes(b"\n# x\n+mod\xffels\n\n# x\n+help\n")
    assert kept(path) == ["help", "mod\ufffdels"]


def loaded(history: PromptHistory) -> list[str]:
    """The lines that the prompt pages back through."""

    async def load() -> list[str]:
        return [line async for line in history.load()]

    return asyncio.run(load())


@pytest.mark.parametrize("at_once", [0, 2**20])
def test_lines_are_paged_through_and_searched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """A large file is read beside the keys, with the same outcome; lines of this session come on top."""
    monkeypatch.setattr(history_module, "_AT_ONCE_BYTES", at_once)
    for number in range(1200):
        PromptHistory(tmp_path / "history", pytest.fail).append_string(f"echo {number}")
    history = PromptHistory(tmp_path / "history", pytest.fail)
    assert loaded(history) == [f"echo {number}" for number in reversed(range(1200))]
    history.append_string("models")
    assert loaded(history)[:2] == history.newest(2) == ["models", "echo 1199"]
    assert (history.past.rest_of("mod"), history.past.rest_of("echo 11")) == ("els", "99")


def test_keys_are_heard_while_lines_are_loaded(tmp_path: Path) -> None:
    """A long history never holds the first keys back until all of it is there."""
    history = PromptHistory(tmp_path / "history", pytest.fail)
    for number in range(1200):
        history.append_string(f"echo {number}")
    heard: list[int] = []

    async def load() -> None:
        found = 0
        asyncio.get_running_loop().call_soon(lambda: heard.append(found))
        async for _ in history.load():
            found += 1

    asyncio.run(load())
    assert heard[0] < 1200
