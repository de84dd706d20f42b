"""Results on the screen: which renderer shows which type, and the one place where they are made safe."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rich.console import Group

from hfshell.api import results
from hfshell.render.augmented import render_augmented
from hfshell.render.data import render_data
from hfshell.render.error import render_error
from hfshell.render.evaluation import render_evaluation
from hfshell.render.finetune import render_finetune
from hfshell.render.guards import render_guard
from hfshell.render.help import render_overview, render_page
from hfshell.render.layout import Block
from hfshell.render.look import Look
from hfshell.render.messages import (
    render_expectation,
    render_history,
    render_kernel,
    render_message,
    render_saved,
    render_unloaded,
    render_value,
)
from hfshell.render.model import render_model, render_models
from hfshell.render.plugin_check import render_plugin_check
from hfshell.render.plugins import render_plugins
from hfshell.render.prediction import render_predictions
from hfshell.render.reply import render_reply, render_sub_prompt
from hfshell.render.safe_text import made_safe
from hfshell.render.sample import render_sample
from hfshell.render.sessions import render_session, render_sessions, render_undone
from hfshell.render.settings import render_aliases, render_setting, render_settings
from hfshell.render.structure import render_structure
from hfshell.render.view import render_view

if TYPE_CHECKING:
    from rich.console import RenderableType

    from hfshell.api.view import View
    from hfshell.errors import HfshellError
    from hfshell.render.console import SafeConsole

_RENDERERS: dict[type[results.Result], Callable[[Any, Look], RenderableType]] = {
    results.Message: render_message,
    results.Value: render_value,
    results.Expectation: render_expectation,
    results.ModelSummary: render_model,
    results.ModelTable: render_models,
    results.DataSummary: render_data,
    results.DataSample: render_sample,
    results.AugmentedData: render_augmented,
    results.FinetuneResult: render_finetune,
    results.EvaluationResult: render_evaluation,
    results.PredictionResult: render_predictions,
    results.ChatReply: render_reply,
    results.SubPrompt: render_sub_prompt,
    results.Saved: render_saved,
    results.Unloaded: render_unloaded,
    results.HelpOverview: render_overview,
    results.HelpPage: render_page,
    results.PluginTable: render_plugins,
    results.PluginCheck: render_plugin_check,
    results.HistoryTable: render_history,
    results.SettingTable: render_settings,
    results.SettingShown: render_setting,
    results.AliasTable: render_aliases,
    results.SessionTable: render_sessions,
    results.SessionChanged: render_session,
    results.Undone: render_undone,
    results.KernelStatus: render_kernel,
}


def render(
    result: results.Result, *, width: int, plain: bool = False, view: View | None = None
) -> RenderableType:
    """Return a result as it is shown, with the guards that spoke below it.

    Args:
        result: any result; of a type unknown here it is shown as names and values. Its strings are untrusted.
        width: of the screen, in cells.
        plain: in words and ASCII alone, see `Look`.
        view: stands in the place of what the result usually looks like. Its strings are untrusted.
    """
    look = Look(width, plain)
    safe = made_safe(result)
    body = _usual(safe, look) if view is None else render_view(made_safe(view), look)
    return Block(Group(body, *(render_guard(guard, look) for guard in safe.guards)))


def _usual(result: results.Result, look: Look) -> RenderableType:
    renderer = _RENDERERS.get(type(result))
    return renderer(result, look) if renderer else _unknown(result, look)


def _unknown(result: results.Result, look: Look) -> RenderableType:
    fields = {name: value for name, value in result.to_dict().items() if name not in ("schema", "guards")}
    return render_structure(fields, look)


def show(console: SafeConsole, result: results.Result, view: View | None = None) -> None:
    """Print a result, as its view where there is one.

    A message's lines are left for the terminal to wrap, so that they can be copied whole. Where nobody looks
    at a screen, a message is printed without margin: `echo` writes what it was given.
    """
    if isinstance(result, results.Message) and not result.guards and view is None:
        margin = "" if console.plain else "  "
        for line in made_safe(result).lines:
            console.print(margin + line, soft_wrap=True)
        return
    if isinstance(result, results.ChatReply) and not result.guards and console.plain:
        console.print(made_safe(result).text, soft_wrap=True)
        return
    console.print(render(result, width=console.width, plain=console.plain, view=view))


def show_error(console: SafeConsole, error: HfshellError, *, ignored: bool = False) -> None:
    """Print an error."""
    console.print(render_error(error, width=console.width, plain=console.plain, ignored=ignored))
