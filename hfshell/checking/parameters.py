"""The `param` lines of a script, held against what it is given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from hfshell.checking.diagnostics import Diagnostic
from hfshell.checking.names import check_references
from hfshell.checking.symbols import Symbol
from hfshell.errors import Place
from hfshell.language import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection

    from hfshell.checking.scene import Scene
    from hfshell.language import Parameter, Script

Values = Mapping[str, str | None]
"""Values by parameter; None for one that is given, but that only the run knows."""


def check_parameters(
    script: Script,
    given: Values,
    scene: Scene,
    *,
    places: Mapping[str, Place],
    blamed: Place | None,
    all_given: bool,
) -> Iterator[Diagnostic]:
    """Hold a script's header against what is given, and bind its names.

    Args:
        script: the script.
        given: values by parameter.
        scene: what is known; changed.
        places: where each is given.
        blamed: where a parameter that is not given is missed; the `param` line itself without it.
        all_given: whether what is not in `given` is not given; else it may be.
    """
    declared = [parameter.name.text for parameter in script.parameters]
    for name in given:
        if name not in declared:
            yield _no_parameter(name, places.get(name, Place(script.source.file)), declared)
    for parameter in script.parameters:
        yield from _parameter(parameter, given, scene, blamed, all_given=all_given)


def _parameter(
    parameter: Parameter, given: Values, scene: Scene, blamed: Place | None, *, all_given: bool
) -> Iterator[Diagnostic]:
    name = parameter.name.text
    text: str | None = None
    if parameter.default:
        yield from check_references(parameter.default, parameter.source, scene)
        text = scene.symbols.text_of(parameter.default) if all_given else None
    elif all_given and name not in given:
        place = blamed or parameter.source.place(parameter)
        message = f"param {name} is not given and has no default"
        yield Diagnostic("missing-param", message, place, f"give it: {name}=…")
    number = parameter.source.line_number(parameter.start)
    scene.symbols.bind(name, Symbol("value", number, text=given.get(name, text)))


def _no_parameter(name: str, place: Place, declared: Collection[str]) -> Diagnostic:
    listed = f"it has {', '.join(declared)}" if declared else "the script has no param line"
    return Diagnostic(
        "unknown-param", f"there is no param {name}", place, did_you_mean(name, declared) or listed
    )
