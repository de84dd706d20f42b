"""Models with random weights: made alike from alike, and never taken for trained ones."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import transformers
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from hfshell.errors import ModelError, StorageError, UsageError
from hfshell.models import fresh
from hfshell.models.fresh import ARCHITECTURES, Recipe
from hfshell.models.loading import Head, load_copy, load_model
from hfshell.models.saving import save_model
from hfshell.models.vocabularies import texts_in, train_tokenizer
from tests.models import tiny

if TYPE_CHECKING:
    from hfshell.models.vocabularies import Kind

SMALL: dict[str, Any] = {"hidden": 16, "layers": 2, "heads": 2, "length": 32}


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_sizes_are_those_asked_for(tmp_path: Path, architecture: str) -> None:
    """Whatever transformers calls them; the model loads as its own class, and all of it is untrained."""
    folder = fresh.make(tmp_path, Recipe(architecture, 300, **SMALL), tiny.CORPUS)
    kind = ARCHITECTURES[architecture].model
    auto = {"encoder": "AutoModelForMaskedLM", "causal": "AutoModelForCausalLM"}
    head = auto.get(ARCHITECTURES[architecture].kind, "AutoModelForSeq2SeqLM")
    model = load_model(tiny.files(folder), Head(head))
    assert type(model.module).__name__ == kind
    config = model.module.config
    assert (config.hidden_size, config.num_hidden_layers, config.num_attention_heads) == (16, 2, 2)
    assert config.vocab_size == len(model.processor) <= 300
    assert set(model.new_weights) == {name for name, _ in model.module.named_parameters()}


@pytest.mark.parametrize(("architecture", "head"), [("vit", "Image"), ("ast", "Audio")])
def test_models_that_see_or_hear_have_what_brings_their_input_to_size(
    tmp_path: Path, architecture: str, head: str
) -> None:
    """They have no tokenizer; with the head that is brought to them they read what their processor gives."""
    sizes = {**SMALL, "length": 48}
    folder = fresh.make(tmp_path, Recipe(architecture, **sizes), ())
    labels = ("a", "b", "c")
    model = load_model(tiny.files(folder), Head(f"AutoModelFor{head}Classification", labels=labels))
    config = model.module.config
    assert (config.hidden_size, config.num_hidden_layers, config.num_attention_heads) == (16, 2, 2)
    content = [Image.new("RGB", (90, 60))] if head == "Image" else [np.zeros(9_000, np.float32)]
    how = {} if head == "Image" else {"sampling_rate": model.processor.sampling_rate}
    batch = model.processor(content, return_tensors="pt", **how)
    assert model.module(**batch).logits.shape == (1, 3)
    assert set(model.new_weights) == {name for name, _ in model.module.named_parameters()}


def test_usual_lengths_are_what_each_sense_takes(tmp_path: Path) -> None:
    """Tokens are no pixels: 512 of these would be a model that nobody can train."""
    assert [Recipe.usual(name).length for name in ("bert", "vit", "ast")] == [512, 64, 128]
    assert fresh.find(tmp_path, "vit").name == Recipe.usual("vit").name == "vit"
    with pytest.raises(UsageError, match="evenly"):
        Recipe("vit", length=50)


def test_equal_recipes_make_equal_models(tmp_path: Path) -> None:
    """On any machine, on any day; another seed makes another model, under another name."""
    recipe = Recipe("llama", 300, **SMALL)
    one, two = (fresh.make(tmp_path / name, recipe, tiny.CORPUS) for name in "ab")
    other = Recipe("llama", 300, **SMALL, seed=7)
    three = fresh.make(tmp_path, other, tiny.CORPUS)
    sums = [
        tiny.checksum(load_model(tiny.files(folder), Head("AutoModelForCausalLM")).module)
        for folder in (one, two, three)
    ]
    assert sums[0] == sums[1] != sums[2]
    assert one.name == two.name == recipe.name != other.name


def test_what_is_there_is_not_made_again(tmp_path: Path) -> None:
    """The texts are not read a second time."""
    recipe = Recipe("bert", 300, **SMALL)
    folder = fresh.make(tmp_path, recipe, tiny.CORPUS)

    def unread() -> Any:
        raise AssertionError
        yield ""

    assert fresh.make(tmp_path, recipe, unread()) == folder


def test_usual_models_have_plain_names(tmp_path: Path) -> None:
    """`new:bert` is made on first mention, and found on the second."""
    folder = fresh.find(tmp_path, "bert")
    assert folder == tmp_path / "bert" == fresh.find(tmp_path, "bert")
    assert Recipe("bert").source == "new:bert"


@pytest.mark.parametrize(("name", "hint"), [("elmo", "bert, llama"), ("bert-0a0a0a0a", "`new bert")])
def test_what_cannot_be_found_says_what_can(tmp_path: Path, name: str, hint: str) -> None:
    """An unknown architecture, or a model that was made elsewhere."""
    with pytest.raises(ModelError) as caught:
        fresh.find(tmp_path, name)
    assert caught.value.hint is not None
    assert hint in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_heads_must_share_evenly() -> None:
    """Before transformers finds out in its own words."""
    with pytest.raises(UsageError, match="--hidden 30 is not shared evenly by --heads 4"):
        Recipe("bert", hidden=30, heads=4)


def test_trained_it_is_like_any_other(tmp_path: Path) -> None:
    """Nothing of the note that it was untrained is left once it is saved as trained."""
    folder = fresh.make(tmp_path, Recipe("llama", 300, **SMALL), tiny.CORPUS)
    model = load_copy(
        load_model(tiny.files(folder), Head("AutoModelForCausalLM")), Head("AutoModelForCausalLM")
    )
    assert model.new_weights
    model.new_weights = ()
    save_model(model, tmp_path / "trained")
    assert load_model(tiny.files(tmp_path / "trained"), Head("AutoModelForCausalLM")).new_weights == ()


def test_an_interrupted_making_leaves_nothing(tmp_path: Path) -> None:
    """Ctrl-C while the tokenizer learns; a half-made model would be found by its name."""

    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fresh.make(tmp_path, Recipe("bert", 300, **SMALL), tiny.CORPUS, stop)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("DefaultCPUAllocator: can't allocate memory")])
def test_one_that_memory_does_not_hold_is_no_fault_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """Sizes are easily typed with a digit too many; what else goes wrong stays what it is."""
    errors = [RuntimeError("another"), error]

    def fail(_: Recipe) -> None:
        raise errors.pop()

    monkeypatch.setattr(fresh, "_sense", fail)
    with pytest.raises(ModelError, match="out of memory") as raised:
        fresh.make(tmp_path, Recipe.usual("vit"), ())
    assert "--length" in str(raised.value.hint)
    with pytest.raises(RuntimeError, match="another"):
        fresh.make(tmp_path, Recipe.usual("vit"), ())


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And is told as such."""

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(transformers.PreTrainedModel, "save_pretrained", full)
    with pytest.raises(StorageError):
        fresh.make(tmp_path, Recipe("bert", 300, **SMALL), tiny.CORPUS)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def words() -> dict[Kind, Any]:
    """A tokenizer of each kind, of few texts."""
    kinds: tuple[Kind, ...] = ("encoder", "causal", "encoder-decoder")
    return {kind: train_tokenizer(kind, tiny.CORPUS, vocabulary=300, length=64) for kind in kinds}


