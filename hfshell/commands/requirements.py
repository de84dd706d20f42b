"""What `require` wants: a distribution, installed in a version that will do."""

from __future__ import annotations

from importlib import metadata

from hfshell.errors import UsageError


def require_installed(requirement: str) -> None:
    """Make sure that a distribution is installed in a version that will do.

    Args:
        requirement: `NAME`, with or without versions behind it, as pip takes it: `hfshell-x>=0.3`. One with a
            marker that does not hold here (`; sys_platform == "win32"`) wants nothing.

    Raises:
        UsageError: it is no requirement, or it is not met; the hint is the line that installs it.
    """
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        wanted = Requirement(requirement)
    except InvalidRequirement:
        raise UsageError(f"{requirement} is not a requirement", hint="require NAME>=VERSION") from None
    if wanted.marker is not None and not wanted.marker.evaluate():
        return
    try:
        installed = metadata.version(wanted.name)
    except metadata.PackageNotFoundError:
        raise UsageError(f"{wanted.name} is not installed", hint=f"pip install '{wanted}'") from None
    if not wanted.specifier.contains(installed, prereleases=True):
        raise UsageError(
            f"{wanted.name} {installed} is installed, {wanted.specifier} is wanted",
            hint=f"pip install '{wanted}'",
        )
