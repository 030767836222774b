"""Spellings: the folded forms under which a word in Latin letters is found, and the pinyin of Chinese characters."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

from opencc import OpenCC
from pypinyin import Style, lazy_pinyin
from pypinyin.pinyin_dict import pinyin_dict

HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_RUNS = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+|[^\W_]+")
_HAN_OR_NOT = re.compile(
    r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+|[^\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)
_LETTERS = str.maketrans(
    {"ß": "ss", "ẞ": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
MOST_SYLLABLES = 12
"""longer words are no pinyin"""


def fold(text: str) -> str:
    """Lower case without accents as German lists are sorted: ä as a, ß as ss."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[^\w]+", " ", plain).split())


def simplified(text: str) -> str:
    """Traditional characters as simplified ones, to compare by; nothing is stored in this form."""
    return _converter().convert(text) if HAN.search(text) else text


@lru_cache(maxsize=8_192)
def romanise_text(text: str) -> str:
    """Any text with its Chinese characters in pinyin, to sort by."""
    return " ".join(lazy_pinyin(text, style=Style.NORMAL, v_to_u=True))


def runs(text: str) -> Iterator[str]:
    """The words of a text in lower case, and its stretches of Chinese characters, simplified."""
    plain = simplified(unicodedata.normalize("NFKC", text).casefold())
    for word in _RUNS.findall(plain):
        yield from _HAN_OR_NOT.findall(word)


@lru_cache(maxsize=65_536)
def spellings(word: str) -> tuple[str, ...]:
    """Under which forms a Latin word is kept and sought; two words may be the same if they share one.

    Universität, Universitaet and Universitat share "universitat"; Lü, Lv, Lu and Lyu share "lu". The reading with
    ae as ä is left out for pinyin, where it would make xue and xu the same.
    """
    composed = unicodedata.normalize("NFC", word.casefold())
    plain = fold(composed).replace(" ", "")
    if not plain:
        return ()
    forms = [plain, canonical(composed)]
    if composed.translate(_UMLAUTS) != composed:
        forms.append(fold(composed.translate(_UMLAUTS)).replace(" ", ""))
    return tuple(dict.fromkeys(forms))


@lru_cache(maxsize=65_536)
def canonical(word: str) -> str:
    """The one form in which the spellings of a word meet: universitat, lu."""
    plain = fold(word).replace(" ", "")
    if syllables(plain):
        return plain
    as_pinyin = re.sub(r"([ln])(?:v|yu)", r"\1u", plain.rstrip("12345"))
    return as_pinyin if syllables(as_pinyin) else re.sub(r"([aou])e", r"\1", plain)


@lru_cache(maxsize=65_536)
def pinyin(run: str) -> tuple[str, ...]:
    """The syllables of a stretch of simplified Chinese characters, ü as u: 吕 → lu."""
    return tuple(map(_plain_syllable, lazy_pinyin(run, style=Style.NORMAL, v_to_u=True, errors="ignore")))


@lru_cache(maxsize=65_536)
def syllables(word: str) -> tuple[str, ...]:
    """A word in pinyin cut into as few syllables as possible; empty if it is none."""
    if not word.isascii() or not word.isalpha():
        return ()
    known = _known_syllables()
    best: list[tuple[str, ...] | None] = [()] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 6), end):
            before = best[start]
            if before is None or word[start:end] not in known or len(before) >= MOST_SYLLABLES:
                continue
            found = best[end]
            if found is None or len(before) + 1 < len(found):
                best[end] = (*before, word[start:end])
    return best[-1] or ()


def whole_key(text: str) -> str:
    """Equal for two spellings of one whole name: without spaces, punctuation, accents, the e of ae, v for ü."""
    parts = [
        run if HAN.match(run) else spellings(run)[-1] for run in runs(text) if HAN.match(run) or fold(run)
    ]
    return "".join(parts)[:120]


@cache
def _plain_syllable(syllable: str) -> str:
    return fold(syllable).replace(" ", "")


@cache
def _known_syllables() -> frozenset[str]:
    """Every syllable that a dictionary of characters knows, without tones; ü as u."""
    readings = {reading for found in pinyin_dict.values() for reading in found.split(",")}
    return frozenset(
        plain for plain in map(_plain_syllable, readings) if plain.isascii() and re.search("[aeiou]", plain)
    )


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")
