"""A stranger's package with a task of each kind, installed for the tests of a file, and data for each."""

from __future__ import annotations

import json
import random
import shutil
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

from hfshell import Session
from tests.models.tiny import bert
from tests.session.conftest import TOPICS

PACKAGE = "hfshell_kinds"
TASKS = ("toxicity", "anger", "pairs", "shapes", "judge", "typo")


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A session in which the package is installed, with a base model that learns quickly."""
    with pytest.MonkeyPatch.context() as patch:
        site = tmp_path_factory.mktemp("site")
        patch.syspath_prepend(str(site))
        patch.setenv("HFSHELL_HOME", str(tmp_path_factory.mktemp("measuring")))
        _install(site)
        with Session() as session:
            lively = bert(tmp_path_factory.mktemp("base"), initializer_range=0.2, hidden_dropout_prob=0.0)
            session.run(f"base = load {lively}")
            yield session
        for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
            del sys.modules[name]


@pytest.fixture(scope="module")
def comments(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Comments about none, one or several topics, as JSON Lines."""
    draw, rows = random.Random(3), []
    for number in range(160):
        topics = sorted(draw.sample(sorted(TOPICS), number % 3))
        words = [word for topic in topics for word in draw.choices(TOPICS[topic], k=3)]
        rows.append({"comment": " ".join([*words, "my", "this", str(number)]), "labels": topics})
    path = tmp_path_factory.mktemp("data") / "comments.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return path


@pytest.fixture(scope="module")
def angry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Comments with how angry they are, from the words that they hold, as a CSV file."""
    draw, lines = random.Random(4), ["comment,anger"]
    for number in range(160):
        refunds = number % 4
        words = ["refund"] * refunds + draw.choices(("my", "card", "order", "parcel"), k=5 - refunds)
        lines.append(f"{' '.join(words)} {number},{refunds - 1.5 + draw.gauss(0, 0.05):.3f}")
    path = tmp_path_factory.mktemp("data") / "angry.csv"
    path.write_text("\n".join(lines))
    return path


@pytest.fixture(scope="module")
def couples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pairs of texts that are about the same topic or not, as a CSV file."""
    draw, lines = random.Random(5), ["sentence1,sentence2,same"]
    for number in range(60):
        one = draw.choice(sorted(TOPICS))
        other = one if number % 2 else draw.choice([topic for topic in sorted(TOPICS) if topic != one])
        first, second = (" ".join(draw.choices(TOPICS[topic], k=4)) for topic in (one, other))
        lines.append(f"{first} {number},{second} {number},{'yes' if one == other else 'no'}")
    path = tmp_path_factory.mktemp("data") / "couples.csv"
    path.write_text("\n".join(lines))
    return path


def _install(site: Path) -> None:
    shutil.copytree(Path(__file__).parent / "strangers" / PACKAGE, site / PACKAGE)
    info = site / f"{PACKAGE}-0.4.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: hfshell-kinds\nVersion: 0.4\n")
    tasks = "".join(f"{task} = {PACKAGE}.{task}\n" for task in TASKS)
    (info / "entry_points.txt").write_text(
        f"[hfshell.tasks]\n{tasks}[hfshell.plugins]\nkinds-extras = {PACKAGE}.extras\n"
    )
    metadata.MetadataPathFinder().invalidate_caches()
