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
from hfshell.errors import DataError, HfshellError, ModelError, Refused, UsageError

__all__ = [
    "API_VERSION",
    "CancelToken",
    "CommandSpec",
    "Context",
    "DataError",
    "Engine",
    "Event",
    "FinetuneOutcome",
    "Guard",
    "HeadTask",
    "HfshellError",
    "LabelScore",
    "LoadedModel",
    "Metric",
    "ModelError",
    "ModelFolder",
    "ModelSourceSpec",
    "Note",
    "Progress",
    "Refused",
    "Result",
    "Role",
    "Row",
    "Task",
    "TaskData",
    "TaskSpec",
    "UsageError",
    "Verb",
    "argument",
    "hookimpl",
    "option",
]
