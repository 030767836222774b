"""What a million profiles cost in tiles on a Dask cluster of this machine: `python benchmarks/matching_large.py [--help]`.

All tiles take an hour of processor time; `--tiles 16` takes as many, evenly spread, and says what all would take. With
`--folder` the files stay: a run that was ended goes on where it stood.
"""

import argparse
import multiprocessing
import os
import platform
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
from distributed import Client, LocalCluster
from matching import ticked

from kontor.topics.analysis import lexicon
from kontor_engines.matching import prepare
from kontor_engines.matching.cluster import rank_tiles, tiles_of, write_tiles

ROUND = 32  # tiles after which progress is told
CHECKED = 16  # askers who are ranked again together


def build(num_profiles: int, folder: Path) -> str:
    """Prepare and write; in a process of its own, for the peak of the memory."""
    known = lexicon()
    begun = time.perf_counter()
    profiles = ticked(num_profiles, known, seed=1)
    invented = time.perf_counter()
    prepared = prepare(profiles, known)
    ready = time.perf_counter()
    write_tiles(prepared, folder)
    written = time.perf_counter() - ready
    size = sum(path.stat().st_size for path in folder.rglob("*.npy")) >> 20
    return (
        f"Inventing {num_profiles} profiles {invented - begun:.0f} s, preparing {ready - invented:.0f} s, writing {size} MiB "
        f"{written:.1f} s; processor {time.process_time():.0f} s, peak {used()[1]} MiB"
    )


def used() -> tuple[float, int]:
    """Processor seconds of this process, and the peak of its memory in MiB, mapped files included."""
    found = resource.getrusage(resource.RUSAGE_SELF)
    return found.ru_utime + found.ru_stime, found.ru_maxrss // 1024


def measure(folder: Path, *, num_tiles: int | None, askers: int, num_workers: int) -> str:
    """Rank tiles, all or as many as are asked for, and say what all would take; a line after every round."""
    everything = tiles_of(folder, askers=askers)
    missing = [tile for tile in everything if not tile.path.exists()]
    if not missing:
        return f"All {len(everything)} tiles are there."
    if num_tiles is None:
        chosen = missing
    else:
        places = np.linspace(0, len(missing) - 1, min(num_tiles, len(missing))).astype(int)
        chosen = [missing[place] for place in places]
    with (
        LocalCluster(n_workers=num_workers, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        before = client.run(used)
        begun = time.perf_counter()
        for first in range(0, len(chosen), ROUND):
            rank_tiles(chosen[first : first + ROUND], client)
            after = client.run(used)
            seconds = time.perf_counter() - begun
            processor = sum(after[worker][0] - before[worker][0] for worker in after)
            done = min(first + ROUND, len(chosen))
            load = " ".join(f"{load:.1f}" for load in os.getloadavg())
            print(
                f"{done} of {len(chosen)} tiles after {seconds:.0f} s, processor {processor:.0f} s, load {load}",
                flush=True,
            )
    total = processor * everything[-1].behind / sum(tile.behind - tile.first for tile in chosen)
    minutes = " | ".join(f"{total / workers / 60:.1f}" for workers in (2, 16, 64))
    each = f"{processor / len(chosen):.2f}"
    peak = max(memory for _, memory in after.values())
    size = sum(tile.path.stat().st_size for tile in chosen) >> 20
    return (
        "\n| tiles ranked | of | askers each | workers | s | processor s per tile | peak MiB of a worker | MiB written "
        "| minutes for all: 2 workers | 16 | 64 |\n"
        f"|---|{10 * '---|'}\n"
        f"| {len(chosen)} | {len(everything)} | {askers} | {num_workers} | {seconds:.1f} | {each} | {peak} | {size} "
        f"| {minutes} |"
    )


def check(folder: Path, *, askers: int) -> str:
    """Rank some of those ranked once more, divided otherwise and in one process, and compare."""
    tiles = tiles_of(folder, askers=askers)
    ranked = [t for t in tiles_of(folder, askers=CHECKED) if tiles[t.first // askers].path.exists()]
    chosen = ranked[:: max(1, len(ranked) // 16)][:16]
    for tile in chosen:
        tile.path.unlink(missing_ok=True)
    with Client(processes=False, n_workers=1, threads_per_worker=1, dashboard_address=None) as client:
        again = rank_tiles(chosen, client)
        found = [rank_tiles([tiles[tile.first // askers]], client) for tile in chosen]
    rows = [slice(tile.first % askers, tile.first % askers + CHECKED) for tile in chosen]
    partners = np.concatenate([best.partners[part] for best, part in zip(found, rows, strict=True)])
    scores = np.concatenate([best.scores[part] for best, part in zip(found, rows, strict=True)])
    same = (partners == again.partners).all(axis=1) & (scores == again.scores).all(axis=1)
    return (
        f"{same.sum()} of {len(same)} askers ranked again in one process have the same partners and scores."
    )


def main() -> None:
    """Print everything as Markdown."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--profiles", type=int, default=1_000_000)
    parser.add_argument("--tiles", type=int, help="rank only so many of the tiles that are missing")
    parser.add_argument(
        "--askers", type=int, default=1024, help=f"profiles of a tile, a multiple of {CHECKED}"
    )
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument(
        "--folder", type=Path, help="keep the files here, and go on with those that are there"
    )
    arguments = parser.parse_args()

    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores\n")
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.folder or Path(temporary) / "tiles"
        if not folder.exists():
            with multiprocessing.get_context("spawn").Pool(1) as process:
                print(process.apply(build, (arguments.profiles, folder)), end="\n\n", flush=True)
        print(
            measure(folder, num_tiles=arguments.tiles, askers=arguments.askers, num_workers=arguments.workers)
        )
        print(check(folder, askers=arguments.askers))


if __name__ == "__main__":
    main()
