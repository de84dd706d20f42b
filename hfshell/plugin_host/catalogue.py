"""What all plugins give together: by kind and name, with the two that clash and how to choose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from hfshell.api.specs import DataFormatSpec, Spec
from hfshell.errors import PluginError
from hfshell.plugin_host.records import Record

S = TypeVar("S", bound=Spec)


@dataclass(frozen=True)
class Offer:
    """A declaration, and the plugin that gives it."""

    spec: Spec
    record: Record


@dataclass(frozen=True)
class Clash:
    """Several distributions that give the same name, of which none was chosen.

    Attributes:
        what: kind and name, `task ner`.
        name: the name.
        offers: all of them, what is used first, if anything is.
        used: whether the first one is used all the same: it is hfshell's own, or was chosen.
    """

    what: str
    name: str
    offers: tuple[Offer, ...]
    used: bool

    def __str__(self) -> str:
        return f"{self.message()} · {self.hint()}"

    def message(self) -> str:
        """Say it in one line."""
        first, *others = (offer.record.plugin for offer in self.offers)
        rest = " and ".join(f"{plugin.distribution} {plugin.version}" for plugin in others)
        if self.used:
            return (
                f"{self.what} comes from {first.distribution} {first.version}, which is used, and from {rest}"
            )
        return f"{self.what} comes from {first.distribution} {first.version} and from {rest}"

    def hint(self) -> str:
        """Say how to choose."""
        last = self.offers[-1].record.plugin.distribution
        return f"`plugins prefer {self.name} {last}` chooses, for good"

    def error(self) -> PluginError:
        """Return the error for who uses the name."""
        return PluginError(self.message(), hint=self.hint())


@dataclass(frozen=True)
class Catalogue:
    """All declarations of usable plugins.

    Args:
        records: the plugins, hfshell's own first.
        prefer: the user's choice, a distribution by name.
    """

    records: tuple[Record, ...]
    prefer: Mapping[str, str]
    _offers: dict[tuple[type, str], Offer] = field(init=False, repr=False)
    _clashes: dict[tuple[type, str], Clash] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Sort the declarations by kind and name."""
        given: dict[tuple[type, str], list[Offer]] = {}
        for record in self.records:
            for spec in record.declarations.specs:
                for name in _names(spec):
                    given.setdefault((type(spec), name), []).append(Offer(spec, record))
        offers: dict[tuple[type, str], Offer] = {}
        clashes: dict[tuple[type, str], Clash] = {}
        for key, several in given.items():
            ordered, chosen = self._ordered(key[1], several)
            if chosen:
                offers[key] = ordered[0]
            if len({offer.record.plugin.distribution for offer in ordered}) > 1 and not self._named(key[1]):
                clashes[key] = Clash(f"{_word(key[0])} {key[1]}", key[1], tuple(ordered), used=chosen)
        object.__setattr__(self, "_offers", offers)
        object.__setattr__(self, "_clashes", clashes)

    def of(self, kind: type[S]) -> tuple[S, ...]:
        """Return all declarations of a kind, of each name the one that is used."""
        found = (offer.spec for (wanted, _), offer in self._offers.items() if wanted is kind)
        unique = {id(spec): spec for spec in found if isinstance(spec, kind)}
        return tuple(unique.values())

    def find(self, kind: type[S], name: str) -> S | None:
        """Return the declaration of a name; None when nobody gives it.

        Raises:
            PluginError: several distributions give it, and none was chosen.
        """
        clash = self._clashes.get((kind, name))
        if clash is not None and not clash.used:
            raise clash.error()
        offer = self._offers.get((kind, name))
        return offer.spec if offer and isinstance(offer.spec, kind) else None

    def provider(self, spec: Spec) -> Record | None:
        """Return the plugin that gives a declaration."""
        for name in _names(spec):
            offer = self._offers.get((type(spec), name))
            if offer is not None and offer.spec is spec:
                return offer.record
        return next((record for record in self.records if spec in record.declarations.specs), None)

    def clashes(self) -> Iterable[Clash]:
        """Return the names that several distributions give and none was chosen for."""
        return self._clashes.values()

    def _named(self, name: str) -> bool:
        return name in self.prefer

    def _ordered(self, name: str, offers: list[Offer]) -> tuple[list[Offer], bool]:
        """Put the one that is used first, and say whether one is."""
        wanted = self.prefer.get(name)
        first = [offer for offer in offers if offer.record.plugin.distribution == wanted]
        first = first or [offer for offer in offers if offer.record.plugin.built_in]
        distributions = {offer.record.plugin.distribution for offer in offers}
        rest = [offer for offer in offers if offer not in first]
        return [*first, *rest], bool(first) or len(distributions) == 1


def _names(spec: Spec) -> Iterator[str]:
    if isinstance(spec, DataFormatSpec):
        yield from (ending.lower() for ending in spec.endings)
    else:
        yield spec.name


def _word(kind: type) -> str:
    words = {
        "TaskSpec": "the task",
        "CommandSpec": "the command",
        "ModelSourceSpec": "the model source",
        "DataFormatSpec": "the format",
        "MetricSpec": "the metric",
        "RendererSpec": "the screen for",
    }
    return words[kind.__name__]
