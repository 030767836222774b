"""How functions of the search are compiled: once each, for plain pointers, with their types said beforehand.

A pointer has no reference count, no shape and no negative indices, so code on it is quick to compile and to run. Types that are
said beforehand keep Numba from compiling a function anew for each kind of whole number that it is called with. Only entries, the
few ways from Python into compiled code, are kept on disk: loading them takes a tenth of a second, loading every step a whole one.
"""

# ruff: noqa: ARG001 -- Numba calls intrinsics with fixed arguments

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba as nb
from llvmlite import ir  # type: ignore[import-untyped, unused-ignore]
from numba.core.caching import FunctionCache
from numba.extending import intrinsic

from kontor_engines.meetings import _memory

types: Any = nb.types  # under a name without types, since numba has only some
NOTHING, TRUTH, WHOLE, REAL = types.void, types.boolean, types.int64, types.float64
WHOLES, COUNTERS, REALS, BITS = (
    types.CPointer(kind) for kind in (types.int32, types.int64, types.float64, types.uint64)
)
"""The four arrays of `Memory` as pointers; WHOLES is also the type of a plan and of an order of meetings."""
ARRAYS = tuple(types.Array(nb.from_dtype(array.dtype), 1, "C") for array in _memory.EMPTY)
"""The types of the four arrays as Python hands them over."""

_steps: list[tuple[Any, Any]] = []
_sources: set[str] = set()


def compiled(result: Any, *arguments: Any) -> Callable[[Callable[..., Any]], Any]:
    """A step: a function of the four pointers and more arguments, compiled when some entry needs it."""

    def decorate(function: Callable[..., Any]) -> Any:
        step = nb.njit(nogil=True)(function)
        _sources.add(function.__code__.co_filename)
        _steps.append((step, result(WHOLES, COUNTERS, REALS, BITS, *arguments)))
        return step

    return decorate


def entry_point(result: Any, *arguments: Any) -> Callable[[Callable[..., Any]], Any]:
    """A way from Python into the steps: a function of the four arrays and more, loaded or compiled when first called."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        dispatcher: Any = nb.njit(nogil=True)(function)
        dispatcher._cache = _Cache(function)  # type: ignore[no-untyped-call]  # noqa: SLF001 -- what `cache=True` does, with our own kind of cache
        ready: list[Any] = []

        def call(*values: Any) -> Any:
            if not ready:
                dispatcher.compile(result(*ARRAYS, *arguments))
                ready.append(dispatcher)
            return dispatcher(*values)

        return call

    return decorate


class _Cache(FunctionCache):
    """Numba's files of compiled code, but made anew when the source of any step has changed, not only that of the entry."""

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        found = super().load_overload(sig, target_context)  # type: ignore[no-untyped-call]
        if found is None:
            while _steps:
                step, signature = _steps.pop(0)
                step.compile(signature)
                step.disable_compile()
        return found

    def _index_key(self, sig: Any, codegen: Any) -> Any:
        return (*super()._index_key(sig, codegen), _digest())  # type: ignore[no-untyped-call]


def _digest() -> str:
    """A fingerprint of all sources that compiled code is made from."""
    files = {__file__, _memory.__file__, *_sources}
    return hashlib.sha256(b"".join(Path(file).read_bytes() for file in sorted(files))).hexdigest()


@intrinsic
def _address(typing_context, array):  # type: ignore[no-untyped-def]
    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        return context.make_array(signature.args[0])(context, builder, arguments[0]).data

    return types.CPointer(array.dtype)(array), generate


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
address: Any = _address
count_ones: Any = _popcount
zeros_below: Any = _trailing_zeros
zeros_above: Any = _leading_zeros
