"""What the matching engine finds and what it costs, beside open baselines: `python benchmarks/matching.py [--help]`.

The test is composed from the vocabulary by a seed: profiles in one language each, with offers and needs drawn from some
sub-fields. `--known 0.75` takes a quarter of the tested concepts out of the engine's vocabulary first, as they are in
real texts. `--instances DIR` reads concepts.jsonl and profiles.jsonl made by somebody else instead.
"""

import argparse
import importlib.util
import json
import math
import multiprocessing
import platform
import random
import resource
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array, csr_matrix

from kontor.topics.analysis import compile_vocabulary, lexicon, vocabulary
from kontor.topics.vocabulary import LANGUAGES, Vocabulary
from kontor_engines.matching import Lexicon, Profile, Query, balance, prepare, rank
from kontor_engines.matching._packed import Packed

FRAMES = {
    "de": (
        ("Wir bieten {}.", "Schwerpunkte unseres Hauses sind {}."),
        ("Wir suchen Partner für {}.", "Bedarf: {}."),
    ),
    "en": (
        ("We offer {}.", "Our portfolio covers {}."),
        ("We are looking for partners in {}.", "We need {}."),
    ),
    "zh": (("我们提供{}。", "公司主营{}。"), ("我们正在寻找{}方面的合作伙伴。", "诚寻{}供应商。")),
}
JOINTS = {"de": (", ", " und "), "en": (", ", " and "), "zh": ("、", "和")}

