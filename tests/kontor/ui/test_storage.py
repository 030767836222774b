"""Static files: their addresses carry the hash of their content."""

from pathlib import Path

from kontor.ui.storage import StaticFiles


def test_the_address_of_a_file_carries_the_hash_of_its_content(tmp_path: Path) -> None:
    (tmp_path / "staticfiles.json").write_text(
        '{"version": "1.1", "hash": "", "paths": {"ui/mark.svg": "ui/mark.0123456789ab.svg"}}'
    )
    files = StaticFiles(location=str(tmp_path), base_url="/static/")
    assert [files.url("ui/mark.svg") for _ in range(2)] == ["/static/ui/mark.0123456789ab.svg"] * 2
