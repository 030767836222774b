"""The parts of a template that are alike on every page of a language: drawn once, for a frame has dozens of them."""

from functools import cache
from html import escape

from django import template
from django.conf import settings
from django.template import Context, Node, NodeList, TemplateSyntaxError
from django.template.base import Parser, TextNode, Token
from django.template.library import SimpleNode
from django.templatetags.static import StaticNode
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from kontor.ui import rows
from kontor.ui.addresses import address
from kontor.ui.nodes import Address, Sentence, language_of
from kontor.ui.templatetags.kontor import initials

register = template.Library()

_TAGS = frozenset({"colon", "htmx_script", "list_comma", "markup_code", "sample_badge"})
"""simple tags that hang on nothing but the language"""


@register.tag("steady")
def steady(parser: Parser, _token: Token) -> Node:
    """What stands up to `endsteady` may hang on nothing but the language; variables and conditions are refused."""
    nodes = parser.parse(("endsteady",))
    parser.delete_first_token()
    for node in nodes:
        if not _is_steady(node):
            raise TemplateSyntaxError(f"{node!r} may change from page to page: not within {{% steady %}}")
    return Steady(nodes)


def _is_steady(node: Node) -> bool:
    if isinstance(node, Sentence):
        return node.name is None
    if isinstance(node, Address):
        return not node.node.args and not node.node.asvar
    if isinstance(node, StaticNode):
        return node.varname is None and isinstance(node.path.var, str)
    if isinstance(node, SimpleNode):
        return node.func.__name__ in _TAGS and node.target_var is None and not node.args and not node.kwargs
    return isinstance(node, TextNode)


class Steady(Node):
    """Text, sentences of the interface and addresses, drawn once per language."""

    child_nodelists = ()

    def __init__(self, nodes: NodeList) -> None:
        self.nodes = nodes
        self._drawn: dict[tuple[str | None, object], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        """The site is named too, because tests swap it."""
        key = language_of(context), settings.ROOT_URLCONF
        if key not in self._drawn:
            self._drawn[key] = self.nodes.render(Context())
        return self._drawn[key]


@register.simple_tag(takes_context=True)
def account_menu(context: Context) -> SafeString:
    """The menu of somebody's account: their initials, read out as a name; in the panel the name and where it leads."""
    name = str(context["user"])
    facts = {
        "initials": escape(initials(name)),
        "name": escape(name),
        "rest": context["navigation"]().rest,
        "token": context["csrf_token"],
    }
    return SafeString(_account_menu(language_of(context), settings.ROOT_URLCONF) % facts)


@cache
def _account_menu(_language: str | None, _site: object) -> str:
    """What is the same for everybody, with places for the rest."""
    spoken, sign_out = escape(gettext("Account of %(name)s")), escape(gettext("Sign out"))
    my_events = rows.link(address("portal:home"), gettext("My events"))
    own_settings = rows.link(address("accounts:settings-edit"), gettext("Settings"))
    return f"""<details class="menu account-menu">
  <summary><span class="avatar" aria-hidden="true">%(initials)s</span>\
<span class="visually-hidden">{spoken}</span></summary>
  <div class="menu-panel">
    <p class="note">%(name)s</p>
    <ul>
      %(rest)s
      <li>{my_events}</li>
      <li>{own_settings}</li>
      <li><form method="post" action="{escape(address("account_logout"))}">\
<input type="hidden" name="csrfmiddlewaretoken" value="%(token)s"><button>{sign_out}</button>\
</form></li>
    </ul>
  </div>
</details>"""


@register.simple_tag
def sample_badge() -> SafeString:
    """The mark of what is made up."""
    return rows.sample_mark(gettext("sample data"))
