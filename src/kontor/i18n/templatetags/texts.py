"""Filters that turn a `Text` into the words of the reader."""

from django import template
from django.utils.translation import get_language

from kontor.i18n.text import Text, Words

register = template.Library()


@register.filter
def reader(text: Text) -> Words:
    """The words for the reader of this page."""
    return text.for_reader(get_language() or "en")


@register.filter
def beside(text: Text) -> Words | None:
    """The original, where the reader sees other words."""
    return text.beside(get_language() or "en")
