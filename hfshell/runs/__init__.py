"""The run directory: what was asked, what happened, what came out."""

from hfshell.runs.request import RunRequestRecord, request_fingerprint
from hfshell.runs.run import Run, RunStatus
from hfshell.runs.store import RunStore

__all__ = ["Run", "RunRequestRecord", "RunStatus", "RunStore", "request_fingerprint"]
