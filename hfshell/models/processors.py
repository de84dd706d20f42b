"""Tokenizers (and image or audio processors), and whether they fit the model beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import transformers

from hfshell.errors import ModelError, Place

if TYPE_CHECKING:
    from hfshell.api.models import ModelFolder

_TOKENIZER_FILES = (
    "tokenizer.json", "tokenizer_config.json", "vocab.txt", "vocab.json", "tokenizer.model", "spiece.model",
    "sentencepiece.bpe.model", "spm.model",
)  # fmt: skip
_PROCESSOR_FILES = ("processor_config.json", "preprocessor_config.json")


def load_processor(files: ModelFolder) -> Any:
    """Load the tokenizer of a folder, or its processor of images or sound.

    Raises:
        ModelError: there is none, or it is damaged.
    """
    auto, name = transformers.AutoTokenizer, "tokenizer"
    if any((files.folder / known).exists() for known in _PROCESSOR_FILES):
        auto, name = transformers.AutoProcessor, "processor"
    elif not any((files.folder / known).exists() for known in _TOKENIZER_FILES):
        raise ModelError(
            "there is no tokenizer",
            place=Place(str(files.folder)),
            hint="copy tokenizer.json and tokenizer_config.json from the model's origin",
        )
    try:
        return auto.from_pretrained(files.folder, local_files_only=True, trust_remote_code=False)
    except ImportError as error:
        raise _lacking_package(files, error) from None
    except Exception as error:  # tokenizers raises plain Exception, transformers KeyError and more  # noqa: BLE001
        first_line = (str(error).strip() or "unreadable").splitlines()[0]
        raise ModelError(
            f"the {name} cannot be read: {type(error).__name__}: {first_line}",
            place=Place(str(files.folder)),
            hint="copy or download the tokenizer files again",
        ) from None


def _lacking_package(files: ModelFolder, error: ImportError) -> ModelError:
    """Say which package the processor needs; transformers says so in many lines."""
    place = Place(str(files.folder))
    if "PIL" in str(error):
        return ModelError(
            "the model sees pictures, which need Pillow", place=place, hint="pip install 'hfshell[images]'"
        )
    reason = " ".join(str(error).split())
    return ModelError(f"the processor needs a package that is not installed: {reason}", place=place)


def fit(files: ModelFolder, module: Any, processor: Any) -> None:
    """Check that every token has an embedding, and give a tokenizer without a padding token one.

    Raises:
        ModelError: the tokenizer belongs to another model.
    """
    tokenizer = getattr(processor, "tokenizer", processor)
    if not isinstance(tokenizer, transformers.PreTrainedTokenizerBase):
        return
    embeddings = module.get_input_embeddings()
    rows = getattr(embeddings, "num_embeddings", None)
    highest = max(tokenizer.get_vocab().values(), default=-1)
    if rows is not None and highest >= rows:
        raise ModelError(
            f"the tokenizer does not fit the model: its tokens go up to {highest:,}, the model has {rows:,}",
            place=Place(str(files.folder)),
            hint="copy the tokenizer files of the same model",
        )
    if tokenizer.pad_token_id is None and tokenizer.eos_token is not None:
        tokenizer.pad_token = tokenizer.eos_token
    _agree_on_padding(files, module, tokenizer)


def _agree_on_padding(files: ModelFolder, module: Any, tokenizer: Any) -> None:
    """Make both sides pad with one token.

    Heads of decoders find a row's last token by `config.pad_token_id`; RoBERTa and its kin count positions
    from it, and were built with it, so that there a disagreement cannot be mended.
    """
    config, padding = module.config.get_text_config(), tokenizer.pad_token_id
    if padding is None or getattr(config, "pad_token_id", None) == padding:
        return
    positions = [part for name, part in module.named_modules() if name.endswith("position_embeddings")]
    if any(getattr(part, "padding_idx", None) is not None for part in positions):
        raise ModelError(
            f"the tokenizer pads with token {padding}, the model with {config.pad_token_id}",
            place=Place(str(files.folder)),
            hint="copy the tokenizer files of the same model",
        )
    config.pad_token_id = padding
