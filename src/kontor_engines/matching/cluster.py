"""The ranking of `_kernel` on the workers of a Dask cluster: who asks is divided into tiles, a task is the key of one.

>>> from kontor_engines.matching.cluster import rank_tiles, write_tiles  # needs kontor[dask]

A worker maps the arrays from files that all machines see, ranks one tile on one thread, and leaves the result beside them
as a file; only keys travel. What is there is never worked out again: a worker may die at any moment, and so may the caller.
"""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from uuid import uuid4

import numpy as np
from distributed import Client
from numpy.typing import NDArray

from kontor_engines.matching._asked import Asked, Best
from kontor_engines.matching._index import Indexed, Prepared
from kontor_engines.matching._kernel import best_partners_compiled
from kontor_engines.matching._types import Mode

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Table = TypeVar("Table", bound="DataclassInstance")

_RESULTS = "results"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """The key of a task: whose best partners are sought, and how."""

    folder: Path
    mode: Mode
    top: int
    first: int
    """Place of the first profile that asks."""
    behind: int
    """Place behind the last one."""

    @property
    def path(self) -> Path:
        """Where the result belongs; the name says all that it depends on beside the arrays."""
        return self.folder / _RESULTS / f"{self.mode}-{self.top}-{self.first}-{self.behind}.npz"


def write_tiles(prepared: Prepared, folder: Path) -> None:
    """Write what the workers read into a new folder, which is there only when it is complete.

    It must be new (FileExistsError): results of other profiles would be taken for those of these.
    """
    if folder.exists():
        msg = f"write_tiles: {folder} is there already"
        raise FileExistsError(msg)
    part = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    _write(Indexed, prepared, part)
    (part / _RESULTS).mkdir()
    part.rename(folder)


def tiles_of(folder: Path, *, mode: Mode = "reciprocal", top: int = 20, askers: int = 1024) -> list[Tile]:
    """Everybody who was written, `askers` at a time; one empty tile for nobody."""
    if top < 1 or askers < 1:
        msg = f"tiles_of: top and askers must be at least 1, not {top} and {askers}"
        raise ValueError(msg)
    num_profiles = len(_array(folder / "packed" / "languages.npy"))
    return [
        Tile(
            folder=folder.absolute(),
            mode=mode,
            top=top,
            first=first,
            behind=min(first + askers, num_profiles),
        )
        for first in range(0, max(num_profiles, 1), askers)
    ]


def rank_tiles(tiles: Sequence[Tile], client: Client) -> Best:
    """The best partners of everybody in these tiles, in their order: places of profiles, and scores, as on one machine.

    They carry no reasons; `rank` finds those when somebody looks at a list. Raises what a worker raised, or Dask's
    KilledWorker when a tile died with several of them; to call again goes on with what is missing.
    """
    client.gather(client.map(_rank_tile, tiles, pure=False))  # type: ignore[no-untyped-call]  # Dask's
    found = [_read(tile) for tile in tiles]
    return Best(
        partners=np.concatenate([best.partners for best in found]),
        scores=np.concatenate([best.scores for best in found]),
    )


def _rank_tile(tile: Tile) -> None:
    """What a worker does."""
    # From an earlier call; or Dask asks again for all that a worker had answered which then died.
    if tile.path.exists():
        return
    indexed = _mapped(Indexed, tile.folder)
    num_askers = tile.behind - tile.first
    best = best_partners_compiled(
        indexed.packed.part(tile.first, tile.behind),
        indexed,
        Asked(
            is_oneway=np.full(num_askers, tile.mode == "oneway"),
            pools=np.full(num_askers, -1, dtype=np.int32),
            selves=np.arange(tile.first, tile.behind, dtype=np.int32),
        ),
        width=min(tile.top, len(indexed.packed.languages)),
        num_threads=1,
    )
    # A name of its own: two workers may hold the same tile for a while, when one was only thought to be dead.
    part = tile.path.with_suffix(f".{uuid4().hex}")
    with part.open("wb") as file:
        np.savez(file, partners=best.partners, scores=best.scores)
        file.flush()
        os.fsync(file.fileno())
    part.replace(tile.path)


def _read(tile: Tile) -> Best:
    with np.load(tile.path, allow_pickle=False) as stored:
        return Best(partners=stored["partners"], scores=stored["scores"])


def _write(kind: type, table: object, folder: Path) -> None:
    """A file for each array, a folder for each table in the table."""
    folder.mkdir(parents=True)
    for field in fields(kind):
        value = getattr(table, field.name)
        if isinstance(field.type, type) and is_dataclass(field.type):
            _write(field.type, value, folder / field.name)
        else:
            np.save(folder / f"{field.name}.npy", value, allow_pickle=False)


def _mapped(kind: type[Table], folder: Path) -> Table:
    """What `_write` wrote; a page of it is read when it is touched."""
    return kind(
        **{
            field.name: _mapped(field.type, folder / field.name)
            if isinstance(field.type, type) and is_dataclass(field.type)
            else _array(folder / f"{field.name}.npy")
            for field in fields(kind)
        }
    )


def _array(path: Path) -> NDArray[np.generic]:
    # Mode "c" shares the pages among processes like "r", but gives the kind of array that the kernel is compiled for.
    return np.asarray(np.load(path, mmap_mode="c", allow_pickle=False))
