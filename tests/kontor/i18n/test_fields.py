"""Forms for texts in three languages: how long they may be, and how much of them one sees while writing."""

import pytest
from django.core.exceptions import ValidationError

from kontor.i18n.fields import TextFormField


@pytest.mark.parametrize(
    ("field", "limit", "rows"),
    [
        (TextFormField(), 300, None),
        (TextFormField(max_length=80), 80, None),
        (TextFormField(is_long=True), 5000, 3),
        (TextFormField(is_long=True, max_length=600), 600, 3),
        (TextFormField(is_long=True, max_length=30_000), 30_000, 12),
    ],
)
def test_a_text_is_as_long_as_its_field_says_in_each_language(
    field: TextFormField, limit: int, rows: int | None
) -> None:
    assert {widget.attrs.get("rows") for widget in field.widget.widgets} == {rows}
    assert len(str(field.clean(["", "x" * limit, ""]).for_reader("en"))) == limit
    with pytest.raises(ValidationError):
        field.clean(["", "", "字" * (limit + 1)])
