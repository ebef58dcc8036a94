"""Compilation of the inner loops, where the machine can.

With numba they run at the speed of C; without it the same functions run as plain Python, far
slower and with the same result: they use whole numbers of 64 bits and tables of numpy alone.

Machine code that was kept is taken as long as all files of kernels are unchanged: numba by itself
looks at the file of the one kernel, and not at those it calls.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar, cast

KERNELS = ("annealer", "annealing", "moves", "settling", "tables")
"""Modules beside this one that make up the machine code."""

F = TypeVar("F", bound=Callable[..., Any])

try:
    from numba import njit
    from numba.core.dispatcher import Dispatcher

    COMPILES = True
except ImportError:
    COMPILES = False


def compiled(function: F) -> F:
    """Compile a function for whole numbers and arrays; the machine code is kept on disk.

    Where that is, ``NUMBA_CACHE_DIR`` decides; without it, beside the module or, where that
    cannot be written, in the user's own cache.
    """
    if not COMPILES:
        return function
    # Kernels never divide by what may be nothing, so numpy's way of dividing is right and fast.
    return cast("F", _stamped(njit(cache=True, error_model="numpy", nogil=True)(function)))


def inlined(function: F) -> F:
    """Compile a function into each of its callers: for small ones that are called all the time."""
    if not COMPILES:
        return function
    made = njit(cache=True, error_model="numpy", nogil=True, forceinline=True)(function)
    return cast("F", _stamped(made))


def _stamped(made: Any) -> Any:
    """Have kept code of a kernel thrown away when the source of any kernel has changed."""
    if isinstance(made, Dispatcher):  # not with NUMBA_DISABLE_JIT
        # There is no public way; both names are read first, so that a numba without them is loud.
        kept = cast("Any", made)._cache._cache_file  # noqa: SLF001 -- see above
        kept._source_stamp = (kept._source_stamp, _sources())  # noqa: SLF001 -- see above
    return made


@cache
def _sources() -> str:
    folder = Path(__file__).parent
    texts = ((folder / f"{name}.py").read_bytes() for name in KERNELS)
    return sha256(b"\0".join(texts)).hexdigest()
