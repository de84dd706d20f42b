"""Labels of model and data are matched by name, never by position."""

from __future__ import annotations

import difflib
import re
import shlex
import unicodedata
from types import MappingProxyType
from typing import TYPE_CHECKING

from hfshell.errors import Refused, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

GUARD = "labels"
_SHOWN = 3
_NO_MAP: Mapping[str, str] = MappingProxyType({})


def match_labels(
    model_labels: Sequence[str],
    data_labels: Sequence[str],
    label_map: Mapping[str, str] = _NO_MAP,
    *,
    allowed: bool = False,
) -> dict[str, str]:
    """Return the model's name for each of the data's labels.

    Names match when they are equal, or equal but for case, spaces, underscores and hyphens. The data need not
    have all labels that the model knows.

    Args:
        model_labels: in the model's order; empty when it names none.
        data_labels: in the data's order.
        label_map: the user's word on some or all of them, data label → model label; it goes before names.
        allowed: keep the name of a label that the model does not know, so that its rows count as wrong.

    Raises:
        Refused: the model does not know a label of the data (`labels`), and that was not allowed.
        UsageError: the map names a label that is not there.
    """
    _check_map(label_map, model_labels, data_labels)
    matched = {label: label_map.get(label) or _by_name(label, model_labels) for label in data_labels}
    unknown = [label for label, found in matched.items() if found is None]
    if unknown and not allowed:
        raise _disagreement(model_labels, data_labels, unknown, matched)
    return {label: found or label for label, found in matched.items()}


def parse_label_map(text: str) -> dict[str, str]:
    r"""Read `--label-map 0=billing,1=refunds`; `\,` and `\=` stand for themselves.

    Raises:
        UsageError: a part is not DATA=MODEL, or a label is mapped twice.
    """
    pairs: dict[str, str] = {}
    for part in _split(text, ","):
        sides = [_unescaped(side).strip() for side in _split(part, "=")]
        if len(sides) != 2 or not all(sides):
            raise UsageError(
                f"--label-map takes DATA=MODEL,DATA=MODEL,…, not {part.strip() or 'an empty part'}",
                hint=r"a comma or = inside a label is written \, or \=",
            )
        data_label, model_label = sides
        if data_label in pairs:
            raise UsageError(f"--label-map maps {data_label} twice")
        pairs[data_label] = model_label
    return pairs


def label_map_text(pairs: Sequence[tuple[str, str]]) -> str:
    """Write pairs of data label and model label as one word that `--label-map` takes."""
    return shlex.quote(",".join(f"{_escaped(one)}={_escaped(other)}" for one, other in pairs))


def _split(text: str, separator: str) -> list[str]:
    return re.split(rf"(?<!\\){separator}", text)


def _unescaped(text: str) -> str:
    return re.sub(r"\\([,=])", r"\1", text)


def _normalised(name: str) -> str:
    return re.sub(r"[\s_\-]+", "", unicodedata.normalize("NFKC", name).casefold())


def _by_name(label: str, model_labels: Sequence[str]) -> str | None:
    """Find the one label of the model with this name; an exact one goes before a similar one."""
    if label in model_labels:
        return label
    similar = [name for name in model_labels if _normalised(name) == _normalised(label)]
    return similar[0] if len(similar) == 1 else None


def _check_map(label_map: Mapping[str, str], model_labels: Sequence[str], data_labels: Sequence[str]) -> None:
    for data_label, model_label in label_map.items():
        if data_label not in data_labels:
            raise _no_label(data_label, "data has", data_labels)
        if model_label not in model_labels:
            raise _no_label(model_label, "model knows", model_labels)


def _no_label(label: str, owner: str, labels: Sequence[str]) -> UsageError:
    near = difflib.get_close_matches(label, labels, n=1)
    hint = f"did you mean {near[0]}?" if near else f"the {owner} {_braced(labels)}"
    return UsageError(f"--label-map names {label}, which is no label that the {owner}", hint=hint)


def _disagreement(
    model_labels: Sequence[str],
    data_labels: Sequence[str],
    unknown: Sequence[str],
    matched: Mapping[str, str | None],
) -> Refused:
    if not model_labels:
        message = f"the model names no labels, the data says {_braced(data_labels)}"
        return Refused(GUARD, message, hint="fine-tune it on labelled data first")
    free = [label for label in model_labels if label not in matched.values()]
    if len(unknown) == len(data_labels):
        message = f"the model knows {_braced(model_labels)}, the data says {_braced(data_labels)}"
    else:
        message = f"the model does not know {_braced(unknown)} of the data, it knows {_braced(model_labels)}"
    return Refused(GUARD, message, hint=f"map them with {_example(unknown, free)}   or   --allow {GUARD}")


def _example(unknown: Sequence[str], free: Sequence[str]) -> str:
    pairs = list(zip(unknown, free, strict=False))[:2]
    if not pairs:
        return "--label-map DATA=MODEL,…"
    return f"--label-map {label_map_text(pairs)}{',…' if len(unknown) > len(pairs) else ''}"


def _escaped(label: str) -> str:
    return re.sub(r"([,=])", r"\\\1", label)


def _braced(labels: Sequence[str]) -> str:
    return "{" + ", ".join(labels[:_SHOWN]) + (", …" if len(labels) > _SHOWN else "") + "}"
