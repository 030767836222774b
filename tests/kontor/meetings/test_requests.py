"""The page of requests: what waits for me, what I asked, and whom it is about."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape

import pytest
from django.test import Client

from kontor.accounts.models import User
from kontor.events.models import Participation
from kontor.jobs.models import Mail
from kontor.meetings.models import MeetingRequest
from kontor.meetings.services import requests

Browse = Callable[..., Client]


def text_of(markup: str) -> str:
    in_line = re.sub(r"</?(time|span)[^>]*>", "", markup)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", in_line)).split())


def page_of(client: Client, language: str = "en", query: str = "") -> str:
    return text_of(client.get(f"/{language}/events/smec-2018/requests/{query}").content.decode())


def ask(sender: Participation, recipient: Participation, at: datetime, reason: str = "") -> MeetingRequest:
    assert sender.person.user is not None
    return requests.ask_for_meeting(sender, recipient=recipient, reason=reason, by=sender.person.user, at=at)


@pytest.mark.parametrize(
    ("language", "until"),
    [
        ("de", "Antwort bis So., 21. Okt., 08:00 Jinan · 02:00 Berlin"),
        ("en", "answer by Sun 21 Oct, 08:00 Jinan · 02:00 Berlin"),
        ("zh-hans", "答复截止：10月21日 周日 08:00 济南 · 02:00 柏林"),
    ],
)
def test_until_when_to_answer_is_a_day_and_both_clocks(
    anna: Participation, wentao: Participation, browse: Browse, now: datetime, language: str, until: str
) -> None:
    request = ask(wentao, anna, now)
    request.expires_at = datetime.fromisoformat("2018-10-21T08:00:00+08:00")
    request.save()
    assert until in page_of(browse(anna.person.user), language)


def test_a_request_whose_time_has_come_shows_as_expired_before_the_job_closes_it(
    anna: Participation, wentao: Participation, mara: User, browse: Browse, now: datetime
) -> None:
    MeetingRequest.objects.filter(pk=ask(wentao, anna, now).pk).update(expires_at=now)
    mine, sent, all_of_them = (page_of(browse(user)) for user in (anna.person.user, wentao.person.user, mara))
    assert "No request waits for your answer." in mine
    assert "0 wait for an answer" in all_of_them
    for shown in (mine, sent, all_of_them):
        rows = shown.rpartition("State")[2]
        assert "expired" in rows
        assert [word for word in ("Accept", "Withdraw", "answer by") if word in rows] == []
    assert "Anna Brückner expired" in page_of(browse(mara), query="?state=expired")
    assert "No requests here" in page_of(browse(mara), query="?state=sent")


def test_what_waits_for_an_answer_stays_in_sight_whatever_state_is_chosen_below(
    anna: Participation, wentao: Participation, browse: Browse, now: datetime
) -> None:
    ask(wentao, anna, now)
    assert "1 request waits for your answer." in page_of(browse(anna.person.user), query="?state=accepted")


def test_my_own_list_names_the_other_side_and_who_asked_the_newest_first(
    anna: Participation, wentao: Participation, aino: Participation, browse: Browse, now: datetime
) -> None:
    request = ask(wentao, anna, now, reason="传感器")
    assert anna.person.user is not None
    requests.accept_request(request, by=anna.person.user, at=now)
    ask(anna, aino, now + timedelta(hours=1), reason="Muster")
    rows = page_of(browse(anna.person.user)).partition("Sent and answered")[2]
    assert rows.index("You asked on") < rows.index("You were asked on")
    assert rows.index("Muster") < rows.index("传感器")
    assert "Brückner" not in rows


def test_a_mail_without_a_reason_has_no_hole(
    anna: Participation, wentao: Participation, now: datetime
) -> None:
    ask(wentao, anna, now)
    assert "\n\n\n" not in Mail.objects.get().body
