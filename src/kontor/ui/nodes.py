"""Parts of a template that depend on nothing but the language of the page: its constant sentences and addresses."""

from html import escape

from django.template import Context, Node
from django.template.defaulttags import URLNode
from django.urls import NoReverseMatch
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as look_up
from django.utils.translation import pgettext as look_up_in_context

from kontor.ui.addresses import address


def language_of(context: Context) -> str | None:
    """The language of the page, which stands in its context because Django takes ten times as long to tell it."""
    language: str | None = context.get("LANGUAGE_CODE") or get_language()
    return language


class Sentence(Node):
    """A constant text of the interface, in the language of the page."""

    def __init__(self, text: str, context: str | None, name: str | None) -> None:
        self.text, self.context, self.name = text, context, name
        self._found: dict[str | None, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        language = language_of(context)
        translated = self._found.get(language)
        if translated is None:
            words = look_up_in_context(self.context, self.text) if self.context else look_up(self.text)
            translated = self._found[language] = SafeString(words)
        if self.name:
            context[self.name] = translated
            return SafeString("")
        return translated


class Address(Node):
    """The address of a page with a constant name."""

    def __init__(self, node: URLNode, name: str) -> None:
        self.node, self.name = node, name

    def render(self, context: Context) -> SafeString:
        args = [arg.resolve(context) for arg in self.node.args]
        if not all(isinstance(arg, str) for arg in args) or not all(args):
            return SafeString(self.node.render(context))
        try:
            found = address(self.name, *args)
        except NoReverseMatch:
            return SafeString(self.node.render(context))
        if self.node.asvar:
            context[self.node.asvar] = found
            return SafeString("")
        return SafeString(escape(found)) if context.autoescape else SafeString(found)
