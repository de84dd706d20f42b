"""Models with random weights, for pretraining from nothing: a configuration, a tokenizer, a folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hfshell.errors import ModelError, UsageError
from hfshell.models.fresh_senses import SENSES
from hfshell.models.memory import is_out_of_memory
from hfshell.models.vocabularies import Kind, train_tokenizer

if TYPE_CHECKING:
    from hfshell.api.models import LoadedModel

_DIGITS = 8


@dataclass(frozen=True)
class Architecture:
    """A kind of model that can be made anew.

    Attributes:
        kind: what it does with its input.
        model: the transformers class that is pretrained, `BertForMaskedLM`.
        configuration: its configuration's class.
        names: what that calls the sizes of a `Recipe`, by their names there; two where there are two stacks.
    """

    kind: Kind
    model: str
    configuration: str
    names: Mapping[str, tuple[str, ...]]


_USUAL = {
    "hidden": ("hidden_size",),
    "layers": ("num_hidden_layers",),
    "heads": ("num_attention_heads",),
    "inner": ("intermediate_size",),
    "length": ("max_position_embeddings",),
}
ARCHITECTURES: dict[str, Architecture] = {
    "bert": Architecture("encoder", "BertForMaskedLM", "BertConfig", _USUAL),
    "llama": Architecture("causal", "LlamaForCausalLM", "LlamaConfig", _USUAL),
    "gpt2": Architecture(
        "causal",
        "GPT2LMHeadModel",
        "GPT2Config",
        {
            "hidden": ("n_embd",),
            "layers": ("n_layer",),
            "heads": ("n_head",),
            "inner": ("n_inner",),
            "length": ("n_positions",),
        },
    ),
    "bart": Architecture(
        "encoder-decoder",
        "BartForConditionalGeneration",
        "BartConfig",
        {
            "hidden": ("d_model",),
            "layers": ("encoder_layers", "decoder_layers"),
            "heads": ("encoder_attention_heads", "decoder_attention_heads"),
            "inner": ("encoder_ffn_dim", "decoder_ffn_dim"),
            "length": ("max_position_embeddings",),
        },
    ),
    "t5": Architecture(
        "encoder-decoder",
        "T5ForConditionalGeneration",
        "T5Config",
        {
            "hidden": ("d_model",),
            "layers": ("num_layers", "num_decoder_layers"),
            "heads": ("num_heads",),
            "inner": ("d_ff",),
            "length": ("n_positions",),
        },
    ),
}


@dataclass(frozen=True)
class Recipe:
    """What a new model is made from; equal recipes make equal models.

    Attributes:
        architecture: a name of `ARCHITECTURES`, or of `SENSES`.
        vocabulary: most tokens that its tokenizer knows.
        hidden: size of a token's vector; the layers inside are four times as wide.
        layers, heads: how many, in each stack.
        length: longest input in tokens; of one that sees or hears, see `Sense.make`.
        seed: of the random weights.
        data: fingerprint of what the tokenizer learns from; empty for one of single bytes.
    """

    architecture: str
    vocabulary: int = 261
    hidden: int = 128
    layers: int = 4
    heads: int = 4
    length: int = 512
    seed: int = 42
    data: str = ""

    def __post_init__(self) -> None:
        if self.architecture not in (*ARCHITECTURES, *SENSES):
            raise ModelError(
                f"no new model can be made of {self.architecture}",
                hint=f"there is {', '.join((*ARCHITECTURES, *SENSES))}",
            )
        if self.architecture in SENSES:
            SENSES[self.architecture].check(self.length)
        if self.hidden % (2 * self.heads):
            raise UsageError(
                f"--hidden {self.hidden} is not shared evenly by --heads {self.heads}",
                hint=f"a multiple of {2 * self.heads}",
            )

    @classmethod
    def usual(cls, architecture: str) -> Recipe:
        """Return the recipe of the usual size.

        Raises:
            ModelError: there is no such architecture.
        """
        sense = SENSES.get(architecture)
        return cls(architecture, length=sense.length) if sense else cls(architecture)

    @property
    def name(self) -> str:
        """What stands behind `new:`: the architecture alone where all else is as usual."""
        if self == Recipe.usual(self.architecture):
            return self.architecture
        digest = hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()
        return f"{self.architecture}-{digest[:_DIGITS]}"

    @property
    def source(self) -> str:
        """Canonical name that finds the model again."""
        return f"new:{self.name}"


def find(folder: Path, name: str) -> Path:
    """Return the folder of a new model, and make it where it is one of the usual ones.

    Args:
        folder: holds all new models.
        name: what stands behind `new:`.

    Raises:
        ModelError: there is none of that name, or it cannot be made.
        StorageError: the disk refused.
    """
    if (folder / name / "config.json").is_file():
        return folder / name
    if name not in (*ARCHITECTURES, *SENSES) and "-" in name:
        raise ModelError(
            f"there is no new model {name} here", hint=f"`new {name.partition('-')[0]} …` makes one"
        )
    return make(folder, Recipe.usual(name), ())


def other_kind(endings: Iterable[str]) -> str:
    """Return a hint at models that can have a head, for who has one that cannot.

    Args:
        endings: how transformers' classes with that head end, `ForImageClassification`; any will do.
    """
    import transformers

    wanted = list(endings)
    kinds = {
        name: made.configuration.removesuffix("Config") for name, made in (ARCHITECTURES | SENSES).items()
    }
    able = (
        name for name, kind in kinds.items() if any(hasattr(transformers, kind + ending) for ending in wanted)
    )
    made = next(able, None)
    return (
        f"`new {made}` makes a model that can; or load one of such a kind" if made else "load another model"
    )


def make(
    folder: Path,
    recipe: Recipe,
    texts: Iterable[str],
    check: Callable[[], None] = lambda: None,
) -> Path:
    """Make a new model: its tokenizer from texts, its weights at random, by transformers' own rules.

    Args:
        folder: holds all new models; made when it is missing.
        recipe: what it is made from.
        texts: what its tokenizer learns from.
        check: called between texts; raises when the user asked to stop.

    Returns:
        Its folder; that of an equal recipe when there is one.

    Raises:
        ModelError: memory is too small for it.
        StorageError: the disk refused.
    """
    from hfshell.models.saving import save_untrained

    target = folder / recipe.name
    if (target / "config.json").is_file():
        return target
    made = _model(recipe, _checked(texts, check), target)
    folder.mkdir(parents=True, exist_ok=True)
    save_untrained(made, target)
    return target


def _model(recipe: Recipe, texts: Iterable[str], target: Path) -> LoadedModel:
    import torch

    from hfshell.api.models import LoadedModel, ModelFolder

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(recipe.seed)
        try:
            module, processor = _sense(recipe) if recipe.architecture in SENSES else _reader(recipe, texts)
        except (MemoryError, RuntimeError) as error:
            if not is_out_of_memory(error):
                raise
            hint = "a smaller --hidden, --layers or --length"
            raise ModelError("out of memory: the new model is too large", hint=hint) from None
    return LoadedModel(ModelFolder(recipe.source, target), module, processor)


def _sense(recipe: Recipe) -> tuple[Any, Any]:
    sizes = {**asdict(recipe), "inner": 4 * recipe.hidden}
    layers = {name: sizes[size] for size, names in _USUAL.items() for name in names if size != "length"}
    return SENSES[recipe.architecture].make(recipe.length, **layers)


def _reader(recipe: Recipe, texts: Iterable[str]) -> tuple[Any, Any]:
    """Return a model of texts and its tokenizer."""
    import transformers

    architecture = ARCHITECTURES[recipe.architecture]
    words = train_tokenizer(architecture.kind, texts, vocabulary=recipe.vocabulary, length=recipe.length)
    return getattr(transformers, architecture.model)(_configuration(architecture, recipe, words)), words


def _configuration(architecture: Architecture, recipe: Recipe, words: Any) -> Any:
    import transformers

    sizes = {**asdict(recipe), "inner": 4 * recipe.hidden}
    named = {name: sizes[size] for size, names in architecture.names.items() for name in names}
    marks: dict[str, Any] = {"pad_token_id": words.pad_token_id, "vocab_size": len(words)}
    if architecture.kind != "encoder":
        marks |= {"bos_token_id": words.bos_token_id, "eos_token_id": words.eos_token_id}
    if architecture.kind == "encoder-decoder":
        start = words.eos_token_id if recipe.architecture == "bart" else words.pad_token_id
        marks |= {"decoder_start_token_id": start, "forced_eos_token_id": None}
    if recipe.architecture == "llama":
        marks |= {"num_key_value_heads": recipe.heads, "tie_word_embeddings": True}
    if recipe.architecture == "t5":
        marks["d_kv"] = recipe.hidden // recipe.heads
    return getattr(transformers, architecture.configuration)(**named, **marks)


def _checked(texts: Iterable[str], check: Callable[[], None]) -> Iterable[str]:
    for text in texts:
        check()
        yield text
