"""Data sets of the Hub, by id, through `datasets`, and without waiting for a dead network."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from hfshell.api.events import Note
from hfshell.api.results import Finding
from hfshell.data.columnar import table_of
from hfshell.data.fingerprint import content_digest
from hfshell.data.folder import split_named
from hfshell.data.reading import FileRead, Reading
from hfshell.data.waiting import wait_for
from hfshell.data.wording import names_of, rows_of
from hfshell.errors import DataError, Interrupted, Place

PROBE_SECONDS = 10.0
"""How long the Hub may take to say that a data set is there. Left alone, a dead network costs six minutes."""
_REASON_SHOWN = 300
_ID = re.compile(r"(?:hub:)?(?P<repository>[\w.-]+/[\w.-]+)(?::(?P<configuration>[\w.+-]+))?", re.ASCII)


@dataclass(frozen=True)
class HubId:
    """A data set of the Hub, `org/name` or `org/name:configuration`."""

    repository: str
    configuration: str | None = None

    def __str__(self) -> str:
        return self.repository + (f":{self.configuration}" if self.configuration else "")

    @classmethod
    def parse(cls, text: str) -> HubId | None:
        """Return the id that a text is; None when it is none."""
        found = _ID.fullmatch(text)
        return cls(found["repository"], found["configuration"]) if found else None


def read_hub(dataset: HubId, reading: Reading) -> dict[str | None, FileRead]:
    """Read a data set of the Hub, from the cache when the Hub cannot be reached.

    Args:
        dataset: its id.
        reading: the token in it interrupts within a second.

    Returns:
        Its splits by name; under None the only one of a data set whose split has another name.

    Raises:
        DataError: there is no such data set, or it is neither cached nor reachable.
        Interrupted: the user asked to stop.
    """
    splits, findings = _load(dataset, reading)
    named = {split_named(name): name for name in splits}
    if len(splits) > 1:
        named.pop(None, None)
    if not named:
        raise DataError(
            f"its splits are {names_of(splits)}: none is train or test", place=Place(str(dataset))
        )
    unread = [f"{name} ({rows_of(len(splits[name]))})" for name in splits if name not in named.values()]
    if unread:
        findings.append(Finding("not-read", "info", f"not read: {names_of(unread)}"))
    parts = {split: _part(dataset, name, splits[name], reading) for split, name in named.items()}
    first = next(iter(parts))
    parts[first] = replace(parts[first], findings=tuple(findings))
    return parts


def _load(dataset: HubId, reading: Reading) -> tuple[dict[str, Any], list[Finding]]:
    """Return the splits as `datasets` gives them, and what to say about it."""
    from huggingface_hub import constants, errors

    place = Place(str(dataset))
    if constants.is_offline_mode():
        hint = "HF_HUB_OFFLINE is set: unset it, or give a file"
        return _cached(
            dataset, reading, f"no file {dataset} is here, it is not cached, and the Hub is offline", hint
        ), []
    try:
        revision = wait_for(lambda: _revision(dataset), reading.cancelled, seconds=PROBE_SECONDS)
    except Interrupted:
        raise
    except (errors.RepositoryNotFoundError, errors.HFValidationError):
        message = f"no file {dataset} is here, and the Hub has no data set of this name"
        raise DataError(message, place=place, hint="a private one? `hf auth login` first") from None
    except Exception:  # noqa: BLE001 - a dead network has many names, and the cache may serve
        hint = "no network? try again, or give a file"
        splits = _cached(
            dataset,
            reading,
            f"no file {dataset} is here, it is not cached, and the Hub does not answer",
            hint,
        )
        return splits, [
            Finding("cache", "warn", f"the Hub does not answer: {dataset} is read from the cache")
        ]
    if reading.emit is not None:
        reading.emit(Note(f"reading {dataset} from the Hub, revision {revision[:8]}"))
    return _downloaded(dataset, revision, reading), []


def _revision(dataset: HubId) -> str:
    """Ask the Hub for the commit that the data set is at, so that all of it is read at that one."""
    from huggingface_hub import HfApi

    return str(HfApi().repo_info(dataset.repository, repo_type="dataset", timeout=PROBE_SECONDS).sha)


def _downloaded(dataset: HubId, revision: str, reading: Reading) -> dict[str, Any]:
    def download() -> Any:
        return _quiet_library().load_dataset(dataset.repository, dataset.configuration, revision=revision)

    try:
        return dict(wait_for(download, reading.cancelled))
    except Interrupted:
        raise
    except Exception as error:  # noqa: BLE001 - `datasets` raises whatever its parts raise
        reason = " ".join(str(error.__cause__ or error).split())[:_REASON_SHOWN] or type(error).__name__
        hint = None
        if isinstance(error, ValueError):
            hint = f"one configuration of it is `data {dataset.repository}:NAME`"
        raise DataError(
            f"`datasets` cannot read it: {reason}", place=Place(str(dataset)), hint=hint
        ) from None


def _cached(dataset: HubId, reading: Reading, message: str, hint: str) -> dict[str, Any]:
    """Return what an earlier reading left in the cache of `datasets`; nothing here touches the network.

    Raises:
        DataError: nothing is there; with the message and hint given.
    """

    def find() -> Any:
        _quiet_library()
        from datasets.packaged_modules.cache.cache import Cache

        name = dataset.repository.rpartition("/")[2]
        return Cache(
            dataset_name=name,
            repo_id=dataset.repository,
            config_name=dataset.configuration,
            version="auto",
            hash="auto",
        ).as_dataset()

    try:
        return dict(wait_for(find, reading.cancelled))
    except ValueError as error:
        if "multiple" in str(error):
            hint = f"several configurations are cached: `data {dataset.repository}:NAME`"
        raise DataError(message, place=Place(str(dataset)), hint=hint) from None


def _quiet_library() -> Any:
    """Import `datasets`, which takes a second, and keep it from writing to the terminal."""
    import datasets

    datasets.disable_progress_bars()
    datasets.logging.set_verbosity_error()
    return datasets


def _part(dataset: HubId, name: str, split: Any, reading: Reading) -> FileRead:
    reading.cancelled.raise_if_set()
    features = {column: getattr(feature, "feature", feature) for column, feature in split.features.items()}
    classes = {
        column: tuple(feature.names) for column, feature in features.items() if hasattr(feature, "names")
    }
    shown = f"{dataset}[{name}]"
    values = split.with_format("arrow")[:]
    if not len(values):
        raise DataError("no rows: the split is empty", place=Place(shown))
    table = table_of(values, shown, classes)
    reading.advance(len(table))
    return FileRead(table, content_digest(table.values))