System = Callable[[Sequence[Profile], Sequence[Query], str], list[list[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """Profiles with what they really offer and seek."""

    profiles: tuple[Profile, ...]
    offered: Mapping[str, frozenset[str]]
    sought: Mapping[str, frozenset[str]]
    group: Mapping[str, str]
    """Concept → its sub-field."""
    askers: tuple[str, ...]

    def fit(self, seeker: str, offerer: str) -> int:
        """2: a concept in common; 1: a sub-field; 0: nothing."""
        wanted, offered = self.sought[seeker], self.offered[offerer]
        if wanted & offered:
            return 2
        return int(bool({self.group[name] for name in wanted} & {self.group[name] for name in offered}))

    def gain(self, asker: str, other: str, mode: str) -> int:
        """Relevance of a partner: in mode reciprocal the weaker direction decides."""
        forward = self.fit(asker, other)
        return forward if mode == "oneway" else min(forward, self.fit(other, asker))


def composed(source: Vocabulary, *, seed: int, num_profiles: int) -> Test:
    """A test from concepts of 24 sub-fields of the vocabulary, drawn by the seed."""
    draw = random.Random(seed)
    groups = [c for c in source if c.broader is not None and len(source.narrower(c.id)) >= 6]
    members = {group.id: draw.sample(source.narrower(group.id), 6) for group in draw.sample(groups, 24)}
    names = sorted(members)
    profiles, offered, sought = [], {}, {}
    for number in range(num_profiles):
        language = LANGUAGES[number % 3]
        sides = []
        for frames in FRAMES[language]:
            chosen = draw.sample(members[draw.choice(names)], draw.choice((2, 3)))
            words = [draw.choice(concept.labels[language][:2]) for concept in chosen]
            comma, last = JOINTS[language]
            text = draw.choice(frames).format(comma.join(words[:-1]) + last + words[-1])
            sides.append((text, frozenset(concept.id for concept in chosen)))
        name = f"p{number}"
        profiles.append(Profile(id=name, language=language, offers=sides[0][0], seeks=sides[1][0]))
        offered[name], sought[name] = sides[0][1], sides[1][1]
    group = {concept.id: name for name, found in members.items() for concept in found}
    askers = tuple(profile.id for profile in profiles[: num_profiles // 6])
    return Test(profiles=tuple(profiles), offered=offered, sought=sought, group=group, askers=askers)


def read_test(folder: Path) -> Test:
    """A test that somebody else made."""
    concepts = [json.loads(line) for line in (folder / "concepts.jsonl").open(encoding="utf-8")]
    rows = [json.loads(line) for line in (folder / "profiles.jsonl").open(encoding="utf-8")]
    return Test(
        profiles=tuple(
            Profile(id=row["id"], language=row["lang"], offers=row["offers"], seeks=row["seeks"])
            for row in rows
        ),
        offered={row["id"]: frozenset(row["gold_offers"]) for row in rows},
        sought={row["id"]: frozenset(row["gold_seeks"]) for row in rows},
        group={row["id"]: row["sub"] for row in concepts},
        askers=tuple(row["id"] for row in rows if row["role"] == "query"),
    )


def without(source: Vocabulary, tested: Sequence[str], *, known: float, seed: int) -> Vocabulary:
    """The vocabulary less some of the tested concepts."""
    hidden = {name for name in tested if random.Random(f"{seed}{name}").random() >= known}
    kept = [
        replace(concept, related=tuple(other for other in concept.related if other not in hidden))
        for concept in source
        if concept.id not in hidden
    ]
    return Vocabulary(concepts=tuple(kept))


# Systems ------------------------------------------------------------------------------------------------------


def kontor(known: Lexicon) -> System:
    """The engine."""

    def ask(profiles: Sequence[Profile], queries: Sequence[Query], mode: str) -> list[list[str]]:
        prepared = prepare(profiles, known)
        found = rank(prepared, queries, mode="oneway" if mode == "oneway" else "reciprocal", top=10)
        return [[match.id for match in ranking.matches] for ranking in found]

    return ask


def character_ngrams(profiles: Sequence[Profile], queries: Sequence[Query], mode: str) -> list[list[str]]:
    """TF-IDF over runs of two to four characters, cosine; both directions by the harmonic mean."""
    texts = [text.casefold() for profile in profiles for text in (profile.offers, profile.seeks)]
    counts = [Counter(t[i : i + n] for n in (2, 3, 4) for i in range(len(t) - n + 1)) for t in texts]
    columns = {
        gram: place for place, gram in enumerate(dict.fromkeys(gram for found in counts for gram in found))
    }
    documents = Counter(gram for found in counts for gram in found)
    rows, places, values = [], [], []
    for row, found in enumerate(counts):
        for gram, count in found.items():
            rows.append(row)
            places.append(columns[gram])
            values.append((1 + math.log(count)) * math.log(len(texts) / documents[gram]))
    matrix = csr_array((values, (rows, places)), shape=(len(texts), len(columns)))
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    matrix = csr_array(matrix.multiply(1 / np.where(lengths > 0, lengths, 1)[:, None]))
    forward = np.asarray((matrix[1::2] @ matrix[0::2].T).todense())
    return _ranked(profiles, queries, mode, forward)


def bm25(profiles: Sequence[Profile], queries: Sequence[Query], mode: str) -> list[list[str]]:
    """bm25s over words, or over single characters where they are Chinese."""
    import bm25s  # type: ignore[import-not-found]  # an optional baseline

    def tokens(text: str) -> list[str]:
        spaced = "".join(f" {char} " if "\u4e00" <= char <= "\u9fff" else char for char in text.casefold())
        return [word.strip(".,、。") for word in spaced.split()]

    index = bm25s.BM25()
    index.index([tokens(profile.offers) for profile in profiles], show_progress=False)
    forward = np.array([index.get_scores(tokens(profile.seeks)) for profile in profiles])
    return _ranked(profiles, queries, mode, forward)


def _ranked(
    profiles: Sequence[Profile], queries: Sequence[Query], mode: str, forward: np.ndarray
) -> list[list[str]]:
    score = forward
    if mode == "reciprocal":
        total = forward + forward.T
        score = np.divide(2 * forward * forward.T, total, out=np.zeros_like(total), where=total > 0)
    place = {profile.id: number for number, profile in enumerate(profiles)}
    lists = []
    for query in queries:
        own = place[query.self_id or ""]
        order = np.argsort(-score[own], kind="stable")
        lists.append(
            [
                profiles[other].id
                for other in order
                if other != own and score[own, other] > 0 and profiles[other].language == query.pool
            ][:10]
        )
    return lists


# Measurements -------------------------------------------------------------------------------------------------


def measure_quality(test: Test, systems: Mapping[str, System]) -> list[str]:
    """Rows of a table: nDCG@10 and recall@10 of the exact partners, across languages and within one."""
    lines = [
        "| system | mode | cross nDCG@10 | recall@10 | worst pair | same language | seconds |",
        "|---|---|" + "---|" * 5,
    ]
    by_id = {profile.id: profile for profile in test.profiles}
    queries = [
        Query(profile=by_id[asker], pool=pool, self_id=asker) for asker in test.askers for pool in LANGUAGES
    ]
    for name, system in systems.items():
        for mode in ("oneway", "reciprocal"):
            begun = time.perf_counter()
            found = system(test.profiles, queries, mode)
            seconds = time.perf_counter() - begun
            pairs: defaultdict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
            for query, ids in zip(queries, found, strict=True):
                gains = {
                    other.id: test.gain(query.profile.id, other.id, mode)
                    for other in test.profiles
                    if other.language == query.pool and other.id != query.profile.id
                }
                exact = {name for name, gain in gains.items() if gain == 2}
                if exact:
                    scored = _ndcg(ids, gains), len(exact & set(ids)) / min(10, len(exact))
                    pairs[query.profile.language or "", query.pool or ""].append(scored)
            means = {
                pair: [statistics.fmean(column) for column in zip(*rows, strict=True)]
                for pair, rows in pairs.items()
            }
            cross = [mean for pair, mean in means.items() if pair[0] != pair[1]]
            same = [mean for pair, mean in means.items() if pair[0] == pair[1]]
            lines.append(
                f"| {name} | {mode} | {statistics.fmean(m[0] for m in cross):.3f} "
                f"| {statistics.fmean(m[1] for m in cross):.3f} | {min(m[0] for m in cross):.3f} "
                f"| {statistics.fmean(m[0] for m in same):.3f} | {seconds:.1f} |"
            )
    return lines


def _ndcg(ids: Sequence[str], gains: Mapping[str, int]) -> float:
    reached = sum((2 ** gains.get(name, 0) - 1) / math.log2(place + 2) for place, name in enumerate(ids[:10]))
    ideal = sorted(gains.values(), reverse=True)[:10]
    return float(reached / sum((2**gain - 1) / math.log2(place + 2) for place, gain in enumerate(ideal)))


def ticked(num_profiles: int, known: Lexicon, *, seed: int) -> list[Profile]:
    """Profiles with four topics on each side, some far more popular than others."""
    draw = np.random.default_rng(seed)
    leaves = [n for n, above in enumerate(known.parent) if above >= 0 and known.parent[above] >= 0]
    chances = 1 / np.sqrt(np.arange(1, len(leaves) + 1))
    chosen = draw.choice(draw.permutation(leaves), size=(num_profiles, 2, 4), p=chances / chances.sum())
    return [
        Profile(
            id=str(number),
            language=LANGUAGES[number % 3],
            topics_offered=tuple(dict.fromkeys(known.ids[concept] for concept in sides[0].tolist())),
            topics_sought=tuple(dict.fromkeys(known.ids[concept] for concept in sides[1].tolist())),
        )
        for number, sides in enumerate(chosen)
    ]


def measure_speed(num_profiles: int) -> list[str]:
    """Preparing, ranking everybody without reasons, and one edited profile with its text and reasons.

    To be called in a process of its own, for the peak of the memory.
    """
    from kontor_engines.matching import _asked, _kernel  # the part without reasons has no public name

    known = lexicon()
    profiles = ticked(num_profiles, known, seed=1)
    begun = time.perf_counter()
    prepared = prepare(profiles, known)
    preparing = time.perf_counter() - begun
    asked = _asked.Asked(
        is_oneway=np.zeros(num_profiles, dtype=np.bool_),
        pools=np.full(num_profiles, -1, dtype=np.int32),
        selves=np.arange(num_profiles, dtype=np.int32),
    )
    few = _asked.Asked(is_oneway=asked.is_oneway[:2], pools=asked.pools[:2], selves=asked.selves[:2])
    _kernel.best_partners_compiled(prepared.packed, prepared, few, width=20)  # compiled on first use
    ranking, processor = _timed(
        lambda: _kernel.best_partners_compiled(prepared.packed, prepared, asked, width=20)
    )
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    edits, used = [], []
    for number, profile in enumerate(profiles[:200]):
        edited = replace(profile, seeks=f"Wir suchen Leistungselektronik und Wellenfederkupplungen {number}.")
        elapsed, busy = _timed(lambda one=edited: rank(prepared, [one]))  # type: ignore[misc]
        edits.append(1000 * elapsed)
        used.append(1000 * busy)
    edit = f"{_p95(edits):.1f} ({_p95(used):.1f})"
    figures = f"{preparing:.1f} | {ranking:.2f} | {processor:.2f} | {memory} | {edit}"
    lines = [f"| kontor, both directions | {num_profiles} | {figures} |"]
    if importlib.util.find_spec("sparse_dot_topn"):
        ranking, processor = _timed(lambda: _one_way_product(prepared.packed))
        lines.append(
            f"| sparse_dot_topn, one direction | {num_profiles} | | {ranking:.2f} | {processor:.2f} | | |"
        )
    return lines


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock, and seconds of all processors together."""
    begun, used = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - begun, time.process_time() - used


def _one_way_product(packed: Packed) -> object:
    """The best twenty of needs times offers: a sum where the engine takes the best offer for each need."""
    from sparse_dot_topn import sp_matmul_topn  # type: ignore[import-not-found]  # an optional baseline

    num_profiles, num_keys = len(packed.languages), int(packed.offers.targets.max()) + 1
    owners = csr_array(
        (packed.weights.astype(np.float32), packed.unit_kinds, packed.unit_starts),
        shape=(num_profiles, len(packed.kinds.starts) - 1),
    )
    kinds, offers = (
        csr_array(
            (lists.strengths.astype(np.float32), lists.targets, lists.starts),
            shape=(len(lists.starts) - 1, max(num_keys, int(packed.kinds.targets.max()) + 1)),
        )
        for lists in (packed.kinds, packed.offers)
    )
    return sp_matmul_topn(csr_matrix(owners @ kinds), csr_matrix(offers.T), top_n=20, n_threads=2)


def measure_fairness(known: Lexicon, *, num_profiles: int = 2500) -> list[str]:
    """How often everybody is shown in lists of ten, plain and balanced."""
    profiles = ticked(num_profiles, known, seed=2)
    long = rank(prepare(profiles, known), top=100, neighbours=100)
    plain = [replace(ranking, matches=ranking.matches[:10]) for ranking in long]
    best = sum(match.score for ranking in plain for match in ranking.matches)
    lines = []
    for name, lists in (("plain", plain), ("balanced", balance(long, top=10))):
        shown = Counter(match.id for ranking in lists for match in ranking.matches)
        counts = [shown[profile.id] for profile in profiles]
        total = sum(match.score for ranking in lists for match in ranking.matches)
        lines.append(
            f"| {name} | {counts.count(0) / num_profiles:.2%} | {sum(c < 3 for c in counts) / num_profiles:.2%} "
            f"| {max(counts)} | {total / best:.2%} |"
        )
    return lines


def main() -> None:
    """Print everything as Markdown."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--instances", type=Path, help="folder with concepts.jsonl and profiles.jsonl")
    parser.add_argument(
        "--known", type=float, default=0.75, help="share of the tested concepts that the engine knows"
    )
    parser.add_argument("--profiles", type=int, default=600, help="size of the composed test")
    parser.add_argument(
        "--sizes", type=int, nargs="*", default=[2000, 20000], help="numbers of profiles to time"
    )
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()

    print(f"{platform.platform()}, Python {platform.python_version()}, {len(vocabulary())} concepts\n")
    begun = time.perf_counter()
    lexicon.__wrapped__()
    print(f"Start of the engine (vocabulary from its file): {1000 * (time.perf_counter() - begun):.0f} ms\n")

    if arguments.instances:
        test = read_test(arguments.instances)
        systems: dict[str, System] = {"kontor": kontor(lexicon())}
    else:
        test = composed(vocabulary(), seed=arguments.seed, num_profiles=arguments.profiles)
        partial = without(vocabulary(), sorted(test.group), known=arguments.known, seed=arguments.seed)
        systems = {
            "kontor, every concept known": kontor(lexicon()),
            f"kontor, {arguments.known:.0%} known": kontor(compile_vocabulary(partial)),
        }
    systems["character n-grams, TF-IDF"] = character_ngrams
    if importlib.util.find_spec("bm25s"):
        systems["bm25s"] = bm25
    print("\n".join(measure_quality(test, systems)))

    print(
        "\n| all pairs, top 20 | profiles | prepare s | s | processor s | peak MiB | one edit p95 ms (processor) |"
    )
    print("|---|" + "---|" * 6)
    for size in arguments.sizes:
        with multiprocessing.get_context("spawn").Pool(1) as process:
            print("\n".join(process.apply(measure_speed, (size,))), flush=True)
    print(
        "\n| lists of ten, 2,500 profiles | never shown | fewer than 3 times | most | of the best score |\n|---|---|---|---|---|"
    )
    print("\n".join(measure_fairness(lexicon())))


if __name__ == "__main__":
    main()
