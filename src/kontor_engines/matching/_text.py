"""Normal forms of words in German, English and Chinese, always with their place in the original text."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

LANGUAGES = ("de", "en", "zh")

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
HAN_RUN = re.compile(f"[{_HAN}]+")
_HAN_SPACE = re.compile(rf"(?<=[{_HAN}])[^\S\n]+|[^\S\n]+(?=[{_HAN}])")
# Combining marks, soft hyphens and zero-width characters belong to the word they stand in.
_JOINERS = "\u00ad\u0300-\u036f\u200b-\u200d\u2060\ufeff"
_WORD = re.compile(rf"[^\W_{_HAN}](?:[^\W_{_HAN}]|[{_JOINERS}])*(?:\+\+|#)?")
# What may stand inside one term: spaces, hyphens, slashes, an ampersand, a dot without a space, apostrophes.
_INSIDE_TERM = re.compile(r"(?:[^\S\n]|[-‐‑‒–/&'’®™]|\.(?!\s))*")
_ELLIPSIS = re.compile(r"[-‐‑‒–](?=[\s,/])")
_INVISIBLE = re.compile(f"[{_JOINERS}]")
_LONGEST_WORD = 80  # longer "words" are noise (keys, encodings); cutting them keeps hostile texts cheap


@dataclass(frozen=True, slots=True)
class Word:
    """One word of an alphabetic script in a text (built by position: a text has many)."""

    start: int
    end: int
    surface: str
    folded: str
    """Lower case, without diacritics and invisible characters."""
    joins_next: bool
    """Whether the following word may belong to the same term (no comma, bracket or line end between)."""
    is_elliptic: bool
    """Whether a hyphen hangs open after the word, as in "Mess- und Regeltechnik"."""


def fold_german(text: str) -> str:
    """Lower case with ae for ä and ss for ß: German words folded, many at once."""
    return text.casefold().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """Lower case without diacritics: "Größe" and "GROESSE" become "groesse", "Ｃafé" becomes "cafe"."""
    plain = fold_german(unicodedata.normalize("NFKC", word))
    decomposed = unicodedata.normalize("NFKD", plain)
    return "".join(
        char for char in decomposed if not unicodedata.combining(char) and not _INVISIBLE.match(char)
    )


def words_of(text: str) -> list[Word]:
    """Every alphabetic word of the text, in order."""
    found = list(_WORD.finditer(text))
    words = []
    for place, match in enumerate(found):
        end = match.end()
        following = found[place + 1].start() if place + 1 < len(found) else None
        joins = following is not None and _INSIDE_TERM.fullmatch(text, end, following) is not None
        surface = match.group()[:_LONGEST_WORD]
        elliptic = _ELLIPSIS.match(text, end) is not None
        words.append(Word(match.start(), end, surface, fold(surface), joins, elliptic))
    return words


def folded_words(text: str) -> list[str]:
    """The words of `words_of`, folded, without what stands between them."""
    return [fold(match.group()[:_LONGEST_WORD]) for match in _WORD.finditer(text)]


_DIGRAPHS = re.compile("ae|oe|(?<![aeq])ue")
# Endings of case and number, Latin ones too ("Ministerium", "Ministerien"; "Kosmetikum", "Kosmetika"; "Prisma",
# "Prismen"); "System" and "Station" only look as if they had one, and the s of "Kurs" and "Abgas" belongs to the word.
_DE_ENDING = re.compile(
    "(?<=.{4})(?:ern|en|er|(?<!syst)(?<!probl)(?<!theor)em|es|e|(?<=[elr])n|(?<![siu])(?<!kur|pul|.ga|gla)s"
    "|(?<=[eikr])um|(?<=ik)a|(?<=m)a|(?<=ism)us)$"
)


@lru_cache(maxsize=65_536)
def stem_german(folded: str) -> str:
    """Without the ending of case and number: mostly one form for singular and plural, for ph and f."""
    return _DE_ENDING.sub("", folded).replace("ph", "f")


def without_umlauts(folded: str) -> str:
    """What the singular of a plural with umlauts may look like: "vertraege" becomes "vertrage"."""
    return _DIGRAPHS.sub(lambda match: match.group()[0], folded)


_BRITISH = (
    (re.compile("isation$"), "ization"),
    (re.compile("(?<=.{3})ise$"), "ize"),
    (re.compile("(?<=.{3})ising$"), "izing"),
    (re.compile("(?<=.{3})ised$"), "ized"),
    (re.compile("yse$"), "yze"),
    (re.compile("(?<=[bclmnvt])our(?=$|al$|ed$|ing$)"), "or"),
    (re.compile("(?<=[bpt])re$"), "er"),
    (re.compile("(?<=[aeiou])ll(?=ing$|ed$|er$)"), "l"),
    (re.compile("ogue$"), "og"),
    (re.compile("^aluminium$"), "aluminum"),
    (re.compile("^sulph"), "sulf"),
    (re.compile("^grey"), "gray"),
    (re.compile("programme$"), "program"),
)


@lru_cache(maxsize=65_536)
def stem_english(folded: str) -> str:
    """The singular in American spelling."""
    word = folded
    if len(word) > 3:
        if word.endswith("ies") and len(word) > 4:
            word = word[:-3] + "y"
        elif word.endswith("yses"):
            word = word[:-2] + "is"
        elif re.search("(?:ss|sh|ch|x|zz|lens|gas)es$", word):
            word = word[:-2]
        elif word.endswith("s") and not word.endswith(("ss", "us", "is", "lens", "gas")):
            word = word[:-1]
    for pattern, american in _BRITISH:
        word = pattern.sub(american, word)
    return word


def stem(folded: str, language: str) -> str:
    """The form of a folded word under which labels and texts of a language meet."""
    return stem_german(folded) if language == "de" else stem_english(folded)


@lru_cache(maxsize=65_536)
def common_stem(folded: str) -> str:
    """One form for the same international word in German and English ("Sensoren", "sensors")."""
    word = without_umlauts(stem_german(stem_english(folded)))
    return word.replace("k", "c").replace("z", "c").replace("ph", "f") if len(word) > 5 else word


@dataclass(frozen=True, slots=True)
class HanText:
    """A text in simplified characters and lower case, without spaces beside Chinese characters."""

    text: str
    places: tuple[int, ...] | None
    """Index in the original of each character; None: the same."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Place in the original of the characters start … end."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1


