"""How good a ranking is: nDCG and the reciprocal rank, as trec_eval defines them."""

from __future__ import annotations

import math
from collections.abc import Sequence

CUT = 10


def ndcg(relevances: Sequence[float], cut: int = CUT) -> float:
    """Return the discounted gain of a ranking's first places over that of the best ranking.

    A document's gain is its relevance, over the logarithm of its place (Järvelin & Kekäläinen 2002).

    Args:
        relevances: of all documents, as they are ranked; 0 for one that does not matter.
        cut: so many places count.
    """
    best = _gain(sorted(relevances, reverse=True)[:cut])
    return _gain(relevances[:cut]) / best if best else 0.0


def reciprocal_rank(relevances: Sequence[float]) -> float:
    """Return 1 over the place of the first relevant document; 0 without one."""
    return next((1 / place for place, relevance in enumerate(relevances, 1) if relevance > 0), 0.0)


def _gain(relevances: Sequence[float]) -> float:
    return sum(relevance / math.log2(place + 1) for place, relevance in enumerate(relevances, 1))
