"""Pages of matches: partners in the reader's language, and who has how many."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from kontor.accounts.models import User
from kontor.events.models import Event, Participation
from kontor.matching.models import Recommendation, Verdict

Browse = Callable[..., Client]


def text_of(markup: str) -> list[str]:
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split()).split(" · ")


@pytest.fixture
def match(anna: Participation, wentao: Participation) -> Recommendation:
    """Wentao is proposed to Anna."""
    return Recommendation.objects.create(participation=anna, partner=wentao, rank=1, score=0.8)


@pytest.mark.parametrize(
    ("language", "spoken"),
    [
        ("de", "spricht Chinesisch, Englisch"),
        ("en", "speaks Chinese, English"),
        ("zh-hans", "语言：中文、英语"),
    ],
)
def test_partners_speak_languages_with_names(
    match: Recommendation, anna: Participation, browse: Browse, language: str, spoken: str
) -> None:
    page = browse(anna.person.user).get(f"/{language}/events/smec-2018/matches/").content.decode()
    facts = re.findall(r'<p class="match-facts note">(.*?)</p>', page)
    assert [text_of(fact)[-1] for fact in facts] == [spoken]


def test_a_verdict_goes_to_the_partner_and_shows(
    match: Recommendation, anna: Participation, wentao: Participation, browse: Browse
) -> None:
    client = browse(anna.person.user)
    page = client.get("/en/events/smec-2018/matches/").content.decode()
    [address] = re.findall(r'action="([^"]*verdict/)"', page)
    client.post(address, {"kind": "saved"})
    verdict = Verdict.objects.get()
    assert (verdict.participation, verdict.partner, verdict.kind) == (anna, wentao, "saved")
    assert (
        '<span class="chip ok">saved</span>' in client.get("/en/events/smec-2018/matches/").content.decode()
    )


def test_the_overview_counts_the_matches_of_each(
    match: Recommendation,
    anna: Participation,
    smec: Event,
    mara: User,
    browse: Browse,
) -> None:
    page = browse(mara).get("/en/events/smec-2018/matches/").content.decode()
    assert "1 person has a list of partners with reasons." in page
    counts = re.findall(r'value="(\w+)" aria-label.*?data-label="Matches">(\d+)<', page)
    assert dict(counts) == {
        one.public_id: "1" if one == anna else "0" for one in smec.participations.confirmed()
    }
