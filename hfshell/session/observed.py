"""A run as plugins that listen hear of it: its beginning, what it emits on the way, its end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from hfshell.api.observations import RunFinished, RunInfo, RunStarted
from hfshell.api.results import EvaluationResult, FinetuneResult, result_from_dict

if TYPE_CHECKING:
    from hfshell.runs import Run
    from hfshell.session.context import CommandContext


@contextmanager
def observed(info: RunInfo, run: Run, options: Any, context: CommandContext) -> Iterator[None]:
    """Let plugins hear of a run, and of what its command emits while it goes on.

    Args:
        info: the run, as they are told of it.
        run: the run.
        options: the command's options.
        context: the command's surroundings.
    """
    tell = context.session.plugins.run_event
    tell(info, RunStarted(asdict(options), resumed=context.resume))
    context.observed = info
    try:
        yield
    except BaseException as error:
        said = str(error) or type(error).__name__
        tell(info, RunFinished(error=said.splitlines()[0]))
        raise
    finally:
        context.observed = None
    tell(info, RunFinished(result=_result(run)))


def _result(run: Run) -> FinetuneResult | EvaluationResult | None:
    result = result_from_dict(run.result) if run.result else None
    return result if isinstance(result, (FinetuneResult, EvaluationResult)) else None
