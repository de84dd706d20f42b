"""What the libraries read at import is set, and what the user set stays."""

from __future__ import annotations

import os

import pytest

from hfshell.models.quiet import quieten, silenced


def test_the_users_choice_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who wants transformers to talk is heard."""
    monkeypatch.setattr(os, "environ", dict(os.environ) | {"TRANSFORMERS_VERBOSITY": "info"})
    os.environ.pop("HF_HUB_DISABLE_TELEMETRY", None)
    quieten()
    assert os.environ["TRANSFORMERS_VERBOSITY"] == "info"
    assert os.environ["HF_HUB_DISABLE_TELEMETRY"] == "1"


def test_silence_ends_with_an_error() -> None:
    """An exception inside gives bars and log lines back too."""
    from transformers.utils import logging

    before = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.enable_progress_bar()
    logging.set_verbosity_info()
    within: list[object] = []

    def fail() -> None:
        with silenced():
            within.extend((logging.get_verbosity(), logging.is_progress_bar_enabled()))
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    after = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity(before[0])
    if not before[1]:
        logging.disable_progress_bar()
    assert within == [logging.ERROR, False]
    assert after == (logging.INFO, True)
