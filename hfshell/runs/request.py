"""What was asked of a run, and what makes two requests the same."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import metadata
from typing import Any

import hfshell
from hfshell.redact import redact, redact_all

DISTRIBUTIONS = (
    "torch", "transformers", "accelerate", "datasets", "tokenizers", "safetensors", "numpy",
    "scikit-learn",
)  # fmt: skip
"""Packages whose versions can change a number."""

IMMATERIAL_OPTIONS = frozenset({"model", "data", "resume", "allow", "save_every"})
"""Options that name things, or say how to go about it; what they name has fingerprints of its own."""


@dataclass(frozen=True)
class RunRequestRecord:
    """A request, resolved: enough to ask for the same again. All values are JSON types.

    Attributes:
        task: `text-classification`.
        command: the line as written.
        options: every option with its value, defaults too.
        model: what the model is: `source` and whatever else tells it from others.
        data: what the data is: `name`, `source`, `fingerprint`.
        seed: of the command.
        name: what the result is bound to.
        distributions: packages beside hfshell's own whose versions count, a plugin's for instance.
    """

    task: str
    command: str
    options: Mapping[str, Any]
    model: Mapping[str, Any]
    data: Mapping[str, Any]
    seed: int
    name: str = ""
    distributions: tuple[str, ...] = field(default=())

    def fingerprint(self, verb: str) -> str:
        """Return what two requests share when one may go on where the other stopped.

        Names, the wording of the command and versions are left out.
        """
        options = {name: value for name, value in self.options.items() if name not in IMMATERIAL_OPTIONS}
        data = self.data.get("fingerprint", self.data)
        return request_fingerprint(
            {
                "verb": verb,
                "task": self.task,
                "options": options,
                "model": dict(self.model),
                "data": data,
                "seed": self.seed,
            }
        )

    def to_dict(self, verb: str) -> dict[str, Any]:
        """Return the request as it stands in `request.json`, without secrets."""
        return {
            "schema": 1,
            "kind": "run-request",
            "verb": verb,
            "task": self.task,
            "command": redact(self.command),
            "name": self.name,
            "options": redact_all(self.options),
            "model": redact_all(self.model),
            "data": redact_all(self.data),
            "seed": self.seed,
            "fingerprint": self.fingerprint(verb),
            "versions": installed_versions(self.distributions),
        }


def request_fingerprint(request: Mapping[str, Any]) -> str:
    """Return the SHA-256, in hex, of a mapping of JSON types: the same for any order of keys.

    Raises:
        TypeError, ValueError: a value is no JSON type, or a number is not finite.
    """
    canonical = json.dumps(request, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def installed_versions(more: Iterable[str] = ()) -> dict[str, str]:
    """Return Python's version and those of packages that are installed, without importing any."""
    versions = {"python": platform.python_version(), "hfshell": hfshell.__version__}
    for name in (*DISTRIBUTIONS, *more):
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return versions
