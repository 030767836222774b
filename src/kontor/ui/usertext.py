"""The one door for texts that people wrote: escaped, in paragraphs, without invisible controls."""

import re

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

# Controls that reorder or hide characters (bidirectional marks, zero-width and tag characters), which can make a
# name look like another one; and control characters but tab and line feed.
INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\u0085]")
MARKUP_LANGUAGES = {"de": "de", "en": "en", "zh": "zh-Hans"}


def markup_language(language: str) -> str:
    """The value for `lang=`: "zh", "zh-hans" and "zh_Hans" are "zh-Hans"; other codes stay as they are."""
    return MARKUP_LANGUAGES.get(language.lower()[:2], language)


def clean_user_text(text: str) -> str:
    """The text without invisible controls and with one kind of line break."""
    if text.isprintable():  # most texts are: none of these characters counts as printable
        return text.strip()
    return INVISIBLE.sub("", _LINE_ENDS.sub("\n", text)).strip()


def render_user_text(text: str, language: str) -> SafeString:
    """Paragraphs at empty lines, line breaks elsewhere, everything escaped; addresses do not become links."""
    paragraphs = [part for part in re.split(r"\n\s*\n", clean_user_text(text)) if part.strip()]
    return format_html_join(
        "\n",
        '<p lang="{}">{}</p>',
        [(markup_language(language), _broken_lines(part)) for part in paragraphs],
    )


def _broken_lines(paragraph: str) -> SafeString:
    lines = [(line.strip(),) for line in paragraph.strip().splitlines()]
    return format_html_join(SafeString("<br>"), "{}", lines)
