"""What was typed of late counts, with the command that it was typed with."""

from __future__ import annotations

from hfshell.shell.completion.use import PastUse


def used(*newest: str) -> PastUse:
    """Count these texts, the newest first."""
    use = PastUse(lambda count: newest[:count])
    use.refresh()
    return use


def weight(use: PastUse, command: str, word: str) -> float:
    """How much a word was used with a command."""
    return use.of(command).get(word, 0.0)


def test_words_count_with_their_command() -> None:
    """`router` after `predict` says nothing on `unload`."""
    use = used("ev = eval router tickets.test --limit=3", "models\nunload base")
    assert weight(use, "eval", "router") > 0
    assert weight(use, "eval", "--limit") > 0
    assert weight(use, "", "eval") > weight(use, "", "unload") > 0
    assert weight(use, "unload", "router") == weight(use, "", "router") == weight(use, "eval", "ev") == 0


def test_the_newer_count_more() -> None:
    """One use today is worth more than one of weeks ago, but not more than many."""
    use = used(
        "load new", *["models"] * 100, "load old", "load often", "load often", "load often", "load often"
    )
    assert weight(use, "load", "often") > weight(use, "load", "old") > 0
    assert weight(use, "load", "new") > weight(use, "load", "old")


def test_a_new_line_counts_at_once() -> None:
    """What was just run is first in the next line."""
    texts = ["load a"]
    use = PastUse(lambda count: texts[:count])
    use.refresh()
    assert weight(use, "load", "b") == 0
    texts.insert(0, "load b")
    use.refresh()
    assert weight(use, "load", "b") > weight(use, "load", "a")


def test_what_is_no_language_counts_nothing() -> None:
    """Odd texts and pastes are passed over."""
    use = used("load 'open", "!ls", f"echo {'x ' * 2000}", "= = =")
    assert weight(use, "", "load") > 0
    assert weight(use, "echo", "x") == 0
