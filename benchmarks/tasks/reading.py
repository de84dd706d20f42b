"""Oracles of entities and answers: seqeval, and the official SQuAD script by its definition."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from seqeval.metrics import f1_score, precision_score, recall_score
from seqeval.scheme import IOB2

from benchmarks.tasks import gold
from benchmarks.tasks.case import Evidence, Oracle


def entities(file: str) -> Oracle:
    """Return the oracle of entities, strict IOB2."""

    def measured(evidence: Evidence) -> Mapping[str, float]:
        sentences = gold.sentences(evidence.data / file)[: evidence.count]
        right = [tags for _, tags in sentences]
        given = [
            _tags(tokens, prediction)
            for (tokens, _), prediction in zip(sentences, evidence.predictions, strict=True)
        ]
        how = {"mode": "strict", "scheme": IOB2, "zero_division": 0}
        words = list(zip(chain.from_iterable(right), chain.from_iterable(given), strict=True))
        return {
            "entity_f1": float(f1_score(right, given, **how)),
            "entity_precision": float(precision_score(right, given, **how)),
            "entity_recall": float(recall_score(right, given, **how)),
            "token_accuracy": sum(tag == other for tag, other in words) / len(words),
        }

    return measured


def _tags(tokens: Sequence[str], entities: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return a tag for each token: entities say where they stand, a blank is between two tokens."""
    tags, place = [], 0
    for token in tokens:
        inside = [one for one in entities if one["start"] <= place < one["end"]]
        tags.append(
            f"{'B' if inside[0]['start'] == place else 'I'}-{inside[0]['entity_group']}" if inside else "O"
        )
        place += len(token) + 1
    return tags


def answers(file: str) -> Oracle:
    """Return the oracle of answers in a text, as evaluate-v2.0.py has it."""

    def measured(evidence: Evidence) -> Mapping[str, float]:
        rows = gold.column(evidence.data / file, "answers", evidence.count)
        right = [[text for text in row["text"] if _normalised(text)] or [""] for row in rows]
        given = [prediction["answer"] for prediction in evidence.predictions]
        pairs = list(zip(right, given, strict=True))
        return {
            "exact_match": sum(max(_exact(text, one) for text in texts) for texts, one in pairs) / len(pairs),
            "answer_f1": sum(max(_overlap(text, one) for text in texts) for texts, one in pairs) / len(pairs),
        }

    return measured


def _normalised(text: str) -> str:
    """Lower, without punctuation, without articles, without superfluous blanks."""
    text = "".join(character for character in text.lower() if character not in set(string.punctuation))
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())


def _exact(right: str, given: str) -> int:
    return int(_normalised(right) == _normalised(given))


def _overlap(right: str, given: str) -> float:
    there, found = _normalised(right).split(), _normalised(given).split()
    if not there or not found:
        return float(there == found)
    common = sum((Counter(there) & Counter(found)).values())
    if not common:
        return 0.0
    precision, recall = common / len(found), common / len(there)
    return 2 * precision * recall / (precision + recall)
