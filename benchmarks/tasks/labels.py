"""Oracles of labels and numbers: scikit-learn, scipy, and the scorer of SemEval-2010 by its definition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scipy.stats import pearsonr, spearmanr
from sklearn.metrics import accuracy_score, f1_score, matthews_corrcoef, roc_auc_score

from benchmarks.tasks import gold
from benchmarks.tasks.case import Evidence, Oracle


def labels(file: str, positive: str = "", headline: str = "accuracy") -> Oracle:
    """Return the oracle of one label a row.

    Args:
        file: with the right ones, under the folder of the sets.
        positive: of two labels the one whose score is measured by the area under the ROC curve; the
            predictions must have all scores.
        headline: the metric that the set is known by.
    """

    def measured(evidence: Evidence) -> Mapping[str, float]:
        right = [str(value) for value in gold.column(evidence.data / file, "label", evidence.count)]
        given = [prediction[0]["label"] for prediction in evidence.predictions]
        found = {
            "accuracy": accuracy_score(right, given),
            "macro_f1": f1_score(right, given, average="macro", zero_division=0),
            "mcc": matthews_corrcoef(right, given),
        }
        if positive:
            scores = [_score(prediction, positive) for prediction in evidence.predictions]
            found["roc_auc"] = roc_auc_score([label == positive for label in right], scores)
        return {headline: found[headline], **found}

    return measured


def numbers(file: str, name: str, headline: str = "pearson") -> Oracle:
    """Return the oracle of a number a row."""

    def measured(evidence: Evidence) -> Mapping[str, float]:
        right = [float(value) for value in gold.column(evidence.data / file, name, evidence.count)]
        given = [prediction["score"] for prediction in evidence.predictions]
        found = {
            "pearson": float(pearsonr(right, given).statistic),
            "spearman": float(spearmanr(right, given).statistic),
        }
        return {headline: found[headline], **found}

    return measured


def choices(file: str) -> Oracle:
    """Return the oracle of the number of the right choice."""

    def measured(evidence: Evidence) -> Mapping[str, float]:
        right = gold.column(evidence.data / file, "label", evidence.count)
        given = [prediction[0]["index"] for prediction in evidence.predictions]
        return {"accuracy": accuracy_score(right, given)}

    return measured


def relations(file: str) -> Oracle:
    """Return the oracle of relations with their directions."""

    def measured(evidence: Evidence) -> Mapping[str, float]:
        right = gold.column(evidence.data / file, "label", evidence.count)
        given = [prediction[0]["label"] for prediction in evidence.predictions]
        held = sorted({*right, *given} - {"Other"})
        return {
            "relation_micro_f1": f1_score(right, given, labels=held, average="micro"),
            "relation_macro_f1": _official(right, given),
            "accuracy": accuracy_score(right, given),
        }

    return measured


def _official(right: Sequence[str], given: Sequence[str]) -> float:
    """Return the mean F1 of relations, `(9+1)-way evaluation taking directionality into account`.

    The scorer counts a relation in either direction as one; an answer in the wrong direction is none of its
    hits. Other has no F1, but what was wrongly said to be Other is missed, and the reverse.
    """
    pairs = [(label.split("("), answer.split("(")) for label, answer in zip(right, given, strict=True)]
    scores = []
    for relation in {label[0] for label, _ in pairs} - {"Other"}:
        hits = sum(label == answer for label, answer in pairs if label[0] == relation)
        there = sum(label[0] == relation for label, _ in pairs)
        found = sum(answer[0] == relation for _, answer in pairs)
        precision, recall = hits / found if found else 0.0, hits / there
        scores.append(2 * precision * recall / (precision + recall) if hits else 0.0)
    return sum(scores) / len(scores)


def _score(prediction: Sequence[Mapping[str, Any]], label: str) -> float:
    return next(float(one["score"]) for one in prediction if one["label"] == label)
