"""Signing in by a mailed link and by a printed code: once, for half an hour, and not after it was revoked."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from kontor.accounts import services
from kontor.accounts.adapter import MFAAdapter
from kontor.accounts.models import PersonalCode, User, code_for, hash_of_code, mail_identity
from kontor.audit.models import Entry
from kontor.events.models import Participation
from kontor.jobs import clock
from kontor.jobs.models import Mail
from kontor.jobs.runner import run_waiting_jobs
from kontor.ui.formatting import format_day

Browse = Callable[..., Client]


@pytest.fixture(autouse=True)
def _nobody_tried_yet(now: datetime) -> None:
    """Attempts are counted anew in each test."""
    cache.clear()


def link_for(address: str) -> str:
    """The path of the newest link that was mailed to this address."""
    run_waiting_jobs()
    body = Mail.objects.filter(recipient=address).latest("id").body
    return next(word for word in body.split() if word.startswith("http://")).removeprefix(
        "http://localhost:8000"
    )


def ask_for_link(client: Client, address: str, **more: str) -> None:
    answer = client.post("/en/accounts/link/", {"email": address, **more})
    assert (answer.status_code, answer["Location"]) == (302, "/en/accounts/link/sent/")


# ── links ────────────────────────────────────────────────────────────────────────────────────────


def test_known_and_unknown_addresses_get_the_same_answer_and_only_the_known_one_a_mail(
    browse: Browse, stranger: User
) -> None:
    answers = []
    for address in ("stranger@example.org", "nobody@example.org"):
        client = browse()
        first = client.post("/en/accounts/link/", {"email": address})
        second = client.get(first["Location"])
        answers.append((first.status_code, first["Location"], second.status_code, second.content))
    assert answers[0] == answers[1]
    run_waiting_jobs()
    assert list(Mail.objects.values_list("recipient", flat=True)) == ["stranger@example.org"]


def test_asking_costs_the_same_whether_the_address_is_known_or_not(browse: Browse, stranger: User) -> None:
    statements = []
    for address in ("stranger@example.org", "nobody@example.org"):
        client = browse()
        with CaptureQueriesContext(connection) as captured:
            ask_for_link(client, address)
        statements.append([re.sub(r"'[^']*'|\d+", "…", one["sql"]) for one in captured])
    assert statements[0] == statements[1]


def test_a_new_password_costs_the_same_whether_the_address_is_known_or_not(
    browse: Browse, stranger: User
) -> None:
    statements, answers = [], []
    for address in ("stranger@example.org", "nobody@example.org"):
        client = browse()
        with CaptureQueriesContext(connection) as captured:
            answer = client.post("/en/accounts/password/reset/", {"email": address})
        answers.append((answer.status_code, answer["Location"], client.get(answer["Location"]).content))
        statements.append([re.sub(r"'[^']*'|\d+", "…", one["sql"]) for one in captured])
    assert statements[0] == statements[1]
    assert answers[0] == answers[1]
    assert not Mail.objects.exists()
    run_waiting_jobs()
    assert list(Mail.objects.values_list("recipient", flat=True)) == ["stranger@example.org"]


def test_the_mailed_link_sets_a_new_password_once(browse: Browse, stranger: User) -> None:
    browse().post("/en/accounts/password/reset/", {"email": " Stranger@Example.org"})
    path = link_for("stranger@example.org")
    client = browse()
    form = client.get(path, follow=True)
    words = {"password1": "quay of merchants 1250", "password2": "quay of merchants 1250"}
    client.post(form.redirect_chain[-1][0], words)
    stranger.refresh_from_db()
    assert stranger.check_password("quay of merchants 1250")
    assert not browse().get(path, follow=True).redirect_chain


def test_a_link_signs_in_by_its_button_and_not_by_being_looked_at(browse: Browse, stranger: User) -> None:
    client = browse()
    ask_for_link(client, "Stranger@Example.ORG ")
    path = link_for("stranger@example.org")
    assert client.get(path).status_code == 200
    assert "_auth_user_id" not in client.session
    answer = client.post(path)
    assert (answer.status_code, answer["Location"]) == (302, "/en/")
    assert client.session["_auth_user_id"] == str(stranger.pk)


def test_a_link_works_once(browse: Browse, stranger: User) -> None:
    client = browse()
    ask_for_link(client, "stranger@example.org")
    path = link_for("stranger@example.org")
    client.post(path)
    second = browse()
    answer = second.post(path)
    assert answer.status_code == 410
    assert "_auth_user_id" not in second.session


@pytest.mark.parametrize(("minutes", "status"), [(30, 302), (31, 410)])
def test_a_link_works_for_thirty_minutes(browse: Browse, stranger: User, minutes: int, status: int) -> None:
    ask_for_link(browse(), "stranger@example.org")
    clock.advance(timedelta(minutes=minutes))
    assert browse().post(link_for("stranger@example.org")).status_code == status


def test_a_changed_link_or_one_for_a_closed_sign_in_is_refused(browse: Browse, stranger: User) -> None:
    ask_for_link(browse(), "stranger@example.org")
    path = link_for("stranger@example.org")
    assert browse().get(path[:-2] + "x/").status_code == 410
    User.objects.update(is_active=False)
    assert browse().get(path).status_code == 410


@pytest.mark.parametrize(
    ("wished", "goes_to"),
    [
        ("/en/accounts/settings/", "/en/accounts/settings/"),
        ("https://elsewhere.example.com/", "/en/"),
        ("//elsewhere.example.com/", "/en/"),
        ("/\\elsewhere.example.com", "/en/"),
        ("javascript:alert(1)", "/en/"),
    ],
)
def test_a_link_leads_on_to_pages_of_this_site_only(
    browse: Browse, stranger: User, wished: str, goes_to: str
) -> None:
    client = browse()
    ask_for_link(client, "stranger@example.org", next=wished)
    assert client.post(link_for("stranger@example.org"))["Location"] == goes_to


def test_one_account_gets_ten_links_a_minute_and_the_eleventh_answer_looks_the_same(
    browse: Browse, stranger: User
) -> None:
    for _ in range(11):
        ask_for_link(browse(), "stranger@example.org")
        clock.advance(timedelta(seconds=1))
    run_waiting_jobs()
    assert Mail.objects.count() == 10


def test_addresses_are_one_when_only_ascii_letters_differ_in_case() -> None:
    assert mail_identity(" Mara@Example.ORG ") == "mara@example.org"
    assert mail_identity("mıke@example.org") != mail_identity("mike@example.org")  # dotless i


# ── codes ────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def code_of_wentao(wentao: Participation, mara: User, now: datetime) -> PersonalCode:
    """Wentao has no e-mail address; a code is printed on his schedule."""
    assert wentao.person.user is not None
    return services.issue_personal_code(wentao.person.user, by=mara, at=now)


def enter(client: Client, code: str) -> int:
    return client.post("/zh-hans/accounts/code/", {"code": code}).status_code


def test_a_code_is_twenty_letters_of_which_the_table_holds_only_a_hash(code_of_wentao: PersonalCode) -> None:
    code = code_of_wentao.code
    assert [len(group) for group in code.split("-")] == [5, 5, 5, 5]
    assert code_of_wentao.code_hash == hash_of_code(code)
    assert code not in str(PersonalCode.objects.values().get())


def test_a_code_stays_the_same_until_it_is_revoked(
    code_of_wentao: PersonalCode, mara: User, now: datetime
) -> None:
    user = code_of_wentao.user
    assert services.issue_personal_code(user, by=mara, at=now).code == code_of_wentao.code
    services.revoke_personal_code(user, by=mara, at=now)
    services.revoke_personal_code(user, by=mara, at=now)
    renewed = services.issue_personal_code(user, by=mara, at=now)
    assert (renewed.revision, renewed.revoked_at) == (2, None)
    assert renewed.code == code_for(user.public_id, 2) != code_for(user.public_id, 1)
    assert list(Entry.objects.order_by("id").values_list("action", flat=True)) == [
        "personal_code_issued",
        "personal_code_revoked",
        "personal_code_issued",
    ]


def test_a_code_signs_in_however_it_is_typed(
    browse: Browse, code_of_wentao: PersonalCode, now: datetime
) -> None:
    client = browse()
    assert enter(client, f" {code_of_wentao.code.upper().replace('-', ' ')} ") == 302
    assert client.session["_auth_user_id"] == str(code_of_wentao.user_id)
    code_of_wentao.refresh_from_db()
    assert code_of_wentao.last_used_at == now


def test_the_address_in_the_qr_code_asks_before_it_signs_in(
    browse: Browse, code_of_wentao: PersonalCode
) -> None:
    client = browse()
    answer = client.get(f"/en/accounts/code/{code_of_wentao.code}/")
    assert code_of_wentao.code in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_revoked_code_opens_nothing_and_ends_the_sessions_that_it_opened(
    browse: Browse, code_of_wentao: PersonalCode, mara: User, now: datetime
) -> None:
    client = browse()
    enter(client, code_of_wentao.code)
    assert client.get("/en/accounts/settings/").status_code == 200
    services.revoke_personal_code(code_of_wentao.user, by=mara, at=now)
    answer = client.get("/en/accounts/settings/")
    assert answer.status_code == 302
    assert answer["Location"].endswith("?next=/en/accounts/settings/")
    assert "_auth_user_id" not in client.session
    assert enter(browse(), code_of_wentao.code) == 200
    renewed = services.issue_personal_code(code_of_wentao.user, by=mara, at=now)
    assert enter(browse(), renewed.code) == 302


def test_other_sessions_outlive_a_revoked_code(
    browse: Browse, code_of_wentao: PersonalCode, mara: User, now: datetime
) -> None:
    client = browse(code_of_wentao.user)
    services.revoke_personal_code(code_of_wentao.user, by=mara, at=now)
    assert client.get("/en/accounts/settings/").status_code == 200


def test_paper_never_signs_in_an_organiser_or_an_operator(
    browse: Browse, mara: User, operator: User, now: datetime
) -> None:
    for user in (mara, operator):
        code = services.issue_personal_code(user, by=mara, at=now)
        client = browse()
        assert enter(client, code.code) == 200
        assert "_auth_user_id" not in client.session


def test_fifty_wrong_codes_a_minute_close_the_door_for_their_network_alone(
    browse: Browse, code_of_wentao: PersonalCode
) -> None:
    client = browse()
    for _ in range(50):
        enter(client, "00000-00000-00000-00000")
    assert enter(client, code_of_wentao.code) == 200
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert enter(elsewhere, code_of_wentao.code) == 302


def test_right_codes_are_not_counted_so_that_a_whole_conference_signs_in_from_one_network(
    browse: Browse, code_of_wentao: PersonalCode
) -> None:
    assert {enter(browse(), code_of_wentao.code) for _ in range(60)} == {302}


def test_behind_our_proxy_the_last_hop_counts_and_not_what_the_caller_claims(
    settings: pytest.FixtureRequest, code_of_wentao: PersonalCode
) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # type: ignore[attr-defined]
    for number in range(50):
        enter(Client(headers={"X-Forwarded-For": f"192.0.2.{number}, 198.51.100.1"}), "00000")
    assert enter(Client(headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.1"}), code_of_wentao.code) == 200
    assert enter(Client(headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.2"}), code_of_wentao.code) == 302


@pytest.mark.parametrize(
    ("language", "name"), [("de", "Passkey vom {}"), ("en", "Passkey of {}"), ("zh-hans", "{}添加的通行密钥")]
)
def test_a_passkey_is_named_by_its_day(language: str, name: str, stranger: User) -> None:
    with translation.override(language):
        day = format_day(clock.now())
        made = MFAAdapter().generate_authenticator_name(stranger, Authenticator.Type.WEBAUTHN)
    assert made == name.format(day)
