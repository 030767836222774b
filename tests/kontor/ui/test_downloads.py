"""Files leave as attachments, with names in any script."""

import pytest

from kontor.ui.downloads import download_response


@pytest.mark.parametrize(
    ("filename", "disposition"),
    [
        ("plan.pdf", 'attachment; filename="plan.pdf"'),
        ("洽谈计划.pdf", "attachment; filename*=utf-8''%E6%B4%BD%E8%B0%88%E8%AE%A1%E5%88%92.pdf"),
        ('a"b\\c.pdf', 'attachment; filename="a b c.pdf"'),
        ("../../etc/passwd", 'attachment; filename="etc passwd"'),
        ("x\r\nSet-Cookie: a=b.csv", 'attachment; filename="x Set-Cookie a=b.csv"'),
        ("\u202egpj.exe", 'attachment; filename="gpj.exe"'),
        ("...", 'attachment; filename="kontor"'),
    ],
)
def test_names_are_safe_and_readable(filename: str, disposition: str) -> None:
    assert download_response(b"", filename, "application/pdf").headers["Content-Disposition"] == disposition


def test_the_type_is_not_guessed_from_the_content() -> None:
    response = download_response(b"<script>", "a.csv", "text/csv; charset=utf-8")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.content == b"<script>"
