"""Whatever a user or an author may name is on a page."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import hfshell.api
import hfshell.testing
from hfshell.api.guards import REFUSING
from hfshell.api.hooks import DECLARING, OBSERVING, HookSpecs
from hfshell.api.options import option_fields
from hfshell.commands.table import BUILT_IN, CommandTable
from hfshell.plugin_host import PluginHost
from hfshell.settings import DECLARATIONS
from hfshell.shell.arguments import _parser
from hfshell.testing import CHECKS
from tests.docs.attributes import attributes
from tests.docs.made_of_testing import fixture_names
from tests.docs.pages import PLUGIN_PAGES, ROOT, headings, words_in_code
from tests.faults.misbehaviour import MISBEHAVIOUR
from tests.faults.test_plugins_when_asked import RETURNS

DOCS = ROOT / "docs"
IN_PLUGIN_PAGES = set().union(*(words_in_code(page) for page in PLUGIN_PAGES))
PUBLIC_CLASSES = [
    value
    for name in hfshell.api.__all__
    if isinstance(value := getattr(hfshell.api, name), type) and not issubclass(value, Exception)
]
SOURCES = [path for folder in ("hfshell", "plugins") for path in (ROOT / folder).rglob("*.py")]


def test_hooks_are_headings_with_their_signatures() -> None:
    """Each hook has a heading that is its signature, and no heading is of a hook that is gone."""
    specified = {signature(getattr(HookSpecs, name)) for name in (*DECLARING, *OBSERVING)}
    page = {heading.text for heading in headings(DOCS / "plugins" / "hooks.md")}
    assert {text for text in page if text.startswith("hfshell_")} == specified


def test_hooks_that_are_listed_are_those_that_are_specified() -> None:
    """A new hook is either declaring or observing, and so is documented."""
    names = {name for name in vars(HookSpecs) if name.startswith("hfshell_")}
    assert names == {*DECLARING, *OBSERVING}


@pytest.mark.parametrize("name", hfshell.api.__all__)
def test_name_of_the_api_is_on_a_page(name: str) -> None:
    """An author finds each public name."""
    assert name in IN_PLUGIN_PAGES


@pytest.mark.parametrize("kind", PUBLIC_CLASSES, ids=lambda kind: kind.__name__)
def test_class_of_the_api_is_explained(kind: type) -> None:
    """Each class has its table of fields, or list of methods, and each field a meaning."""
    text = "".join(page.read_text(encoding="utf-8") for page in PLUGIN_PAGES)
    assert re.search(rf"<!-- made: (fields|methods) {kind.__name__} -->", text)
    fields = [field.name for field in dataclasses.fields(kind)] if dataclasses.is_dataclass(kind) else []
    assert [name for name in fields if name not in attributes(kind)] == []


@pytest.mark.parametrize("name", [*hfshell.testing.__all__, *fixture_names()])
def test_name_of_the_kit_is_on_its_page(name: str) -> None:
    """An author finds each fixture, and each name of the kit."""
    assert name in words_in_code(DOCS / "plugins" / "testing.md")


@pytest.mark.parametrize("name", [check.name for check in CHECKS])
def test_check_is_on_its_page(name: str) -> None:
    """An author can look up why a check is there."""
    assert f"| `{name}` |" in (DOCS / "plugins" / "testing.md").read_text(encoding="utf-8")


def test_optional_methods_of_a_task_are_on_the_page() -> None:
    """What the session looks for in a task by its name, an author can find."""
    source = (ROOT / "hfshell" / "session" / "chosen.py").read_text(encoding="utf-8")
    names = set(re.findall(r'_optional\("(\w+)"\)', source))
    assert names
    assert names <= words_in_code(DOCS / "plugins" / "reference.md")
    assert names <= set(re.findall(r"`(\w+)\(", hfshell.api.Task.__doc__ or ""))


@pytest.mark.parametrize("name", BUILT_IN)
def test_command_is_on_its_page_with_all_options(name: str) -> None:
    """`docs/commands.md` has every command, and every word that it takes."""
    spec = CommandTable(PluginHost(third_party=False)).get(name)
    page = DOCS / "commands.md"
    assert name in {heading.text for heading in headings(page)}
    flags = {field.flag for field in option_fields(spec.options)}
    words = words_in_code(page)
    assert {flag for flag in flags if not any(flag.lstrip("-") in word for word in words)} == set()


@pytest.mark.parametrize("name", DECLARATIONS)
def test_setting_is_on_its_page(name: str) -> None:
    """`docs/settings.md` has every setting."""
    assert f"| `{name}` |" in (DOCS / "settings.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("flag", [flag for action in _parser()._actions for flag in action.option_strings])
def test_option_of_the_program_is_on_its_page(flag: str) -> None:
    """`docs/settings.md` has every option of `hfshell` itself."""
    assert flag in {word.partition(" ")[0] for word in words_in_code(DOCS / "settings.md")}


def test_variables_of_the_environment_are_on_their_page() -> None:
    """`docs/settings.md` has every variable that is read or set."""
    found = {name for path in SOURCES for name in variables(path)}
    assert {"HFSHELL_HOME", "HFSHELL_PLUGIN_SECONDS", "HF_HUB_OFFLINE", "OMP_WAIT_POLICY"} <= found
    assert found - words_in_code(DOCS / "settings.md") == set()


def test_guards_are_on_the_page() -> None:
    """Each name that `--allow` may be given is explained."""
    found = {name for path in SOURCES for name in guards(path)}
    assert {"labels", "leakage", "fresh-head"} <= found
    assert found - words_in_code(DOCS / "plugins" / "reference.md") == set()


def test_guards_that_refuse_can_be_completed() -> None:
    """What Tab offers behind `--allow` are the guards that it lets pass, no more and no less."""
    assert {name for path in SOURCES for name in guards(path, saying="refuse")} == set(REFUSING)


@pytest.mark.parametrize("kind", [*MISBEHAVIOUR, *RETURNS])
def test_misbehaviour_is_on_the_page(kind: str) -> None:
    """What is contained is promised, row for row."""
    rows = (DOCS / "plugins" / "isolation.md").read_text(encoding="utf-8").splitlines()
    assert any(kind in row.split("|")[1] for row in rows if row.startswith("| "))


def signature(hook: object) -> str:
    """Return a hook's signature as its heading has it."""
    found = inspect.signature(hook)  # type: ignore[arg-type] # a function of the specification
    parameters = [parameter for name, parameter in found.parameters.items() if name != "self"]
    return hook.__name__ + str(found.replace(parameters=parameters)).replace("'", "")  # type: ignore[attr-defined] # a function


def variables(path: Path) -> Iterator[str]:
    """Yield the variables of the environment that a source names."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(
                func=ast.Attribute(value=value, attr="get"), args=[ast.Constant(value=str(name)), *_]
            ):
                if "environ" in ast.unparse(value):
                    yield name
            case ast.Subscript(value=value, slice=ast.Constant(value=str(name))):
                if "environ" in ast.unparse(value):
                    yield name
            case ast.Assign(targets=[ast.Name(id=target)], value=ast.Constant(value=str(name))):
                if target.endswith("_VARIABLE"):
                    yield name
            case ast.Assign(targets=[ast.Name(id="_ENVIRONMENT")], value=ast.Dict(keys=keys)):
                yield from (str(key.value) for key in keys if isinstance(key, ast.Constant))


def guards(path: Path, saying: str = "") -> Iterator[str]:
    """Yield the guards that a source lets speak, all or those of a severity."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id="Guard" | "Refused"), args=[ast.Constant(value=str(name)), *rest]):
                if not saying or (rest and f"'{saying}'" in ast.unparse(rest[0])):
                    yield name
