"""What a version of transformers brought: with an older one, hfshell does without."""

from __future__ import annotations

from importlib.metadata import version

import pytest
from packaging.version import Version


def since(release: str, what: str) -> pytest.MarkDecorator:
    """Skip a test with a transformers older than a release."""
    older = Version(version("transformers")) < Version(release)
    return pytest.mark.skipif(older, reason=f"transformers {release} brought {what}")
