"""What pyproject.toml promises of others' versions is what is tried."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OPTIONAL = PROJECT["optional-dependencies"]
FEATURES = [line for extra in ("constraints", "images", "starter", "retrieval") for line in OPTIONAL[extra]]
REQUIREMENTS = [Requirement(line) for line in (*PROJECT["dependencies"], *FEATURES)]
ONE_BUILD = {"torch"}
"""The index has one build without CUDA: the lowest version cannot be installed beside it."""


def pins(path: Path) -> dict[str, str]:
    """The versions of a file of constraints, by name."""
    lines = (line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    split = (line.split("==") for line in lines if "==" in line)
    return {canonicalize_name(name): version for name, version in split}


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=lambda requirement: requirement.name)
def test_both_ends_of_a_range_are_tried(requirement: Requirement) -> None:
    """The lowest version is that of `make test-lowest`; the one that all else runs with is in the range."""
    name = canonicalize_name(requirement.name)
    (lowest,) = (part.version for part in requirement.specifier if part.operator == ">=")
    assert pins(ROOT / "constraints.txt")[name] in requirement.specifier
    tried = pins(ROOT / "constraints-lowest.txt")[name]
    assert tried in requirement.specifier
    assert name in ONE_BUILD or Requirement(f"{name}=={lowest}").specifier.contains(tried)
