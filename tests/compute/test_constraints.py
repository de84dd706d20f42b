"""Texts of a given form: what ends by itself has it, whatever the model would rather write."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from hfshell.api import Generated, GenerationOptions, LoadedModel, ModelFolder
from hfshell.errors import UsageError
from tests.compute.classify import Options, Surroundings
from tests.compute.writers import Continue
from tests.models.talking import bytes_tokenizer

SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string", "maxLength": 8}, "count": {"type": "integer"}},
    "required": ["name", "count"],
    "additionalProperties": False,
}
ROWS = [{"text": text} for text in ("my card", "where is my parcel, please?", "b")]


class Constrained(Continue):
    """Goes on with a text, by options alone."""

    def generation(self, options: Any, model: Any) -> Any:
        from hfshell.api import generation_arguments

        return generation_arguments(options)


@pytest.fixture(scope="module")
def model() -> LoadedModel:
    """A random model that spells in bytes: left to itself it writes rubbish."""
    from transformers import GPT2Config, GPT2LMHeadModel

    words = bytes_tokenizer()
    size = 300  # more rows than tokens, as models often have
    config = GPT2Config(
        vocab_size=size, n_positions=400, n_embd=16, n_layer=1, n_head=2, initializer_range=0.5,
        pad_token_id=0, bos_token_id=1, eos_token_id=2,
    )  # fmt: skip
    torch.manual_seed(1)
    files = ModelFolder("tiny", Path(), max_length=400)
    return LoadedModel(files, GPT2LMHeadModel(config).eval(), words)


def written(model: LoadedModel, seed: int = 42, **options: Any) -> list[Generated]:
    context = Surroundings(command=Options(max_length=None), seed=seed)
    given = GenerationOptions(**{"max_new_tokens": 60, **options})
    return list(Constrained().predict(model, ROWS, given, context))


@pytest.mark.parametrize(
    "how", [{}, {"temperature": 1.5}, {"num_beams": 3}], ids=["likeliest", "drawn", "beams"]
)
@pytest.mark.parametrize("regex", ["(yes|no)[.!]", "[a-f]{3,9}", r"\d{4}-\d{2}", "größer|kleiner"])
def test_what_ends_matches(model: LoadedModel, regex: str, how: dict[str, Any]) -> None:
    """The whole text is what the expression matches."""
    for item in written(model, regex=regex, **how):
        assert item.finish_reason == "stop"
        assert re.fullmatch(regex, item.text), item.text


@pytest.mark.parametrize("seed", range(4))
def test_drawn_json_fits_its_schema(model: LoadedModel, seed: int) -> None:
    """What ended by itself can be read, and holds what was asked for."""
    ended = 0
    for item in written(model, seed, json_schema=json.dumps(SCHEMA), temperature=1.0, max_new_tokens=300):
        if item.finish_reason == "stop":
            ended += 1
            found = json.loads(item.text)
            assert list(found) == ["name", "count"]
            assert isinstance(found["count"], int)
    assert ended


def test_one_of_the_choices_is_written(model: LoadedModel) -> None:
    """Choices are texts as they stand, with whatever would mean something elsewhere."""
    choices = ('say "a.b"', "c|d", "größer\\")
    assert {item.text for item in written(model, choices=choices)} <= set(choices)


def test_without_a_form_the_model_writes_something_else(model: LoadedModel) -> None:
    """The model is one that would not keep to it by itself."""
    assert not any(re.fullmatch("(yes|no)[.!]", item.text) for item in written(model))


def test_schema_is_read_from_a_file(model: LoadedModel, tmp_path: Path) -> None:
    """A name instead of JSON is a file's; one that is not there is told."""
    path = tmp_path / "schema.json"
    path.write_text('{"const": 7}', encoding="utf-8")
    assert {item.text.strip() for item in written(model, json_schema=str(path))} == {"7"}
    with pytest.raises(UsageError, match=r"cannot be read: No such file or directory$"):
        written(model, json_schema=str(tmp_path / "other.json"))
    with pytest.raises(UsageError, match="no JSON"):
        written(model, json_schema="{'a'}")


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"regex": "a", "choices": ("a", "b")}, "two forms"),
        ({"regex": "a", "stop": ("b",)}, "would end a text"),
        ({"regex": "a["}, "cannot be used: unclosed character class$"),
        ({"json_schema": '{"type": "strin"}'}, "cannot be used: Invalid type: strin$"),
        ({"choices": ("yes,no",)}, "one choice, 'yes,no'"),
    ],
)
def test_what_cannot_be_held_is_refused(model: LoadedModel, options: dict[str, Any], reason: str) -> None:
    """Two forms, a stop word that would break one, what is no expression, and one text for all."""
    with pytest.raises(UsageError, match=reason):
        written(model, **options)


def test_missing_library_is_told_how_to_install(model: LoadedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra, the error is the command that brings it."""
    monkeypatch.setitem(sys.modules, "llguidance", None)
    with pytest.raises(UsageError) as raised:
        written(model, regex="a")
    assert raised.value.hint == "pip install 'hfshell[constraints]'"
