"""Which language two people meet in, and whether they need an interpreter (R14): by levels, never by nationality."""

from collections.abc import Iterable, Mapping

GOOD_ENOUGH = frozenset({"B2", "C1", "C2"})
_RANK = {level: rank for rank, level in enumerate(("A1", "A2", "B1", "B2", "C1", "C2"))}
# Where several common languages serve, the one in which the weaker side is stronger; then the more widely used one.
_PREFERENCE = ("en", "zh", "de")
_INTERPRETED = ("de", "en", "zh")


def common_language(sides: Iterable[Mapping[str, str]]) -> str:
    """The language that all of these people (code → level) speak at B2 or better, or an empty string."""
    people = list(sides)
    shared = {code for code in people[0] if all(person.get(code) in GOOD_ENOUGH for person in people)}
    if not shared:
        return ""
    return max(
        shared,
        key=lambda code: (
            min(_RANK[person[code]] for person in people),
            -_PREFERENCE.index(code) if code in _PREFERENCE else -len(_PREFERENCE),
        ),
    )


def interpreted_pair(first: Mapping[str, str], second: Mapping[str, str]) -> str:
    """The sorted pair of languages to interpret between, each side's strongest; e.g. "de-zh".

    Where one of them speaks none of German, English, Chinese well enough, the pair names their strongest languages:
    nobody may serve it, and the plan then says so. Empty when nothing is known of a side's languages.
    """
    pairs = [
        (_RANK[first[one]] + _RANK[second[two]], "-".join(sorted((one, two))))
        for one in _INTERPRETED
        for two in _INTERPRETED
        if one != two and first.get(one) in GOOD_ENOUGH and second.get(two) in GOOD_ENOUGH
    ]
    if pairs:
        return min(pairs, key=lambda pair: (-pair[0], pair[1]))[1]
    if not first or not second:
        return ""
    one, two = (max(sorted(side), key=lambda code: _RANK[side[code]]) for side in (first, second))
    return "-".join(sorted((one, two))) if one != two else ""
