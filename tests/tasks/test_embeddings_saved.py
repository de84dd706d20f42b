"""Saved encoders give sentence-transformers the vectors that they give here."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hfshell.api import LoadedModel, ModelFolder
from hfshell.errors import PluginError
from hfshell.models.beside import read_beside
from hfshell.models.saving import save_model
from hfshell.testing import Outcome
from hfshell.testing.tiny_bert import bert
from hfshell_tasks.embeddings.options import SimilarityOptions
from hfshell_tasks.embeddings.two_texts import SentenceSimilarity
from tests.compute.classify import Data, Surroundings
from tests.models import tiny

TEXTS = ("my card was charged twice please refund me", "where is my parcel", "late")


def encoder(folder: Path, pooling: str | None) -> Path:
    """Make a tiny encoder; with a pooling a folder of sentence-transformers, whose vectors have length 1."""
    made = bert(folder, initializer_range=0.3)
    (made / "chat_template.jinja").unlink()  # else sentence-transformers takes texts for messages
    if pooling:
        kinds = {"Transformer": "", "Pooling": "1_Pooling", "Normalize": "2_Normalize"}
        modules = [
            {"idx": number, "name": str(number), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for number, (kind, path) in enumerate(kinds.items())
        ]
        (made / "modules.json").write_text(json.dumps(modules))
        for path in filter(None, kinds.values()):
            (made / path).mkdir()
        known = {f"pooling_mode_{name}": name.startswith(pooling) for name in ("cls_token", "mean_tokens")}
        (made / "1_Pooling" / "config.json").write_text(json.dumps({"word_embedding_dimension": 32, **known}))
    return made


def oracle(folder: Path) -> Any:
    library = pytest.importorskip("sentence_transformers")
    return library.SentenceTransformer(str(folder), device="cpu").encode(list(TEXTS), show_progress_bar=False)


@pytest.mark.parametrize(
    ("pooling", "task"),
    [
        (None, " --task feature-extraction"),
        ("mean", " --task feature-extraction"),
        ("cls", " --task feature-extraction"),
        ("mean", ""),
        ("cls", ""),
    ],
)
def test_a_saved_encoder_gives_the_same_vectors(
    run_hfsh: Callable[..., Outcome], tmp_path: Path, pooling: str | None, task: str
) -> None:
    """In the library and here, from a folder of the library's or of transformers, with a task or without."""
    source, saved, texts = encoder(tmp_path / "m", pooling), tmp_path / "saved", tmp_path / "texts.txt"
    texts.write_text("\n".join(TEXTS))
    length = " --normalize" if pooling else ""
    outcome = run_hfsh(
        f"m = load {source}{task}\np = predict m {texts} --task feature-extraction{length}\n"
        f"save m {saved}\nn = load {saved}\nq = predict n {texts} --task feature-extraction{length}"
    )
    outcome.assert_ok()
    np.testing.assert_allclose(outcome["q"].rows, outcome["p"].rows, atol=1e-6)
    np.testing.assert_allclose(oracle(saved), outcome["p"].rows, atol=1e-5)


def test_a_model_that_was_trained_pools_there_as_it_was_trained(tmp_path: Path) -> None:
    """However the model that it began with pooled."""
    from hfshell.models.loading import Head, load_model

    model = load_model(tiny.files(encoder(tmp_path / "m", "mean")), Head("AutoModel", "sentence-similarity"))
    context = Surroundings(tmp_path, predict_options=SimilarityOptions(pooling="cls"))
    SentenceSimilarity().prepare(model, Data(train=[]), context)  # type: ignore[arg-type]
    save_model(model, tmp_path / "saved")
    kept = json.loads((tmp_path / "saved" / "1_Pooling" / "config.json").read_text())
    assert [name for name, value in kept.items() if value is True] == ["pooling_mode_cls_token"]
    kinds = [part["type"] for part in json.loads((tmp_path / "saved" / "modules.json").read_text())]
    assert [kind.rpartition(".")[2] for kind in kinds] == ["Transformer", "Pooling"]
    assert oracle(tmp_path / "saved").shape == (3, 32)


def test_a_pooling_with_weights_is_not_kept_in_part(run_hfsh: Callable[..., Outcome], tmp_path: Path) -> None:
    """Without its weights the library would make other vectors, and say nothing."""
    source = encoder(tmp_path / "m", "mean")
    shutil.copy(source / "model.safetensors", source / "2_Normalize" / "model.safetensors")
    run_hfsh(f"m = load {source}\nsave m {tmp_path / 'saved'}").assert_ok()
    assert not (tmp_path / "saved" / "modules.json").exists()


@pytest.mark.parametrize("elsewhere", ["../other", "/other"])
def test_a_pooling_elsewhere_is_not_read(tmp_path: Path, elsewhere: str) -> None:
    """A model's folder may say anything: nothing else of the disk is looked through, or kept."""
    source, other = encoder(tmp_path / "m", "mean"), tmp_path / "other"
    other.mkdir()
    (other / "secret.json").write_text("{}")
    named = elsewhere.replace("/other", str(other)) if elsewhere.startswith("/") else elsewhere
    parts = json.loads((source / "modules.json").read_text())
    (source / "modules.json").write_text(json.dumps([*parts, {"path": named}]))
    assert read_beside(source) == {}


@pytest.mark.parametrize("name", ["../out.json", "config.json"])
def test_nothing_is_written_elsewhere_or_over_the_model(tmp_path: Path, name: str) -> None:
    """A plugin may keep texts beside its model, and nowhere else."""
    from hfshell.models.loading import load_model

    model: LoadedModel = load_model(tiny.files(encoder(tmp_path / "m", None)))
    assert isinstance(model.files, ModelFolder)
    model.beside = {name: "x"}
    with pytest.raises(PluginError, match="no place"):
        save_model(model, tmp_path / "saved")
    assert not (tmp_path / "saved").exists()
