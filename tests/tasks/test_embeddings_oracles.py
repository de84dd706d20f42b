"""Likeness and rankings of real rows, held against sentence-transformers, SciPy and scikit-learn."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from hfshell.api import EvaluationResult
from hfshell.session.session import Session
from hfshell.testing.outcome import run_script

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def measured(lines: str) -> dict[str, float | None]:
    opened = Session()
    try:
        outcome = run_script(opened, lines)
        assert outcome.errors == ()
        result = next(item for item in outcome.results if isinstance(item, EvaluationResult))
        return {metric.name: metric.value for metric in result.metrics}
    finally:
        opened.close()


def encoder(minilm: Path) -> Any:
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(minilm), device="cpu")


def test_likeness_of_stsb(shared: Path, minilm: Path) -> None:
    """Without any training 0.861, equal to four digits."""
    import scipy.stats

    path = shared / "data" / "stsb" / "dev.csv"
    found = measured(f"m = load minilm\nd = data test={path}\neval m d --task sentence-similarity\n")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    model = encoder(minilm)
    first, second = (
        model.encode([row[name] for row in rows], normalize_embeddings=True)
        for name in ("sentence1", "sentence2")
    )
    cosines, scores = (first * second).sum(1), [float(row["score"]) for row in rows]
    assert found["spearman"] == pytest.approx(scipy.stats.spearmanr(scores, cosines).statistic, abs=5e-5)
    assert found["pearson"] == pytest.approx(scipy.stats.pearsonr(scores, cosines).statistic, abs=5e-5)
    assert (found["spearman"] or 0) > 0.86


def test_rankings_of_squad(shared: Path, minilm: Path, tmp_path: Path) -> None:
    """The paragraph that answers a question, among those of all questions."""
    import numpy as np
    from sklearn.metrics import ndcg_score

    lines = (shared / "data" / "squad" / "dev.jsonl").read_text("utf-8").splitlines()[:100]
    rows = [{"query": row["question"], "document": row["context"]} for row in map(json.loads, lines)]
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    found = measured(f"m = load minilm\nd = data test={path}\neval m d --task retrieval --max-length 256\n")
    model = encoder(minilm)
    model.max_seq_length = 256
    queries, documents = (list(dict.fromkeys(row[name] for row in rows)) for name in ("query", "document"))
    asked, about = (model.encode(texts, normalize_embeddings=True) for texts in (queries, documents))
    scores, relevant = asked @ about.T, np.zeros((len(queries), len(documents)))
    for row in rows:
        relevant[queries.index(row["query"]), documents.index(row["document"])] = 1
    assert found["ndcg_at_10"] == pytest.approx(ndcg_score(relevant, scores, k=10), abs=5e-5)
    orders = np.argsort(-scores, axis=1)
    ranks = [
        1 / (1 + np.flatnonzero(wanted[order])[0]) for wanted, order in zip(relevant, orders, strict=True)
    ]
    assert found["mrr"] == pytest.approx(np.mean(ranks), abs=5e-5)
