"""What a model has read is used again only as far as it is the same; the answer never changes by it."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from transformers import AutoModelForCausalLM, LlamaForCausalLM

from hfshell.compute.reading import Reading
from tests.models.talking import talker
from tests.since import since


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> LlamaForCausalLM:
    """A tiny model in memory."""
    return AutoModelForCausalLM.from_pretrained(talker(tmp_path_factory.mktemp("talker"))).eval()


def written(model: LlamaForCausalLM, prompt: list[int], reading: Reading | None = None) -> list[int]:
    """What the model writes behind a prompt, with what was read before or without."""
    ids = torch.tensor([prompt])
    given = {"past_key_values": reading.begin(model, prompt)} if reading else {}
    with torch.inference_mode():
        found = model.generate(
            ids, attention_mask=torch.ones_like(ids), max_new_tokens=6, do_sample=False, **given
        )
    whole: list[int] = found[0].tolist()
    if reading:
        reading.keep(whole)
    return whole[len(prompt) :]


PROMPT = st.lists(st.integers(5, 30), min_size=1, max_size=20)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PROMPT, min_size=1, max_size=4), st.integers(0, 20))
def test_any_prompt_behind_any_other_is_answered_as_alone(
    model: LlamaForCausalLM, prompts: list[list[int]], shared: int
) -> None:
    """Whether it goes on with what was read, leaves it early, or is a beginning of it."""
    reading, before = Reading(), [7, 8, 9]
    for prompt in prompts:
        asked = before[:shared] + prompt
        answer = written(model, asked, reading)
        assert answer == written(model, asked)
        before = asked + answer


@since("5.17", "caches that can be cut back")
def test_what_was_read_is_not_read_again(model: LlamaForCausalLM) -> None:
    """A prompt that goes on with the last one and its answer is read from there."""
    reading = Reading()
    prompt = list(range(5, 25))
    answer = written(model, prompt, reading)
    assert reading.reused == 0
    seen = []
    handle = model.model.register_forward_pre_hook(
        lambda _module, _given, named: (
            seen.append(named["inputs_embeds"].shape[1])
            if named.get("inputs_embeds") is not None
            else seen.append(named["input_ids"].shape[1])
        ),
        with_kwargs=True,
    )
    try:
        written(model, [*prompt, *answer, 9, 9, 9], reading)
    finally:
        handle.remove()
    assert reading.reused == len(prompt) + len(answer) - 1
    assert seen[0] == 4


@since("5.17", "caches that can be cut back")
def test_the_same_prompt_is_read_from_its_last_token(model: LlamaForCausalLM) -> None:
    """One token must be read for there to be an answer."""
    reading = Reading()
    prompt = list(range(5, 15))
    first = written(model, prompt, reading)
    assert written(model, prompt, reading) == first
    assert reading.reused == len(prompt) - 1


def test_another_model_reads_anew(model: LlamaForCausalLM, tmp_path: Path) -> None:
    """Keys and values are of the model that made them."""
    other = AutoModelForCausalLM.from_pretrained(talker(tmp_path / "other", seed=1)).eval()
    reading = Reading()
    prompt = list(range(5, 15))
    written(model, prompt, reading)
    assert written(other, prompt, reading) == written(other, prompt)
    assert reading.reused == 0


def test_what_was_broken_off_counts_as_unread(model: LlamaForCausalLM) -> None:
    """A cache that nobody knows the tokens of is not used."""
    reading = Reading()
    prompt = list(range(5, 15))
    written(model, prompt, reading)
    reading.begin(model, prompt)  # and the writing ends with an exception
    assert written(model, prompt, reading) == written(model, prompt)
    assert reading.reused == 0
