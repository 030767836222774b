"""The one door for files that leave the site: as attachments, never sniffed, with names in any script; and our own pictures."""

import re

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from kontor.ui.usertext import clean_user_text


def download_response(content: bytes, filename: str, content_type: str) -> HttpResponse:
    """The file as an attachment; a name outside ASCII is sent as RFC 5987 has it."""
    name = re.sub(r'[\s/\\:*?"<>|]+', " ", clean_user_text(filename)).strip(" .") or "kontor"
    return HttpResponse(
        content,
        content_type=content_type,
        headers={
            "Content-Disposition": content_disposition_header(True, name) or "attachment",  # noqa: FBT003 -- as_attachment
            "X-Content-Type-Options": "nosniff",
        },
    )


def picture_response(content: bytes) -> HttpResponse:
    """A JPEG that this site packed itself, shown in a page; its address names exactly these bytes."""
    return HttpResponse(
        content,
        content_type="image/jpeg",
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "private, max-age=86400"},
    )
