"""The public surface changes on purpose, and as docs/plugins/compatibility.md promises."""

from __future__ import annotations

from tests.api.public_surface import FILE, surface

NEW = "this is new: write it down with `python -m tests.api.public_surface`, and in CHANGELOG.md"
GONE = (
    "this is gone, or changed. docs/plugins/compatibility.md promises two minor releases of warning first: "
    "keep it, have it give a DeprecationWarning that names what takes its place, and say so in CHANGELOG.md"
)


def test_nothing_is_gone() -> None:
    """What plugins rely on stays until it was deprecated for two minor releases."""
    gone = _written() - set(surface().splitlines())
    assert not gone, f"{GONE}: {sorted(gone)}"


def test_nothing_is_new_unnoticed() -> None:
    """What becomes public stays for long, so it is written down when it does."""
    new = set(surface().splitlines()) - _written()
    assert not new, f"{NEW}: {sorted(new)}"


def _written() -> set[str]:
    return set(FILE.read_text(encoding="utf-8").splitlines())
