"""Personal names: their parts, splitting a name in one cell, and the keys for sorting and for finding the same person."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path

from pypinyin import Style, lazy_pinyin

from kontor.search.spelling import fold, romanise_text, simplified

_DATA = tomllib.loads((Path(__file__).parent / "data" / "names.toml").read_text(encoding="utf-8"))
_COMPOUND_SURNAMES = frozenset(_DATA["compound_surnames"].split())
_FREQUENT_SURNAMES = frozenset(_DATA["frequent_surnames"].split())
_SURNAME_READINGS: dict[str, str] = _DATA["surname_readings"]
_PARTICLES = frozenset(_DATA["particles"]["words"])
_TITLES_BEFORE = frozenset(_DATA["titles"]["before"])
_TITLES_AFTER = frozenset(_DATA["titles"]["after"])
_ADDRESS = frozenset(_DATA["titles"]["address"])
_CHINESE_TITLES: tuple[str, ...] = tuple(_DATA["titles"]["chinese"])
_CHINESE_ADDRESS: tuple[str, ...] = tuple(_DATA["titles"]["chinese_address"])

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_NATIVE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")
_NATIVE_RUN = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff·・•．\s]*"
    r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
)
_FULL_STOP_SPACING = re.compile(r"\.(?=[^\s.,\-)])")
_PINYIN = re.compile(
    r"(?:(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?"
    r"(?:iang|iong|uang|ang|eng|ing|ong|iao|ian|uai|uan|ai|an|ao|ei|en|er|ia|ie|in|iu|ou|ua|ue|ui|un|uo|yu|a|e|i|o|u|v|ü))+"
)

__all__ = [
    "NameOrder",
    "PersonName",
    "SplitName",
    "candidate_key",
    "display",
    "display_other_script",
    "fold",
    "identity_key",
    "is_title",
    "join_name",
    "organisation_key",
    "romanise",
    "romanise_text",
    "simplified",
    "sort_key",
    "split_name",
    "surname_readings",
]


class NameOrder(StrEnum):
    """In which order the person says the parts of the name in Latin letters."""

    GIVEN_FIRST = "given_first"
    FAMILY_FIRST = "family_first"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonName:
    """A name in its parts; they are shown as they are and never derived from each other."""

    family: str = ""
    """In Latin letters, or in whatever script the list has; capitals that only mark it as the family name are undone."""
    given: str = ""
    native_family: str = ""
    """In characters (Chinese, Japanese, Korean); empty if the name is only known in Latin letters."""
    native_given: str = ""
    order: NameOrder = NameOrder.GIVEN_FIRST
    titles: str = ""

    @property
    def native(self) -> str:
        """The name in characters; names of foreigners have the dot between the parts and the given name first."""
        if "·" in self.native_given:
            return self.native_given
        return self.native_family + self.native_given

    @property
    def latin(self) -> str:
        """The name in Latin letters in its owner's order, without titles: LYU Wentao, Anna Brückner.

        This is the one place that decides on capitals: they mark the family name of somebody who says it first and
        writes the name in characters, so that readers of Latin letters do not take it for the given name.
        """
        if self.order is not NameOrder.FAMILY_FIRST:
            return f"{self.given} {self.family}".strip()
        family = self.family.upper().replace("ẞ", "SS") if self.native else self.family
        return f"{family} {self.given}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitName:
    """A name read from one cell, and whether that needed a guess somebody should look at."""

    name: PersonName
    is_assumed: bool = False


def split_name(text: str) -> SplitName:
    """Read a whole name as it stands in one cell: 'Virtanen, Aino', 'LYU Wentao', '欧阳雪梅', '王伟 (Wang Wei)'."""
    text, titles = _without_titles(" ".join(unicodedata.normalize("NFC", text).split()))
    native_match = _NATIVE_RUN.search(text)
    if not native_match:
        return _with_titles(_split_latin(text, is_chinese=False), titles)
    native = native_match.group().strip()
    latin = (text[: native_match.start()] + " " + text[native_match.end() :]).strip(" ()（）/／|,，-–")
    native_name = _split_native(native)
    if not latin:
        return _with_titles(native_name, titles)
    latin_name = _split_latin(
        latin, is_chinese="·" not in native, native_family=native_name.name.native_family
    )
    return _with_titles(_merge(native_name, latin_name), titles)


def join_name(
    *, family: str = "", given: str = "", native: str = "", romanised: str = "", titles: str = ""
) -> SplitName:
    """Put the parts that a list gives in columns of their own together; parts stay what the list calls them."""
    family, titles_in_family = _without_titles(family.strip())
    given, titles_in_given = _without_titles(given.strip())
    titles = " ".join(part for part in (titles.strip(), titles_in_given, titles_in_family) if part)
    if _NATIVE.search(family + given):
        parts = SplitName(
            name=PersonName(native_family=family, native_given=given, order=NameOrder.FAMILY_FIRST)
        )
    else:
        parts = SplitName(name=PersonName(family=family, given=given))
    for whole in (native, romanised):
        if not whole.strip():
            continue
        clean, more_titles = _without_titles(" ".join(whole.split()))
        titles = titles or more_titles
        if _NATIVE.search(clean):
            parts = _merge(split_name(clean), parts)
        elif not parts.name.family:
            is_chinese = bool(parts.name.native_family)
            latin = _split_latin(clean, is_chinese=is_chinese, native_family=parts.name.native_family)
            parts = _merge(parts, latin)
    return _with_titles(parts, titles)


def display(name: PersonName, language: str, *, with_titles: bool = False) -> str:
    """The name for a reader: in characters for Chinese if known, else in Latin letters in the person's own order."""
    if name.native and (language.startswith("zh") or not name.latin):
        return name.native
    return f"{name.titles} {name.latin}".strip() if with_titles else name.latin


