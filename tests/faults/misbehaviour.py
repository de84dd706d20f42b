"""What plugins have been seen to do, as lines of code to put anywhere in one."""

from __future__ import annotations

RAISING = {
    "ImportError": "import nothing_of_that_name",
    "SyntaxError": "exec('def broken(:')",
    "sys.exit": "import sys; sys.exit(3)",
    "KeyboardInterrupt": "raise KeyboardInterrupt",
}
"""They end what they do with an exception."""

DEADLY = {
    "os._exit": "import os; os._exit(3)",
    "crash": "import ctypes; ctypes.string_at(0)",
    "hang": "import time; time.sleep(3600)",
    "swallows everything": (
        r"exec('import time\nwhile True:\n try: time.sleep(0.05)\n except BaseException: pass')"
    ),
}
"""They end their process, or never end."""

UNTIDY = {
    "10 MB of output": "print('x' * 10_000_000)",
    "escape codes": r"print('\x1b[2J\x1b]0;owned\x07')",
    "closed stdout": "import os, sys; sys.stdout.close(); os.close(1)",
    "fork": (
        "import os; pid = str(os.getpid()); "
        "os.environ.setdefault('FORKED_BY', pid) == pid and os.fork()"  # children fork no further
    ),
    "thread": "import threading, time; threading.Thread(target=time.sleep, args=(3600,)).start()",
    "monkeypatch": "import builtins; builtins.sorted = lambda *_, **__: ['patched']",
}
"""They work, and leave a mess."""

MISBEHAVIOUR = {**RAISING, **UNTIDY, **DEADLY}
