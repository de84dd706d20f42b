from __future__ import annotations

import pytest

from hfshell.redact import redact, redact_all

SECRET = "s3cr3tV4lue"  # what must not come through


@pytest.mark.parametrize(
    "text",
    [
        f"load org/model --token {SECRET}",
        f"load org/model --token={SECRET}",
        f"load org/model my--hf-token {SECRET}",
        f"load org/model --hf-token '{SECRET} and more'",
        f'serve --api-key "{SECRET}"',
        f"HF_TOKEN={SECRET} hfshell run.hfsh",
        f"param password={SECRET}",
        f"let header = 'Authorization: Bearer {SECRET}'",
        f"data https://ada:{SECRET}@example.org/tickets.csv",
        f"chat hf_{SECRET}ABCDEFGHIJ",
        f"chat sk-proj-{SECRET}ABCDEFGHIJ",
        f"chat ghp_{SECRET}ABCDEFGHIJKLMN",
        f"chat eyJhbGciOiJIUzI1NiJ9.{SECRET}abc.sig",
    ],
)
def test_secrets_are_masked(text: str) -> None:
    """Every usual way to write a secret is caught, and the rest of the line stays."""
    masked = redact(text)
    assert SECRET not in masked
    assert "***" in masked
    assert masked.split()[0].split("=")[0] == text.split(maxsplit=1)[0].split("=", maxsplit=1)[0]


@pytest.mark.parametrize(
    "text",
    [
        "router = finetune base tickets --epochs 3",
        "chat story --max-new-tokens 128",
        "load folder/tokenizer",
        "data ner.csv --map tokens=words,tag=label",
        "data ner.csv --map token=word",
        "predict router 'my password is not accepted' 'a secret garden'",
        "data https://example.org/a@b.csv",
        "finetune base d --label-map 0=billing,1=refunds",
        "new --pad-token <pad> --eos-token </s>",
    ],
)
def test_ordinary_lines_are_left_alone(text: str) -> None:
    """A record that masks what is no secret could not be asked again."""
    assert redact(text) == text


def test_values_under_secret_names_are_masked_at_any_depth() -> None:
    """What is named after a secret is masked whole; numbers and other names stay."""
    options = {
        "epochs": 3,
        "hub": {"api_key": ["a"], "password": None},
        "pad_token": "<pad>",
        "texts": ["Bearer x"],
    }
    assert redact_all(options) == {
        "epochs": 3,
        "hub": {"api_key": "***", "password": None},
        "pad_token": "<pad>",
        "texts": ["Bearer ***"],
    }


def test_bytes_that_are_no_text_can_be_recorded() -> None:
    """A file name that is not UTF-8 arrives as lone surrogates; they become escapes."""
    assert redact("data caf\udce9.csv") == r"data caf\udce9.csv"


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "piece",
    ["x", "-", "a_", "x://", "a:", "secret= ", "--token ", "'", "Bearer ", "-a", "--a", "eyJ-", "-eyJ"],
)
def test_long_texts_are_read_in_one_go(piece: str) -> None:
    """A pasted text of one long word stops no prompt; twenty seconds are many times what it takes."""
    redact(piece * (200_000 // len(piece)))
