"""Messages and events as JSON."""

from __future__ import annotations

import contextlib
import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfshell.api.events import CommandFinished, CommandStarted, Note, Progress, SessionEvent, Written
from hfshell.api.guards import Guard
from hfshell.api.requests import NameInfo, RunRequest
from hfshell.api.results import (
    EvaluationResult,
    KernelStatus,
    LabelReport,
    Message,
    Metric,
    ModelRow,
    ModelTable,
    Result,
    WrongRow,
)
from hfshell.api.view import Bar, Bars, Line, Span, Stack, Table
from hfshell.errors import DataError, HfshellError, KernelDied, Place, Refused, SyntaxFault
from hfshell.kernel.events import (
    ForeignResult,
    event_from_dict,
    event_to_dict,
    read_result,
    without_surrogates,
)
from hfshell.kernel.messages import (
    Cancel,
    Done,
    Hello,
    NamesQuery,
    NamesReply,
    ProtocolError,
    Run,
    RunEvent,
    Shutdown,
    StatusQuery,
    StatusReply,
    Welcome,
    decode,
    encode,
)

STARTED = CommandStarted("eval", "ev", "ev = eval m d", "a.hfsh", 3)
STATUS = KernelStatus(
    state="idle", pid=1, uptime_seconds=1.5, restarts=2, memory_used=3, memory_total=4, device="cpu",
    versions={"torch": "2"},
)  # fmt: skip
EVALUATION = EvaluationResult(
    model="m", data="d", split="test", task="t", run="7f", n=2, labels=("a", "b"), baseline=None,
    metrics=(Metric("accuracy", 0.5, 0.1, 0.9), Metric("f1", None)),
    per_label=(LabelReport("a", None, 1.0, None, 2),), confusion=((1, 0), (1, 0)), wrong=1,
    worst=(WrongRow(2, "x", "b", "a", 0.9),), seconds=0.1, rows_per_second=20.0,
    guards=(Guard("truncation", "warn", "1 row", count=1),),
)  # fmt: skip
VIEW = Stack(
    (
        Line((Span("Ada", "mark", tag="PER"), " wrote.")),
        Table(("n",), ((1,), (None,))),
        Bars((Bar("a", 0.5),)),
    )
)
MODELS = ModelTable(models=(ModelRow("m", "s", None, 1, None, "parked"),), memory_used=1, memory_total=2)

