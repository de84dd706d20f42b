from __future__ import annotations

from typing import Any

import pytest

WORDS = ("my", "card", "was", "charged", "twice", "refund", "please", "where", "is", "order")
SIBLINGS = {
    "TestSentencePairRegression": "TestSentencePairClassification",
    "TestMultiLabelClassification": "TestTextClassification",
    "TestTextRegression": "TestTextClassification",
    "TestRelationExtraction": "TestTokenClassification",
    "TestSentenceSimilarity": "TestRetrieval",
    "TestNextSentence": "TestFillMask",
    "TestMultipleChoice": "TestSentencePairClassification",
    "TestCodeGeneration": "TestTextGeneration",
    "TestChat": "TestTextGeneration",
    "TestTranslation": "TestSummarization",
    "TestText2Text": "TestSummarization",
    "TestAudioClassification": "TestImageClassification",
}
"""Tasks whose ways are those of another one, which is tried in full at each change."""
OF_SIBLINGS = {"import", "targets", "options", "load", "finetune", "predict", "eval"}
"""The checks of a sibling at each change: its own words and its own figures."""
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow what is tried with a sibling."""
    for item in items:
        author = item.cls if isinstance(item, pytest.Function) else None
        if author is None or author.__name__ not in SIBLINGS:
            continue
        given = getattr(item, "callspec", None)
        if given is not None and given.params.get("check") not in OF_SIBLINGS:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def tokenizer() -> Any:
    """A real WordPiece tokenizer of fifteen words, longest input 16 tokens."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    vocabulary = {word: index for index, word in enumerate((*SPECIAL, *WORDS))}
    inner = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    inner.pre_tokenizer = pre_tokenizers.Whitespace()
    inner.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=inner,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
        model_max_length=16,
    )
