"""Classification and regression of pairs of texts, both read at once by a sequence-classification head."""

from __future__ import annotations

from collections.abc import Sequence

from hfshell.api import DataError, Features, HeadTask, LabelHead, ModelView, NumberHead, Row


class _ReadsPairs(HeadTask):
    def encode(self, rows: Sequence[Row], model: ModelView) -> Features:
        """Turn pairs into token IDs; where they are too long, the longer text is cut at its end.

        Raises:
            DataError: a row lacks one of the texts.
        """
        return model.tokenize([_text(row, "first") for row in rows], [_text(row, "second") for row in rows])


class SentencePairClassification(_ReadsPairs, LabelHead):
    """One label for each pair."""


class SentencePairRegression(_ReadsPairs, NumberHead):
    """A number for each pair."""


def _text(row: Row, role: str) -> str:
    text = row.get(role)
    if not isinstance(text, str):
        raise DataError(f"a row has no {role} text: {dict(row)!r:.80}")
    return text