MESSAGES = [
    Hello(),
    Run(7, RunRequest("a = 1\n", "a.hfsh", 3, {"k": "v"}, keep_going=True, folder="/x")),
    Run(8, RunRequest("línea — 日本語 \x00\x1b[31m")),
    Cancel(7, 2),
    StatusQuery(9),
    NamesQuery(10),
    Shutdown(0.8),
    Welcome(123, "0.1.0"),
    RunEvent(7, STARTED),
    RunEvent(7, Progress("finetune", 3, 9, "steps", 1.5, 2.0, 0.3, 3.0, 0.7, 1e-5, {"accuracy": 0.5})),
    RunEvent(7, Note("careful", "warn")),
    RunEvent(7, CommandFinished(STARTED, 1.5, EVALUATION)),
    RunEvent(7, CommandFinished(STARTED, 1.5, MODELS, ignored=True)),
    RunEvent(7, CommandFinished(STARTED, 1.5)),
    RunEvent(7, CommandFinished(STARTED, 1.5, MODELS, view=VIEW)),
    Done(7, 3),
    StatusReply(9, STATUS),
    NamesReply(
        10,
        (
            NameInfo(
                "m",
                "model",
                "Bert",
                ("n",),
                ("1",),
                ("train",),
                ("text",),
                ("a",),
                "t",
                "warm",
                True,
                3,
                4,
                5,
            ),
        ),
    ),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_messages_come_back_equal(message: Run) -> None:
    """Protects every field of every message on its way."""
    assert decode(encode(message)) == message


@pytest.mark.parametrize(
    "error",
    [
        HfshellError("plain"),
        SyntaxFault("no", place=Place("a.hfsh", 1, 2, 3, "x | y"), hint="quote it"),
        DataError("row", place=Place("rows.csv", 7)),
        Refused("labels", "differ", hint="--allow labels"),
        KernelDied("gone"),
    ],
    ids=lambda error: error.code,
)
def test_errors_keep_class_place_and_hint(error: HfshellError) -> None:
    """Protects exit codes, carets and hints of errors that cross."""
    for sent in (Done(1, 2, error), RunEvent(1, CommandFinished(STARTED, 0.5, None, error))):
        back = decode(encode(sent))
        received = back.error if isinstance(back, Done) else back.event.error  # type: ignore[union-attr]
        assert type(received) is type(error)
        assert received.to_dict() == error.to_dict()


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_numbers_that_are_not_finite_become_null(value: float) -> None:
    """Protects the JSON from NaN, which JSON has not."""
    event = Progress("finetune", 1, loss=value, metrics={"accuracy": value})
    body = msgspec.json.decode(encode(RunEvent(1, event)))["event"]
    assert body["loss"] is None
    assert body["metrics"] == {"accuracy": None}
    back = event_from_dict(body)
    assert isinstance(back, Progress)
    assert back.loss is None
    assert math.isnan(back.metrics["accuracy"])


def test_a_result_of_an_unknown_kind_is_kept_with_its_guards() -> None:
    """Protects the results of plugins that the shell process never imports."""
    guard = {"name": "truncation", "severity": "warn", "message": "1 row", "hint": None, "count": 1}
    data = {"schema": 1, "kind": "never-registered", "tags": ["PER"], "guards": [guard]}
    body = {**event_to_dict(CommandFinished(STARTED, 0.5)), "result": data}
    back = event_from_dict(body)
    assert isinstance(back, CommandFinished)
    assert isinstance(back.result, ForeignResult)
    assert back.result.guards == (Guard("truncation", "warn", "1 row", count=1),)
    assert back.result.to_dict() == data


def test_guards_that_are_none_cost_no_result() -> None:
    """Protects a foreign result whose guards are something else."""
    back = read_result({"kind": "never-registered", "guards": 7})
    assert back.guards == ()
    assert back.to_dict()["guards"] == 7


def test_an_event_of_before_views_is_read() -> None:
    """Protects a shell whose kernel says nothing of views."""
    body = event_to_dict(CommandFinished(STARTED, 0.5, MODELS))
    del body["view"]
    assert event_from_dict(body) == CommandFinished(STARTED, 0.5, MODELS)


def test_a_result_that_does_not_fit_its_type_is_not_lost() -> None:
    """Protects a finished command from a field of another version."""
    data = {**MODELS.to_dict(), "memory_used": "much"}
    back = event_from_dict({**event_to_dict(CommandFinished(STARTED, 0.5)), "result": data})
    assert isinstance(back, CommandFinished)
    assert isinstance(back.result, ForeignResult)
    assert back.result.to_dict() == data


@pytest.mark.parametrize(
    "frame",
    [
        b"", b"{", b"[]", b"3", b"null", b"{}", b'{"type": "nothing"}', b'{"type": []}', b'{"type": "run"}',
        b'{"type": "run", "id": 1, "request": {"text": 3}}', b'{"type": "cancel", "id": "1", "level": 1}',
        b'{"type": "event", "id": 1, "event": {"type": "later"}}', b'{"type": "event", "id": 1, "event": 7}',
        b'{"type": "done", "id": 1, "exit_code": 0, "error": 7}', b"\xff\xfe", b"[" * 100_000,
        b'{"type": "status", "id": 1, "status": []}',
    ],
)  # fmt: skip
def test_what_is_no_message_is_a_protocol_error(frame: bytes) -> None:
    """Protects both processes from a traceback over bytes."""
    with pytest.raises(ProtocolError):
        decode(frame)


def test_a_view_of_another_version_is_a_protocol_error() -> None:
    """Protects the screen from a view that it cannot draw."""
    frame = encode(RunEvent(7, CommandFinished(STARTED, 1.5, MODELS, view=VIEW)))
    with pytest.raises(ProtocolError, match="circle"):
        decode(frame.replace(b'"view":"table"', b'"view":"circle"'))


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(frame: bytes) -> None:
    """Protects both processes from any bytes at all."""
    with contextlib.suppress(ProtocolError):
        decode(frame)


@given(
    st.builds(
        Progress,
        activity=st.text(),
        done=st.integers(0, 2**53),
        loss=st.none() | st.floats(allow_nan=False, allow_infinity=False),
        metrics=st.dictionaries(st.text(), st.floats(allow_nan=False, allow_infinity=False)),
    )
    | st.builds(Note, text=st.text(), severity=st.sampled_from(["info", "warn"]))
    | st.builds(Written, text=st.text())
)
def test_any_event_comes_back_equal(event: SessionEvent) -> None:
    """Protects all text and all numbers of events."""
    assert decode(encode(RunEvent(1, event))) == RunEvent(1, event)


def test_text_that_is_not_unicode_is_escaped_everywhere() -> None:
    """Protects file names that are not UTF-8: they show, and nothing fails on them."""
    odd = "caf\udce9.csv"
    result: Result = Message(lines=(odd, "plain"), guards=(Guard("g", "warn", odd),))
    error = DataError(odd, place=Place(odd, 1, text=odd), hint=odd)
    event = without_surrogates(CommandFinished(STARTED, 0.5, result, error, view=Line((odd, Span(odd)))))
    back = decode(encode(RunEvent(1, event)))
    assert isinstance(back, RunEvent)
    assert isinstance(back.event, CommandFinished)
    assert back.event.result == Message(
        lines=("caf\\udce9.csv", "plain"), guards=(Guard("g", "warn", "caf\\udce9.csv"),)
    )
    assert back.event.view == Line(("caf\\udce9.csv", Span("caf\\udce9.csv")))
    assert isinstance(back.event.error, DataError)
    assert back.event.error.place == Place("caf\\udce9.csv", 1, text="caf\\udce9.csv")
    with pytest.raises(UnicodeEncodeError):
        encode(RunEvent(1, Note(odd)))
