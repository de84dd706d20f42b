"""Cases whose answers are texts, vectors, programs, or how likely a text is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.tasks import gold
from benchmarks.tasks.case import Case
from benchmarks.tasks.labels import numbers
from benchmarks.tasks.likelihood import perplexity, pseudo_perplexity, replies
from benchmarks.tasks.programs import programs
from benchmarks.tasks.vectors import chosen, retrieval
from benchmarks.tasks.writing import summaries, translations

_MARKER = "<|endoftext|>"


def _stories(data: Path) -> list[str]:
    whole = (data / "tinystories_sample/sample.txt").read_text(encoding="utf-8")
    return [story.strip() for story in whole.split(_MARKER) if story.strip()]


def _plays(data: Path) -> Sequence[str]:
    return gold.lines(data / "tinyshakespeare/dev.txt")


CASES = (
    Case(
        name="multi30k_en_de",
        data="multi30k_en_de",
        model="new bart",
        lines=(
            "d = data train=$data/multi30k_en_de/train.jsonl test=$data/multi30k_en_de/dev.jsonl",
            "base = new bart d --vocabulary 3000 --layers 2",
            "m = finetune base d --task translation --epochs 10 --learning-rate 7e-4",
            "ev = eval m d.test --limit 200",
            "predict m d.test --limit 200 > predictions.jsonl",
        ),
        oracle=translations("multi30k_en_de/dev.jsonl", "de"),
        by="sacrebleu's command line",
    ),
    Case(
        name="dialogsum",
        data="dialogsum",
        model="new bart",
        lines=(
            "d = data train=$data/dialogsum/train.jsonl test=$data/dialogsum/dev.jsonl",
            "base = new bart d --vocabulary 2000 --layers 2",
            "m = finetune base d --task summarization --epochs 10 --learning-rate 7e-4 --max-length 256",
            "ev = eval m d.test --max-length 256",
            "predict m d.test --max-length 256 > predictions.jsonl",
        ),
        oracle=summaries("dialogsum/dev.jsonl", "summary"),
        by="rouge-score",
    ),
    Case(
        name="scitldr",
        data="scitldr",
        model="new bart",
        lines=(
            "d = data train=$data/scitldr/train.jsonl test=$data/scitldr/dev.jsonl",
            "base = new bart d --vocabulary 2000 --layers 2",
            "m = finetune base d --task summarization --epochs 3 --learning-rate 7e-4 --max-length 256",
            "ev = eval m d.test --max-length 256",
            "predict m d.test --max-length 256 > predictions.jsonl",
        ),
        oracle=summaries("scitldr/dev.jsonl", "summary"),
        by="rouge-score",
    ),
    Case(
        name="tinyshakespeare",
        data="tinyshakespeare",
        model="new llama",
        lines=(
            "d = data train=$data/tinyshakespeare/train.txt test=$data/tinyshakespeare/dev.txt",
            "base = new llama d --vocabulary 2000",
            "m = finetune base d --task text-generation --epochs 1 --learning-rate 2e-3 --batch-size 64",
            "ev = eval m d.test",
            "save m model",
        ),
        oracle=perplexity(_plays),
        by="transformers alone",
    ),
    Case(
        name="tinyshakespeare_masks",
        data="tinyshakespeare",
        model="new bert",
        lines=(
            "d = data train=$data/tinyshakespeare/train.txt test=$data/tinyshakespeare/dev.txt",
            "base = new bert d --vocabulary 2000",
            "m = finetune base d --task fill-mask --epochs 1 --learning-rate 2e-3 --batch-size 64",
            "ev = eval m d.test --limit 60 --pseudo-perplexity",
            "save m model",
        ),
        oracle=pseudo_perplexity(_plays),
        by="transformers alone",
    ),
    Case(
        name="sgd_chat",
        data="sgd_chat",
        model="stories260k",
        lines=(
            "d = data train=$data/sgd_chat/train.jsonl.gz test=$data/sgd_chat/dev.jsonl",
            "base = load $models/stories260k",
            "m = finetune base d --task chat --epochs 0.5 --learning-rate 2e-3",
            "ev = eval m d.test",
            "save m model",
        ),
        oracle=replies("sgd_chat/dev.jsonl"),
        by="transformers alone",
    ),
    Case(
        name="tinystories_sample",
        data="tinystories_sample",
        model="stories260k",
        lines=(
            "m = load $models/stories260k",
            "d = data $data/tinystories_sample/sample.txt --validation 0 --test 0",
            "ev = eval m d.train --task text-generation",
            "save m model",
        ),
        oracle=perplexity(_stories),
        by="transformers alone",
    ),
    Case(
        name="mbpp",
        data="mbpp",
        model="stories260k",
        lines=(
            "m = load $models/stories260k",
            "d = data train=$data/mbpp/train.jsonl test=$data/mbpp/dev.jsonl",
            "ev = eval m d.test --task code-generation --run-code --max-new-tokens 64",
            "predict m d.test --task code-generation --max-new-tokens 64 > predictions.jsonl",
        ),
        oracle=programs("mbpp/dev.jsonl"),
        by="a bare Python; the set's own 90 programs pass in both",
    ),
    Case(
        name="banking77_zero_shot",
        data="banking77",
        model="minilm",
        lines=(
            "m = load minilm --task zero-shot-classification",
            "d = data train=$data/banking77/train.csv test=$data/banking77/dev.csv",
            "ev = eval m d.test",
            "predict m d.test > predictions.jsonl",
        ),
        oracle=chosen("banking77/dev.csv"),
        by="scikit-learn",
    ),
    Case(
        name="stsb_similarity",
        data="stsb",
        model="minilm",
        lines=(
            "m = load minilm --task sentence-similarity",
            "d = data train=$data/stsb/train.csv test=$data/stsb/dev.csv",
            "ev = eval m d.test",
            "predict m d.test > predictions.jsonl",
        ),
        oracle=numbers("stsb/dev.csv", "score", "spearman"),
        by="scipy",
    ),
    Case(
        name="squad_retrieval",
        data="squad",
        model="minilm",
        lines=(
            "m = load minilm --task retrieval",
            "d = data train=$data/squad/train.jsonl.gz test=$data/squad/dev.jsonl",
            "ev = eval m d.test",
            "save m model",
        ),
        oracle=retrieval("squad/dev.jsonl", "question", "context"),
        by="scikit-learn, vectors by transformers alone",
    ),
)
