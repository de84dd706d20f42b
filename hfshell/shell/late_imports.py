"""Imports beside the prompt: one thread at a time.

Up to Python 3.14, when two threads first import a package and a module of it, each can hold what the other
waits for, and one is refused with `_DeadlockError` (https://github.com/python/cpython/issues/83065).
"""

from threading import RLock

LATE_IMPORTS = RLock()
"""Held by whoever first imports a package that brings its modules along, once the first prompt stands."""
