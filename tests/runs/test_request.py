from __future__ import annotations

import platform
import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfshell.runs import RunRequestRecord, request_fingerprint
from hfshell.runs.request import installed_versions

Asked = Callable[..., RunRequestRecord]

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), values, max_size=5))
def test_fingerprint_does_not_depend_on_order(request_: dict[str, object]) -> None:
    """The same request built in another order is the same request."""
    turned = dict(reversed(request_.items()))
    assert request_fingerprint(request_) == request_fingerprint(turned)


def test_fingerprint_is_stable() -> None:
    """A later version must find the runs of an earlier one: these digits may never change."""
    fingerprint = request_fingerprint({"seed": 42, "options": {"epochs": 3.0}, "text": "naïve"})
    assert fingerprint == "ecb49f51b280e60616abb772529ae1eb9a54aa487ceb7769af1f3c71afc99840"


def test_fingerprint_refuses_what_json_cannot_say() -> None:
    """NaN has no one spelling, and an object none at all."""
    with pytest.raises(ValueError, match="JSON"):
        request_fingerprint({"rate": float("nan")})
    with pytest.raises(TypeError):
        request_fingerprint({"rate": object()})


def test_wording_and_names_make_no_other_request(asked: Asked) -> None:
    """What was typed after a crash may differ in names and manners and still mean the same run."""
    again = asked(
        command="finetune minilm tickets.csv --resume",
        name="other",
        options={
            "model": "minilm",
            "data": "tickets.csv",
            "epochs": 3.0,
            "resume": "last",
            "allow": ["labels"],
        },
        data={"name": "tickets.csv", "fingerprint": "d41d8c"},
    )
    assert again.fingerprint("finetune") == asked().fingerprint("finetune")


@pytest.mark.parametrize(
    "changes",
    [
        {"seed": 7},
        {"task": "token-classification"},
        {"options": {"epochs": 4.0}},
        {"model": {"source": "run:abc123"}},
        {"data": {"name": "tickets", "fingerprint": "other"}},
    ],
)
def test_what_changes_the_outcome_makes_another_request(asked: Asked, changes: dict[str, object]) -> None:
    """Going on with another seed, data or option would be a silent wrong answer."""
    assert asked(**changes).fingerprint("finetune") != asked().fingerprint("finetune")
    assert asked().fingerprint("eval") != asked().fingerprint("finetune")


def test_secrets_are_not_recorded(asked: Asked) -> None:
    """Neither the command nor an option keeps a token."""
    record = asked(
        command="finetune base tickets --token hf_abcdefghijklmnopqrstuvwx",
        options={"token": "abc", "note": "Bearer abc.def"},
    ).to_dict("finetune")
    assert "hf_abc" not in str(record)
    assert record["options"] == {"token": "***", "note": "Bearer ***"}
    assert record["command"] == "finetune base tickets --token ***"


def test_versions_are_read_without_importing() -> None:
    """The versions of heavy packages are known from their metadata alone."""
    code = (
        "import sys; from hfshell.runs.request import installed_versions; "
        "assert {'torch', 'hfshell'} <= installed_versions().keys(); "
        "assert not {'torch', 'transformers', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_versions_name_python_and_what_is_asked_for() -> None:
    """A plugin's distribution is recorded too; one that is not installed is left out."""
    versions = installed_versions(["pytest", "no-such-distribution"])
    assert versions["python"] == platform.python_version()
    assert versions["pytest"] == pytest.__version__
    assert "no-such-distribution" not in versions
