"""Who claimed an organisation is told of the answer, in their language, with its cause, once."""

from datetime import datetime

import pytest

from kontor.accounts.models import User
from kontor.directory.models import Organisation, OrganisationClaim
from kontor.directory.services.claims import ClaimIsDecidedAlready, claim_organisation, decide_claim
from kontor.directory.services.organisations import add_organisation
from kontor.i18n import Text
from kontor.jobs.models import Mail


@pytest.fixture
def elbtal(now: datetime, db: None) -> Organisation:
    """A published company with a name in two scripts."""
    name = Text.of("de", de="Elbtal Messtechnik GmbH", zh="易北河谷测量技术")
    return add_organisation(Organisation(name=name, state="published"), by=None, at=now)


def claim_of(
    organisation: Organisation, address: str | None, language: str, at: datetime
) -> OrganisationClaim:
    user = User.objects.create_user(address, None, language=language)
    return claim_organisation(organisation, function="Sales", reason="", by=user, at=at)


def test_an_approved_claimant_reads_where_to_write(elbtal: Organisation, clara: User, now: datetime) -> None:
    claim = claim_of(elbtal, "li@example.cn", "zh-hans", now)
    decide_claim(claim, is_approved=True, answer="谢谢。", by=clara, at=now)
    mail = Mail.objects.get()
    assert (mail.recipient, mail.language, mail.subject) == (
        "li@example.cn",
        "zh-hans",
        "您现在可以编写易北河谷测量技术的资料",
    )
    assert mail.body.rstrip() == (
        "集群工作人员已确认您代表易北河谷测量技术。\n\n谢谢。\n\n请在此编写资料：\n"
        f"http://localhost:8000/zh-hans/organisations/{elbtal.public_id}/edit/"
    )


def test_a_declined_claimant_reads_why(elbtal: Organisation, clara: User, now: datetime) -> None:
    claim = claim_of(elbtal, "eva@example.org", "de", now)
    decide_claim(
        claim, is_approved=False, answer="Bitte schreiben Sie von Ihrer Firmenadresse.", by=clara, at=now
    )
    mail = Mail.objects.get()
    assert mail.subject == "Ihr Antrag zu Elbtal Messtechnik GmbH wurde abgelehnt"
    assert mail.body.rstrip() == (
        "Die Mitarbeitenden des Clusters konnten nicht bestätigen, dass Sie für Elbtal Messtechnik GmbH sprechen.\n\n"
        "Bitte schreiben Sie von Ihrer Firmenadresse.\n\n"
        "Hier können Sie es nachlesen und erneut fragen:\n"
        f"http://localhost:8000/de/organisations/{elbtal.public_id}/claim/"
    )


def test_without_a_reason_the_mail_says_so(elbtal: Organisation, clara: User, now: datetime) -> None:
    decide_claim(claim_of(elbtal, "eva@example.org", "en", now), is_approved=False, by=clara, at=now)
    assert "They gave no further reason." in Mail.objects.get().body


def test_a_claim_is_answered_once_and_nobody_without_an_address_is_mailed(
    elbtal: Organisation, clara: User, now: datetime
) -> None:
    claim = claim_of(elbtal, None, "en", now)
    decide_claim(claim, is_approved=True, by=clara, at=now)
    with pytest.raises(ClaimIsDecidedAlready):
        decide_claim(claim, is_approved=False, by=clara, at=now)
    assert Mail.objects.count() == 0