def display_other_script(name: PersonName, language: str) -> str:
    """The name in the script that `display` did not use, to stand beside it; empty if there is none."""
    shown = display(name, language)
    other = display(name, "en" if language.startswith("zh") else "zh")
    return "" if other == shown else other


def romanise(native: str) -> str:
    """A Chinese name in pinyin, family name first; a suggestion, for the person may spell it otherwise."""
    name = _split_native(native).name
    return " ".join(part for part in _pinyin_parts(name) if part)


def sort_key(name: PersonName) -> str:
    """Sorts German names by the word after 'von', Chinese ones by pinyin, one and the same order for all readers."""
    family, given = (name.family, name.given) if name.family or name.given else _pinyin_parts(name)
    words = fold(family or given).split()
    particles: list[str] = []
    while len(words) > 1 and words[0] in _PARTICLES:
        particles.append(words.pop(0))
    key = " ".join([*words, *(fold(given).split() if family else []), *particles])
    return f"{key} {name.native}".strip()


def candidate_key(name: PersonName) -> str:
    """Equal for names that may belong to one person: umlauts, ü = v = u = yu after l and n, spaces and order are ignored.

    Only a reason to ask somebody, never a reason to merge: LV and LU Wentao may be two people.
    """
    parts = (name.family, name.given) if name.family or name.given else _pinyin_parts(name)
    return " ".join(sorted(filter(None, (_candidate_part(part) for part in parts))))


def identity_key(name: PersonName) -> str:
    """Equal only for the same spelling, apart from capitals and spaces; native characters count before Latin ones."""
    if name.native:
        return re.sub(r"\s", "", unicodedata.normalize("NFKC", name.native)).casefold()
    return " ".join(unicodedata.normalize("NFKC", f"{name.family} {name.given}").casefold().split())


