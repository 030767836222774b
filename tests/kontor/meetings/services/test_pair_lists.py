"""Pairs who want to meet, as a list: agreed for both, refused with a reason, undone as a whole."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kontor.accounts.models import User
from kontor.events.models import Event, ListImport, Participation, Slot
from kontor.events.services import small_lists
from kontor.meetings.models import Meeting, MeetingRequest, Publication, SeatChange
from kontor.meetings.services import pair_lists

PAIRS = """Name 1;Organisation 1;E-Mail 1;Name 2;Organisation 2;E-Mail 2;Reason;Priority
;;anna@example.org;吕文涛;济南泉芯半导体有限公司;;Leistungshalbleiter;1
;;aino@example.org;;;anna@example.org;;
;;anna@example.org;;;jonas@example.org;;
;;nobody@example.org;;;anna@example.org;;
"""

pytestmark = pytest.mark.usefixtures("anna", "wentao", "aino", "jonas")


def prepare(event: Event, by: User, at: datetime) -> ListImport:
    return small_lists.prepare_list(
        event,
        ListImport.Kind.PAIRS,
        file_name="pairs.csv",
        content=PAIRS.encode(),
        build=pair_lists.build_preview,
        by=by,
        at=at,
    )


def apply(row: ListImport, by: User, at: datetime) -> ListImport:
    return small_lists.apply_list(
        row, build=pair_lists.build_preview, write=pair_lists.write_pairs, by=by, at=at
    )


def test_pairs_are_agreed_on_behalf_of_both_and_the_second_time_changes_nothing(
    smec: Event, mara: User, anna: Participation, wentao: Participation, now: datetime
) -> None:
    row = prepare(smec, mara, now)
    assert [(one["row"], one["fate"]) for one in row.summary["rows"]] == [(1, "new"), (2, "new")]
    assert row.summary["rows"][0]["cells"][:2] == [
        "Anna Brückner · Elbtal Reinraumtechnik GmbH",
        "LYU Wentao 吕文涛 · 济南泉芯半导体有限公司",
    ]
    assert [(one["row_number"], one["code"], one["column"]) for one in row.preview["refusals"]] == [
        (3, "pair_of_colleagues", "E-Mail 2"),
        (4, "pair_unknown_address", "E-Mail 1"),
    ]
    assert Meeting.objects.count() == 0
    apply(row, mara, now)
    first, second = Meeting.objects.order_by("id")
    assert (first.pair, first.priority, second.language, second.priority) == ("de-zh", 2.0, "en", 1.0)
    request = first.request
    assert request is not None
    assert (request.state, request.reason, request.sender, request.recipient, request.acted_by) == (
        "accepted",
        "Leistungshalbleiter",
        anna,
        wentao,
        mara,
    )
    again = prepare(smec, mara, now)
    assert {one["fate"] for one in again.preview["rows"]} == {"unchanged"}


def test_undoing_takes_meetings_and_requests_back(smec: Event, mara: User, now: datetime) -> None:
    applied = apply(prepare(smec, mara, now), mara, now)
    small_lists.undo_list(applied, put_back=pair_lists.put_pairs_back, by=mara, at=now)
    assert (Meeting.objects.count(), MeetingRequest.objects.count()) == (0, 0)


def test_pairs_of_a_published_plan_are_not_undone(smec: Event, mara: User, now: datetime) -> None:
    applied = apply(prepare(smec, mara, now), mara, now)
    publication = Publication.objects.create(event=smec, number=1, published_at=now)
    SeatChange.objects.create(
        publication=publication,
        meeting=Meeting.objects.earliest("id"),
        kind="new",
        old_slot=Slot.objects.earliest("id"),
    )
    with pytest.raises(small_lists.InUseByNow):
        small_lists.undo_list(applied, put_back=pair_lists.put_pairs_back, by=mara, at=now)
    assert Meeting.objects.count() == 2


def test_a_preview_out_of_date_agrees_nothing(smec: Event, mara: User, now: datetime) -> None:
    row = prepare(smec, mara, now)
    apply(prepare(smec, mara, now), mara, now)
    with pytest.raises(small_lists.ListOutdated):
        apply(row, mara, now)
    assert Meeting.objects.count() == 2


def test_the_organiser_uploads_applies_and_undoes_on_the_page(
    smec: Event, mara: User, now: datetime, browse: Callable[..., Client]
) -> None:
    client = browse(mara)
    assert client.get("/en/events/smec-2018/imports/?kind=pairs")["Location"] == "/en/events/smec-2018/pairs/"
    answer = client.post(
        "/en/events/smec-2018/pairs/", {"file": SimpleUploadedFile("pairs.csv", PAIRS.encode())}
    )
    path = answer["Location"]
    text = client.get(path).content.decode()
    assert "Nobody with this address takes part in the event." in text
    for _ in range(2):
        client.post(path, {"act": "apply"})
    assert Meeting.objects.count() == 2
    client.post(path, {"act": "undo"})
    assert Meeting.objects.count() == 0


def test_columns_that_are_not_recognised_are_said_on_the_page(
    smec: Event, mara: User, now: datetime, browse: Callable[..., Client]
) -> None:
    client = browse(mara)
    lines = "links;rechts;weil\nanna@example.org;aino@example.org;Sensoren\n"
    answer = client.post(
        "/en/events/smec-2018/pairs/", {"file": SimpleUploadedFile("pairs.csv", lines.encode())}
    )
    path = answer["Location"]
    text = client.get(path).content.decode()
    assert "The columns do not say who wants to meet whom. Please say which ones do." in text
    assert "1 pair: 0 new, 0 unchanged, 0 refused, 0 repeated." in text
    mapping = ["first_email", "second_email", "reason"]
    client.post(
        path,
        {"act": "choices", "encoding": "utf-8", "delimiter": ";", "header_line": "1", "mapping": mapping},
    )
    assert "1 pair: 1 new, 0 unchanged, 0 refused, 0 repeated." in client.get(path).content.decode()
    client.post(path, {"act": "apply"})
    assert [
        meeting.request.reason for meeting in Meeting.objects.select_related("request") if meeting.request
    ] == ["Sensoren"]
