"""What stands before texts, so that a model that does many things knows which one is meant."""

from __future__ import annotations

from typing import Any

from hfshell.api import UsageError


def prefix_of(config: Any, kind: str, options: Any) -> str:
    """Return the prefix: what the user says, else what the model's configuration has for the task.

    Args:
        config: of the model.
        kind: how the configuration calls the task, `summarization` or `translation_en_to_de`; a mere
            `translation` is any that it knows.
        options: with a `prefix`, None where the user said nothing.

    Raises:
        UsageError: the model translates between several languages, and nobody said which are meant.
    """
    said = getattr(options, "prefix", None)
    if said is not None:
        return str(said)
    known = {name: prefix for name, prefix in _known(config).items() if _is_meant(name, kind)}
    if len(known) > 1:
        first = min(known).split("_")
        raise UsageError(
            f"the model has several prefixes: {', '.join(sorted(known))}",
            hint=f"--source-language {first[1]} --target-language {first[-1]}",
        )
    return next(iter(known.values()), "")


def keep_prefix(config: Any, kind: str, options: Any) -> None:
    """Have a model's configuration remember the prefix that it is trained with, if it was said."""
    said = getattr(options, "prefix", None)
    if said is not None:
        others = {name: of for name, of in _parameters(config).items() if not _is_meant(name, kind)}
        config.task_specific_params = {**others, kind: {**_parameters(config).get(kind, {}), "prefix": said}}


def _known(config: Any) -> dict[str, str]:
    parameters = _parameters(config).items()
    return {name: of["prefix"] for name, of in parameters if isinstance(of, dict) and "prefix" in of}


def _parameters(config: Any) -> dict[str, Any]:
    found = getattr(config, "task_specific_params", None)
    return dict(found) if isinstance(found, dict) else {}


def _is_meant(name: str, kind: str) -> bool:
    return name == kind or (kind == "translation" and name.startswith("translation_"))
