"""Texts and arrays in one run of bytes that can be mapped into memory: nothing is copied before it is asked for."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from mmap import mmap
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MARK = b"kontor-lexicon\n"
_ALIGNED = 16  # arrays begin at multiples of this


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stored:
    """What `write` wrote."""

    texts: Mapping[str, tuple[int, int]]
    """Name → first byte, behind the last one."""
    arrays: Mapping[str, NDArray[Any]]
    buffer: memoryview

    def lines(self, name: str) -> list[str]:
        """The lines that were stored under a name."""
        begin, end = self.texts[name]
        return str(self.buffer[begin:end], "utf-8").split("\n")[:-1]


def write(
    number: int, texts: Mapping[str, Sequence[str]], arrays: Mapping[str, NDArray[np.generic]]
) -> bytes:
    """The bytes for `read`; `number` is the number of the format. No line may hold a line end."""
    parts: list[bytes] = []
    size = 0

    def add(part: bytes) -> tuple[int, int]:
        nonlocal size
        padded = part + bytes(-len(part) % _ALIGNED)
        parts.append(padded)
        size += len(padded)
        return size - len(padded), size - len(padded) + len(part)

    header = {
        "format": number,
        "texts": {
            name: add("".join([f"{line}\n" for line in lines]).encode()) for name, lines in texts.items()
        },
        "arrays": {
            name: (array.dtype.str, *add(np.ascontiguousarray(array).tobytes()))
            for name, array in arrays.items()
        },
    }
    head = _MARK + json.dumps(header).encode() + b"\n"
    return b"".join([head + bytes(-len(head) % _ALIGNED), *parts])


def read(stored: bytes | mmap, number: int) -> Stored:
    """What the bytes hold; ValueError where they are of another format, or broken."""
    view = memoryview(stored)
    if bytes(view[: len(_MARK)]) != _MARK:
        msg = "Lexicon: not a compiled vocabulary"
        raise ValueError(msg)
    end = stored.find(b"\n", len(_MARK))
    header = json.loads(bytes(view[len(_MARK) : end]))
    if header["format"] != number:
        msg = f"Lexicon.format must be {number}, not {header['format']}; compile the vocabulary again"
        raise ValueError(msg)
    body = end + 1 + (-(end + 1)) % _ALIGNED
    return Stored(
        texts={name: (body + begin, body + behind) for name, (begin, behind) in header["texts"].items()},
        arrays={
            name: np.frombuffer(view[body + begin : body + behind], dtype=dtype)
            for name, (dtype, begin, behind) in header["arrays"].items()
        },
        buffer=view,
    )
