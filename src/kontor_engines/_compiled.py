"""How functions of an engine are compiled: once each, for plain pointers, with their types said beforehand.

A pointer has no reference count, no shape and no negative indices, so code on it is quick to compile and to run. Types that are
said beforehand keep Numba from compiling a function anew for each kind of whole number that it is called with. Only entries, the
few ways from Python into compiled code, are kept on disk: loading them takes a tenth of a second, loading every step a whole one.

Steps are not compiled one by one, which would be done again for each inside every function that calls it: they are only written
down for LLVM, all in one module, and the entry that they become part of is optimised and translated as a whole.
"""

# ruff: noqa: ARG001, ARG002 -- Numba calls intrinsics and libraries with fixed arguments

import hashlib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, get_args, get_type_hints

import numba as nb
import numpy as np
from numba.core.caching import FunctionCache
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler
from numba.extending import intrinsic

types: Any = nb.types  # under names without types, since numba has only some
njit: Any = nb.njit
NOTHING, TRUTH, WHOLE, REAL = types.void, types.boolean, types.int64, types.float64

_signatures: dict[Any, Any] = {}
"""Of each step that no entry has needed yet."""
_sources: set[Path] = set()
"""Of all steps, and of what else goes into them."""


class _Steps(JITCodeLibrary):
    """Steps that stay as they were written down, without machine code of their own."""

    @property
    def codegen(self) -> "_Steps":
        """Itself, for it is told below what Numba would tell the maker of machine code."""
        return self

    def set_env(self, name: str, env: object) -> None:
        """Nothing: only machine code has a place for it."""

    def get_pointer_to_function(self, name: str) -> int:
        """None: Python calls entries alone."""
        return 0

    def add_linking_library(self, library: Any) -> None:
        """What the steps call; most often each other."""
        if library is not self:
            super().add_linking_library(library)  # type: ignore[no-untyped-call]

    def _optimize_functions(self, module: Any) -> None:
        module.data_layout = self._codegen._data_layout  # noqa: SLF001 -- as what it replaces

    def _optimize_final_module(self) -> None:
        """The entry does."""

    def _finalize_final_module(self) -> None:
        self._finalized = True


class _StepCompiler(Compiler):
    """Numba's compiler, up to machine code; all that is compiled goes into one library."""

    library: _Steps

    def define_pipelines(self) -> Any:
        self.state.library = self.library
        return super().define_pipelines()  # type: ignore[no-untyped-call]


def step(result: Any, *arguments: Any) -> Callable[[Callable[..., Any]], Any]:
    """A function that is compiled when some entry needs it."""

    def decorate(function: Callable[..., Any]) -> Any:
        written = njit(
            nogil=True, pipeline_class=_StepCompiler, no_cpython_wrapper=True, no_cfunc_wrapper=True
        )(function)
        _sources.add(Path(function.__code__.co_filename))
        _signatures[written] = result(*arguments)
        return written

    return decorate


def entry_point(result: Any, *arguments: Any) -> Callable[[Callable[..., Any]], Any]:
    """A way from Python into the steps: a function of arrays and numbers, loaded or compiled when first called."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        dispatcher = njit(nogil=True, no_cfunc_wrapper=True)(function)
        dispatcher._cache = _Cache(function)  # type: ignore[no-untyped-call]  # noqa: SLF001 -- what `cache=True` does, with our own kind of cache
        ready: list[Any] = []

        def call(*values: Any) -> Any:
            if not ready:
                dispatcher.compile(result(*arguments))
                ready.append(dispatcher)
            return dispatcher(*values)

        return call

    return decorate


def depends_on(*modules: ModuleType) -> None:
    """Make the code of the steps beside these modules anew when one of them has changed."""
    _sources.update(Path(str(module.__file__)) for module in modules)


def tables(table: type) -> tuple[Any, Any]:
    """The types of a named tuple of arrays: as Python hands it over, and with pointers in their places."""
    elements = [
        nb.from_dtype(np.dtype(get_args(get_args(kind)[1])[0])) for kind in get_type_hints(table).values()
    ]
    return (
        types.NamedTuple([types.Array(element, 1, "C") for element in elements], table),
        types.NamedTuple([types.CPointer(element) for element in elements], table),
    )


class _Cache(FunctionCache):
    """Numba's files of compiled code, but made anew when the source of any step has changed, not only that of the entry."""

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        found = super().load_overload(sig, target_context)  # type: ignore[no-untyped-call]
        if found is None:
            _StepCompiler.library = _Steps(target_context.codegen(), "steps")  # type: ignore[no-untyped-call]
            _write_down_steps_of(self._py_func)
        return found

    def _index_key(self, sig: Any, codegen: Any) -> Any:
        return (*super()._index_key(sig, codegen), _digest(Path(self._py_func.__code__.co_filename).parent))  # type: ignore[no-untyped-call]


def _write_down_steps_of(function: Any) -> None:
    """The steps that a function calls, each after those that it calls itself."""
    for name in function.__code__.co_names:
        called = function.__globals__.get(name)
        signature = _signatures.pop(called, None)
        if signature is not None:
            _write_down_steps_of(called.py_func)
            called.compile(signature)
            called.disable_compile()


def _digest(folder: Path) -> str:
    """A fingerprint of all sources in a folder that compiled code is made from."""
    files = [Path(__file__), *sorted(file for file in _sources if file.parent == folder)]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


@intrinsic
def _address(typing_context, array):  # type: ignore[no-untyped-def]
    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        return context.make_array(signature.args[0])(context, builder, arguments[0]).data

    return types.CPointer(array.dtype)(array), generate


@intrinsic
def _pointers(typing_context, arrays):  # type: ignore[no-untyped-def]
    kind = types.NamedTuple([types.CPointer(array.dtype) for array in arrays.types], arrays.instance_class)

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        found = [
            context.make_array(array)(context, builder, builder.extract_value(arguments[0], place)).data
            for place, array in enumerate(signature.args[0].types)
        ]
        return context.make_tuple(builder, kind, found)

    return kind(arrays), generate


@intrinsic
def _part(typing_context, pointer, first):  # type: ignore[no-untyped-def]
    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        return builder.gep(arguments[0], [arguments[1]])

    return pointer(pointer, types.int64), generate


# Under names without types: numba declares that an intrinsic cannot be called from Python.
address: Any = _address
"""Of the first element of an array."""
pointers: Any = _pointers
"""The addresses of a named tuple of arrays, under the same names."""
part: Any = _part
"""The address of a later element."""
