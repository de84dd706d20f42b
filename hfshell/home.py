"""Where hfshell keeps what outlives a process. `HFSHELL_HOME` moves all of it into one folder."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path


@dataclass(frozen=True)
class Home:
    """The folders of one user.

    Attributes:
        config: settings that people edit.
        data: runs, saved models and saved sessions.
        state: history, kernel sockets and logs, session journals.
        notice: why a temporary folder stands in for `state`, or None.
    """

    config: Path
    data: Path
    state: Path
    notice: str | None = None

    @property
    def history(self) -> Path:
        """The prompt's history."""
        return self.state / "history"

    def texts_to_models(self, command: str) -> Path:
        """What was typed at the prompt that `chat` opens, or `predict`."""
        return self.state / f"history-{command}"

    @property
    def runs(self) -> Path:
        """The run directories."""
        return self.data / "runs"

    @property
    def sessions(self) -> Path:
        """Sessions saved under a name."""
        return self.data / "sessions"

    @property
    def kernels(self) -> Path:
        """Sockets, logs and journals of kernels, a folder each."""
        return self.state / "kernels"


def find_home() -> Home:
    """Find the folders and make sure that `state` can be written, for it holds the kernel's socket.

    A home that is read-only or missing gives a temporary state folder and a notice, never an error: looking
    at a model needs no disk.
    """
    home = locate_home()
    try:
        home.state.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=home.state):
            return home
    except OSError as error:
        substitute = Path(tempfile.mkdtemp(prefix="hfshell-"))
        notice = f"{home.state} cannot be written ({error.strerror}): history and names last until you leave"
        return replace(home, state=substitute, notice=notice)


def locate_home() -> Home:
    """Return the folders without touching the disk, for who writes no state."""
    if root := os.environ.get("HFSHELL_HOME"):
        folder = Path(root).expanduser().absolute()
        return Home(folder / "config", folder / "data", folder / "state")
    import platformdirs

    folders = platformdirs.PlatformDirs("hfshell", appauthor=False)
    return Home(folders.user_config_path, folders.user_data_path, folders.user_state_path)


def hub_cache() -> Path:
    """Return the folder of what was downloaded from the Hub, as huggingface_hub finds it."""
    if cache := os.environ.get("HF_HUB_CACHE") or os.environ.get("HUGGINGFACE_HUB_CACHE"):
        return Path(cache).expanduser()
    home = os.environ.get("HF_HOME") or Path(os.environ.get("XDG_CACHE_HOME", "~/.cache"), "huggingface")
    return Path(home).expanduser() / "hub"