class _Simplified(dict[int, str]):
    """Translation table that fills itself: full-width, lower case and simplified, one character for one."""

    def __init__(self, simplify: Mapping[str, str]) -> None:
        super().__init__()
        self._simplify = simplify

    def __missing__(self, code: int) -> str:
        char = chr(code)
        plain = unicodedata.normalize("NFKC", char).lower()
        plain = plain if len(plain) == 1 else char
        self[code] = self._simplify.get(plain, plain)
        return self[code]


def simplified_table(simplify: Mapping[str, str]) -> Mapping[int, str]:
    """Table for `han_text`, made of pairs traditional → simplified character."""
    return _Simplified(simplify)


def han_text(text: str, table: Mapping[int, str]) -> HanText:
    """Bring a text into the form in which Chinese labels are compared."""
    plain = text.translate(table)
    if not _HAN_SPACE.search(plain):
        return HanText(plain, None)
    places: list[int] = []
    last = 0
    for gap in _HAN_SPACE.finditer(plain):
        places.extend(range(last, gap.start()))
        last = gap.end()
    places.extend(range(last, len(plain)))
    return HanText("".join([plain[place] for place in places]), tuple(places))


def detect_language(text: str, function_words: Mapping[str, frozenset[str]]) -> str:
    """German, English or Chinese, by script and by small words; English where nothing decides."""
    sample = text[:4000]
    words = words_of(sample)
    # Acronyms belong to no language; two Chinese characters make a word, but German firms have Chinese names too.
    if sum(map(len, HAN_RUN.findall(sample))) > sum(not word.surface.isupper() for word in words):
        return "zh"
    votes = dict.fromkeys(("en", "de"), 0.0)
    for word in words:
        for language in votes:
            votes[language] += word.folded in function_words[language]
        if any(char in "äöüßÄÖÜ" for char in word.surface):
            votes["de"] += 1
        # German writes nouns with a capital; only words after the first of the text tell.
        if word.surface[0].isupper() and word.start > 0 and not word.surface.isupper():
            votes["de"] += 0.25
    return max(votes, key=lambda language: votes[language])


def stems(text: str, table: Mapping[int, str], small: Collection[str]) -> list[str]:
    """Every word in its common form, and Chinese by pairs of characters, in the order of the text, each once.

    The `small` words (articles, prepositions) are left out.
    """
    found: dict[str, int] = {}
    for word in words_of(text):
        if word.folded and word.folded not in small:
            found.setdefault(common_stem(word.folded), word.start)
    normal = han_text(text, table)
    for run in HAN_RUN.finditer(normal.text):
        for place in range(run.start(), max(run.end() - 1, run.start() + 1)):
            pair = normal.text[place : min(place + 2, run.end())]
            found.setdefault(pair, normal.span(place, place + 1)[0])
    return sorted(found, key=lambda stem: found[stem])
