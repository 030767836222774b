"""Template tags of the frame: what is alike on every page of a language is drawn once, and nothing else may be."""

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation

from kontor.ui.templatetags.frame import Steady

SOURCE = "{% load frame i18n kontor static %}{% steady %}PARTS{% endsteady %}"


def drawn(parts: str, language: str) -> str:
    with translation.override(language):
        return Template(SOURCE.replace("PARTS", parts)).render(Context())


@pytest.mark.parametrize("language", ["de", "en", "zh-hans"])
@pytest.mark.parametrize(
    "parts",
    [
        '<b>{% translate "Sign out" %}</b>',
        '{% translate "Topics" context "menu" %}',
        "{% url 'portal:home' %}",
        "{% static 'ui/mark.svg' %}",
        "{% markup_code %}{% colon %}",
    ],
)
def test_what_is_steady_reads_as_it_does_elsewhere(parts: str, language: str) -> None:
    with translation.override(language):
        elsewhere = Template("{% load i18n kontor static %}" + parts).render(Context())
    assert drawn(parts, language) == elsewhere


def test_one_template_speaks_each_language_in_turn() -> None:
    template = Template(SOURCE.replace("PARTS", '{% translate "Sign out" %}'))
    found = []
    for language in ("de", "en", "zh-hans", "de"):
        with translation.override(language):
            found.append(template.render(Context()))
    assert found == ["Abmelden", "Sign out", "退出登录", "Abmelden"]


def test_what_is_steady_is_drawn_once_for_a_language(monkeypatch: pytest.MonkeyPatch) -> None:
    template = Template(SOURCE.replace("PARTS", "text"))
    (node,) = (node for node in template.nodelist if isinstance(node, Steady))
    assert template.render(Context()) == "text"
    monkeypatch.setattr(node, "nodes", None)
    assert template.render(Context()) == "text"


@pytest.mark.parametrize(
    "parts",
    [
        "{{ user }}",
        "{% if user %}x{% endif %}",
        "{% csrf_token %}",
        "{% language_links %}",
        "{% words name %}",
        "{% url 'event' slug %}",
        "{% url 'portal:home' as home %}",
        '{% translate "Sign out" as label %}',
        "{% translate name %}",
        "{% static name %}",
        '{% include "ui/components/empty.html" %}',
        "{% block title %}{% endblock %}",
    ],
)
def test_nothing_that_may_change_from_page_to_page_can_be_steady(parts: str) -> None:
    with pytest.raises(TemplateSyntaxError, match="may change from page to page"):
        drawn(parts, "en")
