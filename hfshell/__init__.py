"""One shell for the whole life of a model.

`Session` is the same session that the prompt uses, inside this process::

    from hfshell import Session

    session = Session()
    session.run("base = load minilm")
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hfshell.session import Session

__version__ = "0.1.0"
__all__ = ["Session", "__version__"]


def __getattr__(name: str) -> Any:
    """Import the session late: the shell process imports this package and must stay light."""
    if name == "Session":
        from hfshell.session import Session

        return Session
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
