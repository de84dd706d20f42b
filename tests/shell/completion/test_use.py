"""What was typed of late counts, with the command that it was typed with."""

from __future__ import annotations

from hfshell.shell.completion.use import PastUse


def used(*newest: str) -> PastUse:
    """Count these texts, the newest first."""
    use = PastUse(lambda count: newest[:count])
    use.refresh()
    return use


def test_words_count_with_their_command() -> None:
    """`router` after `predict` says nothing on `unload`."""
    use = used("ev = eval router tickets.test --limit=3", "models\nunload base")
    assert use.of("eval", "router") > 0
    assert use.of("eval", "--limit") > 0
    assert use.of("", "eval") > use.of("", "unload") > 0
    assert use.of("unload", "router") == use.of("", "router") == use.of("eval", "ev") == 0


def test_the_newer_count_more() -> None:
    """One use today is worth more than one of weeks ago, but not more than many."""
    use = used(
        "load new", *["models"] * 100, "load old", "load often", "load often", "load often", "load often"
    )
    assert use.of("load", "often") > use.of("load", "old") > 0
    assert use.of("load", "new") > use.of("load", "old")


def test_a_new_line_counts_at_once() -> None:
    """What was just run is first in the next line."""
    texts = ["load a"]
    use = PastUse(lambda count: texts[:count])
    use.refresh()
    assert use.of("load", "b") == 0
    texts.insert(0, "load b")
    use.refresh()
    assert use.of("load", "b") > use.of("load", "a")


def test_what_is_no_language_counts_nothing() -> None:
    """Odd texts and pastes are passed over."""
    use = used("load 'open", "!ls", f"echo {'x ' * 2000}", "= = =")
    assert use.of("", "load") > 0
    assert use.of("echo", "x") == 0