@settings(max_examples=60, deadline=None)
@given(text=st.text())
def test_no_text_is_beyond_a_tokenizer(words: dict[Kind, Any], text: str) -> None:
    """What it was not trained on it spells in bytes, and gives back as it was."""
    encodable = text.encode("utf-8", "ignore").decode()
    for tokenizer in words.values():
        ids = tokenizer(encodable, add_special_tokens=False)["input_ids"]
        assert tokenizer.unk_token_id not in ids
        assert tokenizer.decode(ids) == encodable


def test_each_kind_frames_a_text_in_its_way(words: dict[Kind, Any]) -> None:
    """A writer's text is open at its end, an encoder's is not; and a writer pads before its prompt."""
    causal, encoder = words["causal"], words["encoder"]
    assert causal("card")["input_ids"][0] == causal.bos_token_id
    assert causal("card")["input_ids"][-1] != causal.eos_token_id
    assert causal.padding_side == "left"
    ids = encoder("card", "money")["input_ids"]
    assert (ids[0], ids[-1], ids.count(encoder.sep_token_id)) == (
        encoder.cls_token_id,
        encoder.sep_token_id,
        2,
    )


@pytest.mark.parametrize("kind", ["encoder", "encoder-decoder"])
def test_a_mask_stands_for_a_word_with_its_blank(words: dict[Kind, Any], kind: Kind) -> None:
    """Else a hidden word would leave a blank behind that no text had there when the model was trained."""
    spell = words[kind]
    ids = spell(f"my {spell.mask_token} was", add_special_tokens=False)["input_ids"]
    assert ids.count(spell.mask_token_id) == 1
    around = [spell.decode([token]) for token in ids[: ids.index(spell.mask_token_id)]]
    assert "".join(around) == "my"


def test_texts_are_found_in_any_row() -> None:
    """Of a chat and of a pair alike."""
    row = {"messages": ({"role": "user", "content": "hello"},), "text": "a", "n": 3, "more": ["b", None]}
    assert list(texts_in(row)) == ["user", "hello", "a", "b"]
