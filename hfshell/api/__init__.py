"""All that a plugin may import. Light: no torch, no transformers, no rich."""

from hfshell.api.cancel import CancelToken
from hfshell.api.context import Context, Engine, Row, TaskData
from hfshell.api.events import Event, Note, Progress
from hfshell.api.guards import Guard
from hfshell.api.hooks import hookimpl
from hfshell.api.models import LoadedModel, ModelFolder
from hfshell.api.options import argument, option
from hfshell.api.results import FinetuneOutcome, LabelScore, Metric, Result
from hfshell.api.roles import Role
from hfshell.api.specs import API_VERSION, CommandSpec, ModelSourceSpec, TaskSpec, Verb
from hfshell.api.task import HeadTask, Task

__all__ = [
    "API_VERSION",
    "CancelToken",
    "CommandSpec",
    "Context",
    "Engine",
    "Event",
    "FinetuneOutcome",
    "Guard",
    "HeadTask",
    "LabelScore",
    "LoadedModel",
    "Metric",
    "ModelFolder",
    "ModelSourceSpec",
    "Note",
    "Progress",
    "Result",
    "Role",
    "Row",
    "Task",
    "TaskData",
    "TaskSpec",
    "Verb",
    "argument",
    "hookimpl",
    "option",
]
