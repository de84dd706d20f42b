"""Oracles of texts that were written: sacrebleu's command line, and rouge-score."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from rouge_score.rouge_scorer import RougeScorer

from benchmarks.tasks import gold
from benchmarks.tasks.case import Evidence, Oracle


def translations(file: str, name: str) -> Oracle:
    """Return the oracle of translations: `sacrebleu -m bleu chrf`, with chrF++.

    Args:
        file: with references, under the folder of the sets.
        name: their column.
    """

    def measured(evidence: Evidence) -> Mapping[str, float]:
        right = gold.column(evidence.data / file, name, evidence.count)
        references = _written(evidence.folder / "references", right)
        given = [prediction["translation_text"] for prediction in evidence.predictions]
        answers = _written(evidence.folder / "answers", given)
        command = [sys.executable, "-m", "sacrebleu", str(references), "-i", str(answers)]
        command += ["-m", "bleu", "chrf", "--chrf-word-order", "2", "-w", "6", "--force"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        bleu, chrf = (float(score["score"]) for score in json.loads(done.stdout))
        return {"bleu": bleu, "chrf": chrf}

    return measured


def summaries(file: str, name: str) -> Oracle:
    """Return the oracle of summaries: ROUGE, F, mean over rows; of several references the nearest counts.

    Args:
        file: with references, under the folder of the sets.
        name: their column, a text or a list of texts.
    """

    def measured(evidence: Evidence) -> Mapping[str, float]:
        right = gold.column(evidence.data / file, name, evidence.count)
        given = [prediction["summary_text"] for prediction in evidence.predictions]
        scorer = RougeScorer(["rouge1", "rouge2", "rougeL"])
        rows = [
            [scorer.score(text, one) for text in ([texts] if isinstance(texts, str) else texts)]
            for texts, one in zip(right, given, strict=True)
        ]
        return {
            kind.lower(): sum(max(score[kind].fmeasure for score in row) for row in rows) / len(rows)
            for kind in ("rouge1", "rouge2", "rougeL")
        }

    return measured


def _written(path: Path, texts: Sequence[str]) -> Path:
    """Write a text a line.

    Raises:
        ValueError: one has several lines.
    """
    if any(len(text.splitlines()) > 1 for text in texts):
        raise ValueError("a text has several lines: sacrebleu's command line would read several texts")
    path.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    return path
