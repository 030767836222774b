"""What must never be wrong in figures, agreements and news is refused by the database itself, whatever code asks."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from kontor.agreements.models import Agreement, Document, Obligation, Party
from kontor.directory.models import Cluster, Organisation
from kontor.figures.models import Claim
from kontor.i18n import Text
from kontor.i18n.public_ids import new_public_id
from kontor.news.models import Article, Photo, Quote

WORDS = Text.of("de", de="Wörter")


def twin(model: type[models.Model], **changes: Any) -> Callable[[], object]:
    """Writes the newest row of a model a second time, but for its keys and these changes."""

    def write() -> object:
        row = model._default_manager.latest("id")
        row.pk = None
        row._state.adding = True
        if hasattr(row, "public_id"):
            row.public_id = new_public_id()
        for name, value in changes.items():
            setattr(row, name, value)
        return row.save(force_insert=True)

    return write


def refused(write: Callable[[], object]) -> bool:
    try:
        with transaction.atomic():
            write()
    except IntegrityError:
        return True
    return False


@pytest.fixture
def company(saxony: Cluster, now: datetime) -> Organisation:
    """One row of each kind around a company that agreed with the cluster and of which an article tells."""
    company = Organisation.objects.create(name=WORDS)
    agreement = Agreement.objects.create(kind="intent", title=WORDS, created_at=now)
    Party.objects.create(agreement=agreement, organisation=company)
    Party.objects.create(agreement=agreement, cluster=saxony)
    Obligation.objects.create(agreement=agreement, what=WORDS)
    Document.objects.create(agreement=agreement, language="de", name="a.pdf", added_at=now)
    claim = Claim.objects.create(
        cluster=saxony, measure="members", value=340, scope=WORDS, status="media", source="S", entered_at=now
    )
    article = Article.objects.create(slug="news", title=WORDS, teaser=WORDS, created_at=now, changed_at=now)
    Quote.objects.create(article=article, claim=claim)
    Photo.objects.create(article=article, width=9, height=9, description=WORDS, credit="A. N.", rights="own")
    return company


def attempts(company: Organisation, saxony: Cluster) -> dict[str, Callable[[], object]]:
    """By the name of each constraint: a write that breaks it and nothing else."""
    day = date(2018, 11, 1)
    return {
        "a_claim_is_about_one_thing": twin(Claim, organisation=company),
        "a_range_goes_up": twin(Claim, value_to=340),
        "a_claim_is_not_negative": twin(Claim, value=-1),
        "an_agreement_expires_after_it_begins": twin(
            Agreement, effective_on=day, expires_on=date(2018, 10, 31)
        ),
        "a_signed_agreement_says_when": twin(Agreement, state="signed"),
        "a_party_is_one_organisation_or_cluster": twin(Party, organisation=None, cluster=None),
        "an_organisation_agrees_once": twin(Party, organisation=company, cluster=None),
        "a_cluster_agrees_once": twin(Party, organisation=None, cluster=saxony),
        "a_settled_obligation_says_when": twin(Obligation, state="done"),
        "an open obligation was not settled": twin(Obligation, settled_on=day),
        "one_document_per_language": twin(Document),
        "a_published_article_says_when": twin(Article, slug="other", state="published"),
        "one article per short name": twin(Article),
        "an_article_quotes_a_claim_once": twin(Quote),
        "a_photograph_has_rights": twin(Photo, rights=""),
        "a photograph has a photographer": twin(Photo, credit=""),
    }


def test_the_database_refuses_what_must_not_be(company: Organisation, saxony: Cluster) -> None:
    assert [name for name, write in attempts(company, saxony).items() if not refused(write)] == []


def test_the_same_writes_are_taken_where_they_break_nothing(company: Organisation, saxony: Cluster) -> None:
    """Else the test above would prove nothing: what is whole, dated or another one is not refused."""
    day = date(2018, 11, 1)
    other = Organisation.objects.create(name=WORDS)
    free = {
        "about a company": twin(Claim, organisation=company, cluster=None),
        "a range": twin(Claim, value_to=341),
        "nothing counted": twin(Claim, value=0),
        "one day long": twin(Agreement, effective_on=day, expires_on=day),
        "signed on a day": twin(Agreement, state="signed", signed_on=day),
        "another party": twin(Party, organisation=other, cluster=None),
        "settled on a day": twin(Obligation, state="waived", settled_on=day),
        "another language": twin(Document, language="zh"),
        "published on a day": twin(
            Article, slug="other", state="published", published_at=datetime.fromisoformat("2018-11-01T00:00Z")
        ),
        "another photograph": twin(Photo, rights="licensed"),
    }
    assert [name for name, write in free.items() if refused(write)] == []


def test_every_constraint_of_figures_agreements_and_news_is_tried(
    company: Organisation, saxony: Cluster
) -> None:
    named = {
        constraint.name
        for model in apps.get_models()
        if model._meta.app_label in ("figures", "agreements", "news")
        for constraint in model._meta.constraints
    }
    assert named - set(attempts(company, saxony)) == set()


def test_a_claim_that_a_text_quotes_cannot_be_deleted(company: Organisation) -> None:
    with pytest.raises(models.ProtectedError):
        Claim.objects.get().delete()
