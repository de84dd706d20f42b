"""Conversations in other words: ShareGPT's, instructions with outputs, prompts with completions."""

from __future__ import annotations

from typing import Any

from hfshell.data.kinds.cells import Unfit, quoted
from hfshell.data.shapes.shape import Made, Shape, are, has_texts, looks
from hfshell.data.table import GoesBy, RowTable

_SPEAKERS = {
    "system": "system", "human": "user", "user": "user", "gpt": "assistant", "chatgpt": "assistant",
    "bing": "assistant", "bard": "assistant", "model": "assistant", "bot": "assistant",
    "assistant": "assistant", "tool": "tool", "function": "tool", "observation": "tool",
}  # fmt: skip
_OUTPUTS = ("output", "response", "completion", "answer")
_COMPLETIONS = ("completion", "response")


def read_sharegpt(table: RowTable) -> Shape | None:
    """Read `conversations: [{"from": "human", "value": …}]` as messages."""
    for column in ("conversations", "conversation", "messages"):
        if are(looks(table, column), _is_sharegpt):
            name = "messages" if column != "messages" else "messages.read"
            made = Made(name, (column,), _messages, (("messages", "messages"),))
            return Shape(f"{column} read as messages (ShareGPT: from, value)", (made,))
    return None


def read_instruction(table: RowTable) -> Shape | None:
    """Read an instruction, its input and its output as a prompt and its completion, and as messages."""
    output = next((name for name in _OUTPUTS if has_texts(table, "instruction", name)), None)
    if output is None:
        return None
    asked = ("instruction", "input") if has_texts(table, "input") else ("instruction",)
    made = (
        Made("prompt", asked, _prompt),
        Made("completion", (output,), _text),
        Made("messages", (output, *asked), _exchange),
    )
    columns = ", ".join((*asked, output))
    return Shape(f"{columns} read as a prompt with its completion, and as messages", made)


def read_prompt(table: RowTable) -> Shape | None:
    """Read a prompt with its completion or response as messages."""
    output = next((name for name in _COMPLETIONS if has_texts(table, "prompt", name)), None)
    if output is None or "messages" in table.columns:
        return None
    made = Made("messages", (output, "prompt"), _exchange)
    also: dict[str, GoesBy] = {output: (("text", "completion"),)} if output != "completion" else {}
    return Shape(f"prompt, {output} read as messages too", (made,), also)


def _is_sharegpt(cell: Any) -> bool:
    return isinstance(cell, list) and any(isinstance(item, dict) and "from" in item for item in cell)


def _messages(cell: Any) -> Any:
    if not isinstance(cell, list):
        return cell
    return [_message(place, item) for place, item in enumerate(cell, 1)]


def _message(place: int, item: Any) -> Any:
    """Return a message; what lacks a part is told by whoever reads the messages."""
    if not isinstance(item, dict):
        return item
    speaker = item.get("from")
    role = _SPEAKERS.get(str(speaker).casefold())
    if role is None:
        raise Unfit(f"message {place} is from {quoted(str(speaker))}, and nobody knows who that is")
    return {"role": role, "content": item.get("value")}


def _prompt(instruction: Any, given: Any = None) -> Any:
    if not isinstance(instruction, str):
        return instruction
    return f"{instruction}\n\n{given}" if isinstance(given, str) and given.strip() else instruction


def _text(text: Any) -> Any:
    return text


def _exchange(output: Any, *asked: Any) -> Any:
    if output is None or asked[0] is None:
        return None
    return [
        {"role": "user", "content": _prompt(*asked)},
        {"role": "assistant", "content": output},
    ]
