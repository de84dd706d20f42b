"""Oracles of vectors: cosines and rankings, with transformers, scipy and scikit-learn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from scipy.stats import rankdata
from sklearn.metrics import accuracy_score, f1_score, ndcg_score
from transformers import AutoModel, AutoTokenizer

from benchmarks.tasks import gold
from benchmarks.tasks.case import Evidence, Oracle


def retrieval(file: str, query: str, document: str) -> Oracle:
    """Return the oracle of all documents ranked for each query, by the cosine of mean-pooled vectors."""

    def measured(evidence: Evidence) -> Mapping[str, float]:
        rows = gold.records(evidence.data / file)[: evidence.count]
        queries = list(dict.fromkeys(row[query] for row in rows))
        documents = list(dict.fromkeys(row[document] for row in rows))
        pairs = {(row[query], row[document]) for row in rows}
        wanted = np.array([[float((one, other) in pairs) for other in documents] for one in queries])
        scores = _vectors(evidence, queries) @ _vectors(evidence, documents).T
        places = rankdata(-scores, axis=1, method="ordinal")
        first = np.where(wanted > 0, places, np.inf).min(axis=1)
        return {"ndcg_at_10": ndcg_score(wanted, scores, k=10), "mrr": float((1 / first).mean())}

    return measured


def chosen(file: str) -> Oracle:
    """Return the oracle of labels that a model was never trained for."""

    def measured(evidence: Evidence) -> Mapping[str, float]:
        right = gold.column(evidence.data / file, "label", evidence.count)
        given = [prediction["labels"][0] for prediction in evidence.predictions]
        return {
            "accuracy": accuracy_score(right, given),
            "macro_f1": f1_score(right, given, average="macro", zero_division=0),
        }

    return measured


def _vectors(evidence: Evidence, texts: Sequence[str]) -> Any:
    """Return the vectors of texts, each of length 1; a text at a time."""
    model = AutoModel.from_pretrained(evidence.model).eval()
    tokenizer = AutoTokenizer.from_pretrained(evidence.model)
    found = []
    for text in texts:
        encoded = tokenizer(text, truncation=True, return_tensors="pt")
        with torch.inference_mode():
            mean = model(**encoded).last_hidden_state[0].mean(0)
        found.append((mean / mean.norm()).numpy())
    return np.stack(found)
