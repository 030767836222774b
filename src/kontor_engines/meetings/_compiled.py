"""How functions of the search are compiled: as steps on the four arrays of `Memory`, given as pointers."""

# ruff: noqa: ARG001 -- Numba calls intrinsics with fixed arguments

import sys
from collections.abc import Callable
from typing import Any

import numba as nb
from llvmlite import ir  # type: ignore[import-untyped, unused-ignore]
from numba.extending import intrinsic

from kontor_engines import _compiled
from kontor_engines._compiled import NOTHING, REAL, TRUTH, WHOLE, address, types
from kontor_engines.meetings import _memory

__all__ = [
    "ARRAYS",
    "BITS",
    "COUNTERS",
    "NOTHING",
    "REAL",
    "REALS",
    "TRUTH",
    "WHOLE",
    "WHOLES",
    "address",
    "compiled",
    "count_ones",
    "entry_point",
    "types",
    "zeros_above",
    "zeros_below",
]

WHOLES, COUNTERS, REALS, BITS = (
    types.CPointer(kind) for kind in (types.int32, types.int64, types.float64, types.uint64)
)
"""The four arrays of `Memory` as pointers; WHOLES is also the type of a plan and of an order of meetings."""
ARRAYS = tuple(types.Array(nb.from_dtype(array.dtype), 1, "C") for array in _memory.EMPTY)
"""The types of the four arrays as Python hands them over."""

_compiled.depends_on(_memory, sys.modules[__name__])


def compiled(result: Any, *arguments: Any) -> Callable[[Callable[..., Any]], Any]:
    """A step: a function of the four pointers and more arguments."""
    return _compiled.step(result, WHOLES, COUNTERS, REALS, BITS, *arguments)


def entry_point(result: Any, *arguments: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A way from Python into the steps: a function of the four arrays and more."""
    return _compiled.entry_point(result, *ARRAYS, *arguments)


@intrinsic
def _popcount(typing_context, value):  # type: ignore[no-untyped-def]
    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), generate


@intrinsic
def _trailing_zeros(typing_context, value):  # type: ignore[no-untyped-def]
    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return types.uint64(types.uint64), generate


@intrinsic
def _leading_zeros(typing_context, value):  # type: ignore[no-untyped-def]
    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        return builder.ctlz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return types.uint64(types.uint64), generate


# Under names without types: numba declares that an intrinsic cannot be called from Python.
count_ones: Any = _popcount
zeros_below: Any = _trailing_zeros
zeros_above: Any = _leading_zeros
