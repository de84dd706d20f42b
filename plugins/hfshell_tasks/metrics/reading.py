"""Answers to questions, held against the right ones as the official scripts of SQuAD and CMRC do.

A row says `{"text": [...], "answer_start": [...]}`: the right answers, none for a question that the text does
not answer. What was answered is a text, or a dict with it under `answer`; an empty one is no answer.

Where most rows have right answers in Chinese, all are cut into its characters (CMRC 2018, which DRCD uses
too), else into words as SQuAD has it: without case, punctuation and articles.
"""

from __future__ import annotations

import re
import string
from abc import abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from hfshell.api import PluginError
from hfshell_tasks.metrics.averages import RowMean, f1
from hfshell_tasks.metrics.scripts import has_chinese

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)
_CHINESE_PUNCTUATION = str.maketrans("", "", "-:_*^/\\~`+=，。：？！“”；’《》·、「」（）－～『』")
_CHINESE_PIECES = re.compile("[\u4e00-\u9fa5]|[^\\s\u4e00-\u9fa5]+")


class _Reading(RowMean):
    """A metric of answers.

    Args:
        chinese: whether answers are cut into characters.
    """

    def __init__(self, *, chinese: bool = False) -> None:
        self.chinese = chinese

    @abstractmethod
    def compared(self, right: str, given: str) -> float:
        """Return what a text is given for one of the right ones."""

    def for_rows(self, expected: Sequence[Any], answers: Sequence[Any]) -> _Reading:  # noqa: ARG002 - of the contract
        """Choose how texts are cut by all of the right answers."""
        answered = [texts for row in expected if (texts := _texts(row))]
        chinese = sum(any(map(has_chinese, texts)) for texts in answered)
        return type(self)(chinese=2 * chinese > len(answered))

    def grade(self, expected: Any, answer: Any) -> float:
        """Return what an answer is given for the right one that is nearest."""
        given = answer.get("answer") if isinstance(answer, Mapping) else answer
        if not isinstance(given, str):
            raise PluginError(
                f"{type(answer).__name__} was answered to a question",
                hint='a text is wanted, or a dict with a text under "answer"; an empty one is no answer',
            )
        right = [text for text in _texts(expected) if self.chinese or normalised(text)]
        return max(self.compared(text, given) for text in right or [""])

    @property
    def signature(self) -> str:
        """Whose definition it is."""
        return "CMRC 2018, characters" if self.chinese else "SQuAD v2.0, words"


class ExactMatch(_Reading):
    """Share of the rows whose answer is one of the right ones."""

    def compared(self, right: str, given: str) -> float:
        """Return 1 for equal texts."""
        form = _plain if self.chinese else normalised
        return float(form(right) == form(given))


class AnswerF1(_Reading):
    """Mean overlap of answers with the right one that is nearest."""

    def compared(self, right: str, given: str) -> float:
        """Return F1 of the words that both have, or of their longest common stretch of characters."""
        cut = _characters if self.chinese else _words
        there, found = cut(right), cut(given)
        if not there or not found:  # no answer is right only where there is none
            return float(there == found)
        common = _stretch(there, found) if self.chinese else (Counter(there) & Counter(found)).total()
        return f1(common, len(there), len(found)) or 0.0


def normalised(text: str) -> str:
    """Return a text without case, punctuation, articles and superfluous space, as SQuAD has it."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def _texts(expected: Any) -> Sequence[str]:
    """Return the right answers that a row says."""
    texts = expected["text"] if isinstance(expected, Mapping) else expected
    return [texts] if isinstance(texts, str) else texts


def _words(text: str) -> list[str]:
    return normalised(text).split()


def _characters(text: str) -> list[str]:
    """Cut a text into Chinese characters, and words of the rest where spaces are."""
    return _CHINESE_PIECES.findall(_plain(text))


def _plain(text: str) -> str:
    return text.lower().strip().translate(_CHINESE_PUNCTUATION)


def _stretch(right: list[str], given: list[str]) -> int:
    """Return how long the longest stretch is that both have: a bag of characters says little."""
    return SequenceMatcher(None, right, given, autojunk=False).find_longest_match().size
