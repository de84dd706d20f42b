"""A plugin that cannot be used: what is wrong, where in its author's files, and what to do."""

from __future__ import annotations

import pytest

from hfshell.plugin_host import PluginHost
from hfshell.plugin_host.isolation import Failure

HOOK = "from hfshell.api import *\n\n@hookimpl\ndef hfshell_tasks():\n    "


def failure(install, source: str) -> Failure:
    """Why a plugin failed."""
    install("mood", source)
    found = PluginHost().failure("mood")
    assert found is not None
    return found


def test_a_refusal_names_the_authors_line_and_none_of_ours(install) -> None:
    """Frames of hfshell itself help nobody who returned the wrong thing."""
    found = failure(install, HOOK + "return {}")
    assert found.summary == "hfshell_tasks returned a dict (plugin_hfshell_mood_mood.py:3)"
    assert found.hint == "return a list: [TaskSpec(…)]"
    assert found.traceback == f'File "{install.folder}/plugin_hfshell_mood_mood.py", line 3'


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (HOOK + "return [TaskSpek()]", "'TaskSpek' is not defined"),
        ("\n\n\n\nraise ValueError(3)", "ValueError: 3"),
        ("\n\n\n\nimport json; json.loads('')", "JSONDecodeError"),
    ],
)
def test_an_error_says_the_line_in_short(install, source: str, said: str) -> None:
    """Where it happened stands in the line that everybody sees, and is the author's, not a library's."""
    found = failure(install, source)
    assert said in found.summary
    assert found.summary.endswith("(plugin_hfshell_mood_mood.py:5)")
    assert "Traceback" in found.traceback


def test_a_misspelt_hook_is_met_with_the_right_one(install) -> None:
    """The notice that everybody sees has the remedy."""
    install("mood", HOOK.replace("hfshell_tasks", "hfshell_taskz") + "return []")
    host = PluginHost()
    host.tasks()
    (notice,) = host.notices()
    assert "there is no hook hfshell_taskz (plugin_hfshell_mood_mood.py:3) · did you mean" in notice
    assert "hfshell_tasks?" in notice


def test_a_hook_that_is_not_marked_is_found(install) -> None:
    """A forgotten decorator is what most have done who have no hook."""
    found = failure(install, "def hfshell_metrics():\n    return []")
    assert found.hint == "mark hfshell_metrics with @hookimpl"


def test_a_module_that_was_renamed_wants_another_install(install) -> None:
    """What pip wrote down is the name that it had then."""
    module = install("mood")
    (install.folder / f"{module}.py").rename(install.folder / "plugin_renamed.py")
    found = PluginHost().failure("mood")
    assert found is not None
    assert found.summary == f"its entry point names {module}, and there is no module {module}"
    assert "pip install -e ." in str(found.hint)
    assert found.traceback == ""


def test_a_missing_library_is_no_renamed_module(install) -> None:
    """What the plugin itself imports is another matter."""
    found = failure(install, "import nothing_of_that_name")
    assert "No module named 'nothing_of_that_name'" in found.summary
    assert found.hint is None
