"""The pages themselves: made parts are current, links lead somewhere, code is code."""

from __future__ import annotations

import ast
import sys
import types
import warnings
from pathlib import Path

import pytest

import hfshell.api
import hfshell.testing
from hfshell.language import parse_script
from hfshell.plugin_host.gathering import gather_from
from tests.docs.pages import PAGES, PLUGIN_PAGES, Block, blocks, headings, links, name_of
from tests.docs.regions import renewed

LONGEST_LINE = 110
PUBLIC = {"hfshell.api": hfshell.api, "hfshell.testing": hfshell.testing}
PYTHON = [block for page in PAGES for block in blocks(page) if block.language == "python"]
SCRIPTS = [block for page in PAGES for block in blocks(page) if (block.file or "").endswith(".hfsh")]
PLUGINS = [block for block in PYTHON if "@hookimpl" in block.text and "def test_" not in block.text]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_made_parts_are_current(page: Path) -> None:
    """What is made from declarations says what they say; `python -m tests.docs.regions` writes it anew."""
    text = page.read_text(encoding="utf-8")
    assert text == renewed(text)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    """A link within the repository names a file that is there, and a heading that is in it."""
    for link in links(page):
        if "://" in link or link.startswith("mailto:"):
            continue
        target, _, anchor = link.partition("#")
        file = (page.parent / target).resolve() if target else page
        assert file.exists(), link
        if anchor:
            assert anchor in {heading.anchor for heading in headings(file)}, link


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_lines_fit(page: Path) -> None:
    """Lines are as short as those of the sources; a row of a table cannot be broken."""
    lines = page.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if len(line) > LONGEST_LINE and not line.startswith("|")] == []


@pytest.mark.parametrize("page", PLUGIN_PAGES, ids=name_of)
def test_blocks_say_what_they_are(page: Path) -> None:
    """A block without a language is checked by nobody."""
    known = {"python", "toml", "text", "sh"}
    assert [str(block) for block in blocks(page) if block.language not in known] == []


@pytest.mark.parametrize("block", PYTHON, ids=str)
def test_python_compiles_and_imports_what_is_there(block: Block) -> None:
    """Code in the pages is Python, and takes from hfshell only what is public."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tree = ast.parse(block.text)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "hfshell":
            names = [alias.name for alias in node.names]
            if node.module == "hfshell":
                assert names == ["Session"]
                continue
            assert set(names) <= set(PUBLIC[str(node.module)].__all__)


@pytest.mark.parametrize("block", PLUGINS, ids=str)
def test_declarations_are_in_the_contract(block: Block, monkeypatch: pytest.MonkeyPatch) -> None:
    """A light module in the pages would be taken as it stands."""
    plugin = types.ModuleType("module_of_a_page")
    monkeypatch.setitem(sys.modules, plugin.__name__, plugin)
    exec(compile(block.text, str(block), "exec"), vars(plugin))
    found = gather_from(plugin, "page")
    assert found.specs or found.observes


@pytest.mark.parametrize("block", SCRIPTS, ids=str)
def test_scripts_are_in_the_language(block: Block) -> None:
    """A script in the pages can be read."""
    assert parse_script(block.text, str(block)).lines