def organisation_key(text: str) -> str:
    """Equal for one organisation's name written with other capitals, spaces, widths or punctuation."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def surname_readings(name: PersonName) -> tuple[str, ...]:
    """The pinyin of a Chinese name with the reading its first character has as a family name: 单 is Shan, not Dan."""
    if not name.native_family:
        return ()
    family, given = _pinyin_parts(name)
    return (f"{family} {given}".strip(), f"{family}{given}")


def is_title(text: str) -> bool:
    """Whether the text consists of nothing but academic or official titles."""
    text = text.strip()
    return bool(text) and not _without_titles(text)[0]


def _candidate_part(text: str) -> str:
    folded = re.sub(r"([ln])(?:ü|v|yu)", r"\1u", unicodedata.normalize("NFC", text).casefold())
    folded = re.sub(r"([aou])e", r"\1", fold(folded))
    return folded.replace(" ", "")


@cache
def _frequent_surnames_in_pinyin() -> frozenset[str]:
    return frozenset(_surname_in_pinyin(surname).casefold() for surname in _FREQUENT_SURNAMES) | {
        "lv",
        "lu",
        "lyu",
        "lü",
    }


def _surname_in_pinyin(surname: str) -> str:
    return _SURNAME_READINGS.get(surname) or _pinyin(surname)


def _pinyin(native: str) -> str:
    syllables = lazy_pinyin(native, style=Style.NORMAL, v_to_u=True)
    word = "".join(syllables).strip()
    # Passports write LYU and NYU where dictionaries write lü and nü.
    return re.sub(r"([ln])ü", r"\1yu", word).capitalize()


def _pinyin_parts(name: PersonName) -> tuple[str, str]:
    return (_surname_in_pinyin(name.native_family) if name.native_family else "", _pinyin(name.native_given))


def _merge(native: SplitName, latin: SplitName) -> SplitName:
    """The Latin parts of one name and the native parts of the other as one name."""
    name = replace(
        latin.name,
        native_family=native.name.native_family or latin.name.native_family,
        native_given=native.name.native_given or latin.name.native_given,
        order=native.name.order if native.name.native_family else latin.name.order,
        titles=latin.name.titles or native.name.titles,
    )
    return SplitName(name=name, is_assumed=native.is_assumed or latin.is_assumed)


def _with_titles(split: SplitName, titles: str) -> SplitName:
    return replace(split, name=replace(split.name, titles=titles)) if titles else split


def _split_native(native: str) -> SplitName:
    native = re.sub(r"[・•．]", "·", native)
    if "·" in native:
        # A foreigner's name in Chinese letters: 安娜·穆勒. Which part is the family name is not for us to say.
        dotted = re.sub(r"\s*·\s*", "·", native)
        return SplitName(name=PersonName(native_given=dotted, order=NameOrder.GIVEN_FIRST))
    words = native.split()
    if len(words) == 2 and len(native) > 3:
        return SplitName(name=_native_name(words[0], words[1]))
    whole = "".join(words)
    if whole[:2] in _COMPOUND_SURNAMES and len(whole) > 2:
        return SplitName(name=_native_name(whole[:2], whole[2:]))
    is_regular = len(whole) <= 3 and bool(_HAN.fullmatch(whole[:1]))
    return SplitName(name=_native_name(whole[:1], whole[1:]), is_assumed=not is_regular)


def _native_name(family: str, given: str) -> PersonName:
    return PersonName(native_family=family, native_given=given, order=NameOrder.FAMILY_FIRST)


def _split_latin(text: str, *, is_chinese: bool, native_family: str = "") -> SplitName:
    if "," in text or "，" in text:
        family, given = (part.strip() for part in re.split(r"[,，]", text, maxsplit=1))
        order = (
            NameOrder.FAMILY_FIRST if is_chinese or _is_pinyin_name(family, given) else NameOrder.GIVEN_FIRST
        )
        return SplitName(
            name=PersonName(family=_undo_capitals(family), given=_undo_capitals(given), order=order)
        )
    words = text.split()
    if len(words) < 2:
        return SplitName(name=PersonName(family=text, order=_order(family_first=is_chinese)))
    by_capitals = _split_by_capitals(words)
    if by_capitals:
        return SplitName(name=by_capitals)
    if is_chinese or native_family:
        return SplitName(name=_chinese_in_latin(words, native_family))
    if len(words) == 2 and _is_pinyin_name(words[0], words[1]):
        # 'Zhang Wei' may be either order; the Chinese order is the likelier one, and somebody should look.
        last_is_surname_too = words[1].casefold() in _frequent_surnames_in_pinyin()
        name = PersonName(family=words[0], given=words[1], order=NameOrder.FAMILY_FIRST)
        return SplitName(name=name, is_assumed=last_is_surname_too)
    start = len(words) - 1
    while start > 1 and words[start - 1].casefold() in _PARTICLES:
        start -= 1
    name = PersonName(family=" ".join(words[start:]), given=" ".join(words[:start]))
    return SplitName(name=name, is_assumed=len(words) > 2 and start == len(words) - 1)


def _chinese_in_latin(words: list[str], native_family: str) -> PersonName:
    surname = fold(_surname_in_pinyin(native_family)) if native_family else ""
    if surname and _candidate_part(words[-1]) == _candidate_part(surname) != _candidate_part(words[0]):
        return PersonName(family=words[-1], given=" ".join(words[:-1]), order=NameOrder.GIVEN_FIRST)
    return PersonName(family=words[0], given=" ".join(words[1:]), order=NameOrder.FAMILY_FIRST)


def _is_pinyin_name(family: str, given: str) -> bool:
    if family.casefold() not in _frequent_surnames_in_pinyin():
        return False
    return bool(_PINYIN.fullmatch(re.sub(r"[\s'’-]", "", given.casefold())))


def _split_by_capitals(words: list[str]) -> PersonName | None:
    """'LYU Wentao' and 'Wentao LYU': the words in capitals, with particles in front of them, are the family name."""
    are_capitals = [
        len(word) > 1 and word == word.upper() and word != word.lower() and "." not in word for word in words
    ]
    if all(are_capitals) or not any(are_capitals):
        return None
    first = are_capitals.index(True)
    last = len(words) - 1 - are_capitals[::-1].index(True)
    if not all(are_capitals[first : last + 1]):
        return None
    while first > 0 and words[first - 1].casefold() in _PARTICLES and words[first - 1].islower():
        first -= 1
    family = _undo_capitals(" ".join(words[first : last + 1]))
    if first == 0:
        return PersonName(family=family, given=" ".join(words[last + 1 :]), order=NameOrder.FAMILY_FIRST)
    if last == len(words) - 1:
        return PersonName(family=family, given=" ".join(words[:first]))
    return None


def _undo_capitals(text: str) -> str:
    """'MÜLLER-LÜDENSCHEIDT' → 'Müller-Lüdenscheidt'; words that are not wholly in capitals stay."""
    return " ".join(
        word if len(word) < 2 or word != word.upper() else _capitalise(word) for word in text.split()
    )


def _capitalise(word: str) -> str:
    if word.casefold() in _PARTICLES and len(word) > 2:
        return word.lower()
    return re.sub(r"[^\W\d_]+", lambda match: match.group().capitalize(), word)


def _order(*, family_first: bool) -> NameOrder:
    return NameOrder.FAMILY_FIRST if family_first else NameOrder.GIVEN_FIRST


def _without_titles(text: str) -> tuple[str, str]:
    """Take titles and forms of address off both ends; the titles are returned as they were written."""
    text, chinese_titles = _without_chinese_titles(text)
    words = _FULL_STOP_SPACING.sub(". ", text).split()
    before: list[str] = []
    while words and _title_word(words[0]) in (_TITLES_BEFORE | _ADDRESS):
        if _looks_like_name(words):
            break
        word = words.pop(0)
        if _title_word(word) not in _ADDRESS:
            before.append(word)
    after: list[str] = []
    while len(words) > 1 and _title_word(words[-1]) in _TITLES_AFTER and _is_marked_title(words):
        after.insert(0, words.pop())
    rest = " ".join(words).strip(" ,")
    return rest, " ".join(filter(None, [*before, *after, chinese_titles]))


def _title_word(word: str) -> str:
    return re.sub(r"[.,()（）]", "", word).casefold()


def _looks_like_name(words: list[str]) -> bool:
    """'Di Wu', 'Ma Li' and 'MA Jun' are people, not a diploma engineer and a master: short titles need their full stop."""
    word = words[0]
    return (
        len(words) > 1
        and "." not in word
        and _title_word(word) in {"di", "ma", "ba", "med", "nat", "eng", "c", "h", "em", "sc"}
    )


def _is_marked_title(words: list[str]) -> bool:
    """Behind a name a title stands after a comma, has a full stop or mixed capitals: 'Joe Ma' keeps his name."""
    word, previous = words[-1], words[-2]
    return previous.endswith(",") or "." in word or word != word.capitalize()


def _without_chinese_titles(text: str) -> tuple[str, str]:
    if not _NATIVE.search(text):
        return text, ""
    for ending in (*_CHINESE_ADDRESS, *_CHINESE_TITLES):
        if text.endswith(ending) and len(text) > len(ending) + 1:
            return text.removesuffix(ending).strip(), "" if ending in _CHINESE_ADDRESS else ending
    return text, ""
