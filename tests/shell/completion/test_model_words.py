"""Words for models that this process must know without importing what makes them."""

from __future__ import annotations

from hfshell.models.fresh import ARCHITECTURES
from hfshell.models.fresh_senses import SENSES
from hfshell.shell.completion import model_words


def test_architectures_are_those_that_can_be_made() -> None:
    """`new` offers what it makes: the list here is a copy, for the original would bring torch along."""
    assert model_words.ARCHITECTURES.keys() == {*ARCHITECTURES, *SENSES}
