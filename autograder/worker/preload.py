"""What every worker finds imported already: NumPy and the modules that students use.

A module that is imported once before the fork costs each worker nothing, and one whose files a worker could not read
after the lockdown still works.
"""

from __future__ import annotations

import gc
import importlib
import resource
import site
import sys
from pathlib import Path
from typing import Final

import numpy as np

from .rehearsal import rehearse

STANDARD: Final = tuple(
    """
    abc array ast base64 bisect bz2 calendar cmath codecs collections collections.abc contextlib
    contextvars copy csv ctypes dataclasses datetime decimal difflib dis enum errno fractions functools gc hashlib heapq
    importlib inspect io itertools json keyword linecache locale logging lzma math
    numbers operator os os.path pathlib pickle platform pprint queue random re reprlib secrets select selectors shutil
    signal socket statistics string struct subprocess sys sysconfig tempfile textwrap threading time timeit token
    tokenize traceback types typing unittest uuid warnings weakref zipfile zlib
    """.split()  # noqa: SIM905 - a name a line would be a page
)
_NUMPY: Final = tuple(
    """
    numpy.ctypeslib numpy.fft numpy.lib.stride_tricks numpy.linalg numpy.ma numpy.polynomial numpy.random numpy.testing
    numpy.typing
    """.split()  # noqa: SIM905 - a name a line would be a page
)


def preload() -> None:
    """Import everything, use NumPy once, and leave one state behind that all workers start from."""
    for name in STANDARD + _NUMPY:
        try:
            importlib.import_module(name)
        except ImportError:
            continue
    site.setquit()
    site.sethelper()
    square = np.eye(3) + 0.5
    np.linalg.svd(np.linalg.solve(square, square @ square))
    np.fft.fft(square)
    repr(square)
    rehearse()
    sys.modules.pop("rehearsal", None)
    np.random.seed(0)  # noqa: NPY002
    gc.collect()
    gc.freeze()


def threads() -> int:
    """How many threads this process has."""
    return sum(1 for _ in Path("/proc/self/task").iterdir())


def memory() -> tuple[int, int]:
    """Bytes of address space in use, and bytes of them that are resident."""
    size, resident = Path("/proc/self/statm").read_text(encoding="ascii").split()[:2]
    return int(size) * resource.getpagesize(), int(resident) * resource.getpagesize()
