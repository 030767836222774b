"""`TextField`: a column that holds a `Text`; and the form field in which a person writes one in up to three languages."""

import json
from functools import lru_cache
from typing import Any

from django import forms
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kontor.i18n.text import LANGUAGES, Text, content_language


@lru_cache(maxsize=4096)
def _parsed(column: str) -> Text:
    """Texts never change, so the same column is the same text; the names of halls come back in every row."""
    data = json.loads(column)
    return Text.from_json(data) if data else Text()


class TextField(models.JSONField):
    """A JSON column of `Text.as_json()`; the attribute is always a `Text`, empty when nothing was written."""

    description = "A text in up to three languages"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", Text)
        super().__init__(*args, **kwargs)

    def from_db_value(
        self,
        value: Any,
        expression: Any,  # noqa: ARG002 -- Django passes it
        connection: Any,  # noqa: ARG002 -- Django passes it
    ) -> Text:
        if not value:
            return Text()
        return _parsed(value) if isinstance(value, str) else Text.from_json(value)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = json.loads(value)
        return Text.from_json(value) if isinstance(value, dict) else value

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(value.as_json() if isinstance(value, Text) else value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return super().get_db_prep_value(
            value.as_json() if isinstance(value, Text) else value, connection, prepared
        )

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        return super().get_db_prep_save(value.as_json() if isinstance(value, Text) else value, connection)

    def value_to_string(self, obj: models.Model) -> Any:
        return self.value_from_object(obj).as_json()

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        if not isinstance(value, Text):
            super().validate(value, model_instance)

    def formfield(self, **kwargs: Any) -> Any:
        return TextFormField(
            required=not self.blank,
            label=kwargs.get("label", capfirst(self.verbose_name)),
            help_text=kwargs.get("help_text", self.help_text),
        )


LANGUAGE_LABELS = {"de": _("German"), "en": _("English"), "zh": _("Chinese")}


class TextWidget(forms.MultiWidget):
    """Three inputs, one per language, each marked with its language."""

    template_name = "i18n/text_widget.html"

    def __init__(self, *, rows: int = 0) -> None:
        kind: type[forms.Widget] = forms.Textarea if rows else forms.TextInput
        markup = {"de": "de", "en": "en", "zh": "zh-Hans"}
        extra = {"rows": rows} if rows else {}
        super().__init__({language: kind({"lang": markup[language], **extra}) for language in LANGUAGES})

    def decompress(self, value: Any) -> list[str]:
        return (
            [value.in_language(language) for language in LANGUAGES] if isinstance(value, Text) else [""] * 3
        )

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for language, widget in zip(LANGUAGES, context["widget"]["subwidgets"], strict=True):
            widget["language"], widget["language_label"] = language, LANGUAGE_LABELS[language]
        own = content_language(get_language())  # most people write in the language that they read
        context["widget"]["subwidgets"].sort(key=lambda widget: widget["language"] != own)
        return context


class TextFormField(forms.MultiValueField):
    """A `Text` written in one to three languages; the reader's own language counts as the original."""

    widget: Any = TextWidget

    def __init__(self, *, is_long: bool = False, max_length: int = 0, **kwargs: Any) -> None:
        limit = max_length or (5000 if is_long else 300)
        fields = [
            forms.CharField(required=False, max_length=limit, label=LANGUAGE_LABELS[code])
            for code in LANGUAGES
        ]
        rows = (12 if limit > 5000 else 3) if is_long else 0
        kwargs.setdefault("widget", TextWidget(rows=rows))
        super().__init__(fields, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[str]) -> Text:
        texts = dict(zip(LANGUAGES, data_list or ["", "", ""], strict=True))
        return Text.of(content_language(get_language()), **texts)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(initial or Text(), data)
