"""Ranking in tiles on a cluster: the same result as on one machine, whoever dies meanwhile."""

import json
import random
import subprocess
import sys

import numpy as np
import pytest
from distributed import Client, LocalCluster

from kontor_engines.matching import LANGUAGES, Profile, prepare
from kontor_engines.matching._asked import Asked
from kontor_engines.matching._kernel import best_partners_compiled
from kontor_engines.matching.cluster import rank_tiles, tiles_of, write_tiles


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """Two worker processes with one thread each; Dask starts one anew that dies."""
    with (
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            local_directory=str(tmp_path_factory.mktemp("workers")),
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def prepared(lexicon):
    """Three hundred profiles that tick topics; some of one organisation, some without needs or offers."""
    draw = random.Random(7)
    return prepare(
        [
            Profile(
                id=str(number),
                language=draw.choice(LANGUAGES),
                topics_offered=tuple(draw.sample(lexicon.ids, draw.randint(0, 4))),
                topics_sought=tuple(draw.sample(lexicon.ids, draw.randint(0, 4))),
                organisation=draw.choice([None, "a", "b"]),
            )
            for number in range(300)
        ],
        lexicon,
    )


def on_one_machine(prepared, *, oneway=False, top=20):
    size = len(prepared.profiles)
    asked = Asked(
        is_oneway=np.full(size, oneway),
        pools=np.full(size, -1, dtype=np.int32),
        selves=np.arange(size, dtype=np.int32),
    )
    return best_partners_compiled(prepared.packed, prepared, asked, width=min(top, size))


def same(one, other):
    return np.array_equal(one.partners, other.partners) and np.array_equal(one.scores, other.scores)


@pytest.mark.parametrize("mode", ["reciprocal", "oneway"])
def test_tiles_give_what_one_machine_gives_to_the_last_digit(mode, client, prepared, tmp_path):
    write_tiles(prepared, tmp_path / "tiles")
    tiles = tiles_of(tmp_path / "tiles", mode=mode, top=7, askers=64)
    assert [(tile.first, tile.behind) for tile in tiles] == [
        (0, 64), (64, 128), (128, 192), (192, 256), (256, 300),
    ]  # fmt: skip
    expected = on_one_machine(prepared, oneway=mode == "oneway", top=7)
    assert same(rank_tiles(tiles, client), expected)
    (last,) = tiles[-1:]
    some = rank_tiles([last, tiles[0]], client)
    assert np.array_equal(some.partners, np.concatenate([expected.partners[256:], expected.partners[:64]]))


def test_what_is_there_is_not_worked_out_again(client, prepared, tmp_path):
    write_tiles(prepared, tmp_path / "tiles")
    tiles = tiles_of(tmp_path / "tiles", askers=100)
    first = rank_tiles(tiles, client)
    tiles[1].path.unlink()
    kept = [tile.path.stat().st_mtime_ns for tile in (tiles[0], tiles[2])]
    assert same(rank_tiles(tiles, client), first)
    assert [tile.path.stat().st_mtime_ns for tile in (tiles[0], tiles[2])] == kept


def test_a_worker_that_is_killed_while_it_writes_loses_nothing(client, prepared, tmp_path):
    write_tiles(prepared, tmp_path / "tiles")
    tiles = tiles_of(tmp_path / "tiles", askers=10)
    victim = tmp_path / "victim"

    def own_number():
        import os

        return os.getpid()

    def die_in_the_middle_of_the_third_file(victim, results):
        import json
        import os
        import signal

        real, calls = os.fsync, []

        def fsync(number):
            calls.append(number)
            if len(calls) == 3:
                os.fsync = real
                try:
                    file = victim.open("x")
                except FileExistsError:  # the other worker was first
                    return
                with file:
                    there = {path.name: path.stat().st_mtime_ns for path in results.glob("*.npz")}
                    json.dump({"number": os.getpid(), "there": there}, file)
                os.kill(os.getpid(), signal.SIGKILL)

        os.fsync = fsync

    before = client.run(own_number).values()
    results = tiles[0].path.parent
    client.run(die_in_the_middle_of_the_third_file, victim, results)
    assert same(rank_tiles(tiles, client), on_one_machine(prepared))
    client.wait_for_workers(2, timeout=120)
    dead = json.loads(victim.read_text())
    assert dead["number"] in set(before) - set(client.run(own_number).values())
    assert len(dead["there"]) >= 2
    assert {name: (results / name).stat().st_mtime_ns for name in dead["there"]} == dead["there"]
    left = set(results.iterdir()) - {tile.path for tile in tiles}
    assert len(left) == 1  # what the victim had begun


def test_results_of_other_profiles_are_never_taken_for_those_of_these(prepared, tmp_path):
    write_tiles(prepared, tmp_path / "tiles")
    with pytest.raises(FileExistsError, match=r"^write_tiles: .+ is there already$"):
        write_tiles(prepared, tmp_path / "tiles")


def test_profiles_without_needs_and_offers_have_no_partners(client, lexicon, tmp_path):
    write_tiles(prepare([Profile(id="a"), Profile(id="b")], lexicon), tmp_path / "tiles")
    best = rank_tiles(tiles_of(tmp_path / "tiles"), client)
    assert (best.partners.tolist(), best.scores.tolist()) == ([[-1, -1]] * 2, [[0.0, 0.0]] * 2)


def test_nobody_has_no_partners(client, lexicon, tmp_path):
    write_tiles(prepare([], lexicon), tmp_path / "tiles")
    assert rank_tiles(tiles_of(tmp_path / "tiles"), client).partners.shape == (0, 0)


def test_a_list_and_a_tile_hold_at_least_one(prepared, tmp_path):
    write_tiles(prepared, tmp_path / "tiles")
    with pytest.raises(ValueError, match="must be at least 1, not 0 and 10"):
        tiles_of(tmp_path / "tiles", top=0, askers=10)


def test_the_engine_alone_does_not_load_dask():
    command = "import sys, kontor_engines.matching, kontor_engines.matching._kernel as k; print('dask' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
