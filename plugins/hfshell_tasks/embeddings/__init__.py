"""Vectors of texts, and what they are good for: likeness and search. Declarations; the work is in `task`."""

from __future__ import annotations

from hfshell.api import CommandSpec, RendererSpec, Role, TaskSpec, hookimpl
from hfshell_tasks.embeddings.options import (
    FinetuneOptions,
    PredictOptions,
    RetrievalOptions,
    SearchOptions,
    SimilarityOptions,
)

_HERE = "hfshell_tasks.embeddings"

FEATURES = TaskSpec(
    name="feature-extraction",
    summary="A vector for each text, of any encoder",
    target=f"{_HERE}.task:FeatureExtraction",
    roles=(Role.text(),),
    options={"predict": PredictOptions},
    capabilities=frozenset({"load", "predict"}),
    assumed=False,
    examples=(
        'predict minilm "my card was charged twice" --task feature-extraction',
        "predict minilm tickets --task feature-extraction --normalize > vectors.jsonl",
    ),
)

SIMILARITY = TaskSpec(
    name="sentence-similarity",
    summary="How much alike two texts are, by the angle between their vectors",
    target=f"{_HERE}.two_texts:SentenceSimilarity",
    roles=(
        Role.text("sentence1", "first", "text1", "sentence_a", "question1", name="first"),
        Role.text("sentence2", "second", "text2", "sentence_b", "question2", name="second", beside="first"),
        Role.number("score", "similarity", "similarity_score", "relatedness_score", "label"),
    ),
    metrics=("spearman", "pearson"),
    options={"finetune": FinetuneOptions, "predict": SimilarityOptions},
    assumed=False,
    examples=(
        "eval minilm stsb --task sentence-similarity",
        "alike = finetune minilm stsb --task sentence-similarity",
        'predict alike "A man sleeps" --second "A person rests"',
    ),
)

RETRIEVAL = TaskSpec(
    name="retrieval",
    summary="Documents for a query, the nearest first",
    target=f"{_HERE}.two_texts:Retrieval",
    roles=(
        Role.text("query", "question", "anchor", name="query"),
        Role.text("document", "passage", "context", "positive", "answer", name="document"),
        Role("relevance", "number", ("relevance", "relevant"), required=False),
    ),
    metrics=("ndcg_at_10", "mrr"),
    options={"finetune": FinetuneOptions, "predict": RetrievalOptions},
    assumed=False,
    self_supervised=True,
    examples=(
        "eval minilm questions --task retrieval",
        "finder = finetune minilm questions --task retrieval",
        'search tickets "money came off twice" --model finder',
    ),
)

SEARCH = CommandSpec(
    name="search",
    summary="Find the rows of a data set that are nearest to a text",
    options=SearchOptions,
    target=f"{_HERE}.search:search",
    section="Models",
    description=(
        "Texts are compared by the vectors that a model gives them: an encoder as it is, or one that was "
        "fine-tuned for sentence-similarity or retrieval. The vectors of a data set are kept while the model "
        "is in memory, so that only the first search takes long."
    ),
    examples=(
        ('search tickets "money came off twice" --model minilm', "the five nearest rows"),
        ('search tickets.train "parcel" --model minilm --top-k 20', "of one split"),
    ),
)


@hookimpl
def hfshell_tasks() -> list[TaskSpec]:
    """Offer the tasks."""
    return [FEATURES, SIMILARITY, RETRIEVAL]


@hookimpl
def hfshell_commands() -> list[CommandSpec]:
    """Offer the search."""
    return [SEARCH]


@hookimpl
def hfshell_renderers() -> list[RendererSpec]:
    """Show vectors in short, and what was found by how near it is."""
    return [
        RendererSpec("predictions", f"{_HERE}.render:show_vectors", task=FEATURES.name),
        RendererSpec("predictions", f"{_HERE}.render:show_likeness", task=SIMILARITY.name),
        RendererSpec("predictions", f"{_HERE}.render:show_likeness", task=RETRIEVAL.name),
        RendererSpec("search", f"{_HERE}.render:show_found"),
    ]
