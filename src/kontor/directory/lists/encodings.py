"""In which characters a text file is written: chosen by recognised headings and the share of common characters."""

import codecs
import re

from kontor.directory.lists.headings import count_recognised
from kontor.directory.lists.messages import UnreadableFile

KNOWN_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "cp1252")
_SAMPLE_CHARACTERS = 40_000
_HEADER_LINES = 15
_WESTERN = frozenset("äöüÄÖÜßẞéèêëáàâãåæçíìîïñóòôõøœúùûýÿÉÈÁÀÅÆÇÍÑÓØŒÚŠšŽž–—„“”‚‘’«»•·…€£§°²³µ½×©®™ª¿¡\u00a0")
_EAST_ASIAN_SIGNS = re.compile(r"[\u3000-\u303f\uff00-\uffef·—…“”‘’]")
_NON_ASCII_RUN = re.compile(r"[^\x00-\x7f]+")


def possible_encodings(data: bytes) -> tuple[str, ...]:
    """The encodings in which the bytes can be read at all, the most plausible first."""
    if data.startswith(codecs.BOM_UTF8):
        return ("utf-8-sig",)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    if b"\0" in data:
        return _utf16_without_mark(data)
    if data.isascii():
        return ("utf-8",)
    scores: dict[str, float] = {}
    for encoding in ("utf-8", "gb18030", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        # Text that is not UTF-8 hardly ever happens to be valid UTF-8.
        scores[encoding] = _plausibility(text) + (10 if encoding == "utf-8" else 0)
    if not scores:
        raise UnreadableFile("unknown_encoding")
    return tuple(sorted(scores, key=lambda encoding: -scores[encoding]))


def decode(data: bytes, encoding: str) -> str:
    """The text of the file; bytes that do not fit refuse the file instead of becoming question marks."""
    if encoding not in KNOWN_ENCODINGS:
        raise UnreadableFile("wrong_encoding", encoding=encoding)
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeError as error:
        raise UnreadableFile("wrong_encoding", encoding=encoding) from error


def _utf16_without_mark(data: bytes) -> tuple[str, ...]:
    sample = data[:2000]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 8 < len(sample) or min(even, odd) * 20 > max(even, odd):
        raise UnreadableFile("not_text")
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFile("not_text") from error
    return (encoding,)


def _plausibility(text: str) -> float:
    lines = text[:_SAMPLE_CHARACTERS].splitlines()[:_HEADER_LINES]
    headings = max(
        (count_recognised([c.strip(' "') for c in re.split(r"[;,\t|]", line)]) for line in lines), default=0
    )
    return min(headings, 8) + 5 * _share_of_common(text[:_SAMPLE_CHARACTERS])


def _share_of_common(text: str) -> float:
    """Of the characters beyond ASCII, how many stand where somebody would have written them."""
    total = common = 0
    for run in _NON_ASCII_RUN.finditer(text):
        word = run.group()
        total += len(word)
        before, after = text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1]
        if all(sign in _WESTERN for sign in word):
            # Western words hardly ever have three such letters in a row; misread Chinese has.
            common += len(word) if len(word) <= 2 else 0
        elif not (before.isalpha() and before.islower() and after.isalpha() and after.islower()):
            # A Chinese character inside a Latin word is a misread umlaut.
            common += sum(map(_is_common_chinese, word))
    return common / total if total else 1.0


def _is_common_chinese(sign: str) -> bool:
    """Punctuation, and the 3,755 characters of the first level of GB 2312."""
    if _EAST_ASIAN_SIGNS.match(sign):
        return True
    try:
        code = sign.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return len(code) == 2 and 0xB0 <= code[0] <= 0xD7
