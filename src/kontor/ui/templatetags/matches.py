"""Recommended partners as cards: whom to meet, how well it fits, and why in the original words of both sides."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from html import escape

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from kontor.ui import rows
from kontor.ui.components import MatchCard, MatchReason
from kontor.ui.formatting import DOT
from kontor.ui.templatetags.kontor import percent_of, words

register = template.Library()


def match_cards(matches: Iterable[MatchCard]) -> SafeString:
    """All of them, without what one can do about each."""
    return SafeString(
        "".join(f'<article class="match">\n  {match_body(match)}\n</article>' for match in matches)
    )


@register.simple_tag
def match_body(match: MatchCard) -> SafeString:
    """A match without what one can do about it: the partner, the score as a bar and in words, facts and reasons."""
    sentences = _sentences(get_language())
    title = words(match.title)
    second = f" {words(match.second_title, 'quiet')}" if match.second_title else ""
    score = (
        f'<span class="score" role="img" aria-label="{sentences.score % {"score": match.score}}">'
        '<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="bar-ground" width="100" height="6"/>'
        f'<rect class="bar-fill" width="{percent_of(match.score, 100)}" height="6"/></svg>'
        f'<span class="score-figure" aria-hidden="true">{match.score}</span></span>'
    )
    parts = [f'<h3 class="match-title"><a href="{escape(match.url)}">{title}</a>{second}</h3>', score]
    if match.facts or match.chips or match.is_sample:
        chips = "".join(f" {rows.chip(one.text, one.tone)}" for one in match.chips)
        sample = f" {sentences.sample}" if match.is_sample else ""
        facts = DOT.join(map(rows.marked, match.facts))
        parts.append(f'<p class="match-facts note">{facts}{chips}{sample}</p>')
    if match.reasons:
        reasons = "".join(
            f"\n    <li>{_reason_words(reason, sentences, match.of)}</li>" for reason in match.reasons
        )
        parts.append(f'<ul class="match-why" aria-label="{sentences.why}">{reasons}\n  </ul>')
    return SafeString("\n  ".join(parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sentences:
    """What every card says, in one language and safe for HTML."""

    score: str
    why: str
    i_seek: str
    they_seek: str
    one_seeks: str
    others_seek: str
    sample: str


@cache
def _sentences(_language: str | None) -> _Sentences:
    return _Sentences(
        score=escape(gettext("Match %(score)s of 100")),
        why=escape(gettext("Why this suggestion?")),
        i_seek=escape(gettext("You seek %(sought)s — they offer %(offered)s")),
        they_seek=escape(gettext("They seek %(sought)s — you offer %(offered)s")),
        one_seeks=escape(gettext("%(name)s seeks %(sought)s — the others offer %(offered)s")),
        others_seek=escape(gettext("The others seek %(sought)s — %(name)s offers %(offered)s")),
        sample=rows.sample_mark(gettext("sample data")),
    )


def _reason_words(reason: MatchReason, sentences: _Sentences, of: str) -> str:
    """Why two should meet: a sentence around the original words of both sides."""
    if of:
        sentence = sentences.one_seeks if reason.is_mine else sentences.others_seek
    else:
        sentence = sentences.i_seek if reason.is_mine else sentences.they_seek
    return sentence % {
        "name": rows.marked(of),
        "sought": words(reason.sought, "term"),
        "offered": words(reason.offered, "term"),
    }
