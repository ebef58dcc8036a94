"""Compilation of the inner loops, where the machine can.

With numba they run at the speed of C; without it the same functions run as plain Python, far
slower and with the same result: they use whole numbers of 64 bits and tables of numpy alone.

Machine code that was kept is taken as long as the file of a kernel is unchanged. Whoever changes
``moves`` or ``annealing`` therefore touches ``annealing`` and ``annealer`` as well.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])

try:
    from numba import njit

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
    made: Any = njit(cache=True, error_model="numpy", nogil=True)(function)
    return cast("F", made)


def inlined(function: F) -> F:
    """Compile a function into each of its callers: for small ones that are called all the time."""
    if not COMPILES:
        return function
    made: Any = njit(cache=True, error_model="numpy", nogil=True, forceinline=True)(function)
    return cast("F", made)
