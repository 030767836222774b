"""Proposed labels: who may propose what, what is decided once, what goes to the authors."""

import pytest
from django.db import IntegrityError

from kontor.accounts.models import User
from kontor.audit.models import Entry
from kontor.topics import services
from kontor.topics.models import LabelProposal

pytestmark = pytest.mark.django_db


@pytest.fixture
def propose(drinks, stranger, now):
    """Proposes a label for tea, as the stranger."""

    def propose_label(label="Assam", *, concept="tea", language="de", by=stranger):
        return services.propose_label(drinks[concept], language=language, label=label, note="", by=by, at=now)

    return propose_label


def test_a_proposal_waits_and_is_remembered(propose, stranger, now):
    proposal = propose("Grüner  Tee")
    assert (proposal.state, proposal.label_key, proposal.created_at) == ("open", "grüner tee", now)
    assert list(Entry.objects.values_list("action", "actor", "subject_id")) == [
        ("topics.propose_label", stranger.pk, proposal.public_id)
    ]


@pytest.mark.parametrize("label", ["Schwarztee", "schwarztee", " TEE "])
def test_a_label_that_is_there_need_not_be_proposed(label, propose):
    with pytest.raises(services.AlreadyALabel, match=r"^“.*” is already a label of this topic\.$"):
        propose(label)
    assert not LabelProposal.objects.exists()


def test_a_label_is_proposed_once_whoever_says_it(propose, operator, now):
    first = propose("Assam")
    with pytest.raises(services.AlreadyProposed):
        propose("ASSAM", by=operator)
    services.decide_label(first, is_accepted=False, by=operator, at=now)
    with pytest.raises(services.AlreadyProposed):
        propose("Assam")
    propose("Assam", language="en")
    propose("Assam", concept="beer")
    assert LabelProposal.objects.count() == 3


def test_the_database_keeps_two_from_proposing_the_same_at_once(propose):
    first = propose("Assam")
    twin = LabelProposal(
        concept_id=first.concept_id,
        language=first.language,
        label="assam",
        label_key=first.label_key,
        created_at=first.created_at,
    )
    with pytest.raises(IntegrityError):
        twin.save()


def test_nobody_floods_the_operator(propose, operator, monkeypatch):
    monkeypatch.setattr(services, "MOST_OPEN", 2)
    propose("Assam")
    propose("Darjeeling")
    with pytest.raises(services.TooManyProposals):
        propose("Earl Grey")
    propose("Earl Grey", by=operator)


@pytest.mark.parametrize(
    ("is_accepted", "state", "action"),
    [(True, "accepted", "topics.accept_label"), (False, "declined", "topics.decline_label")],
)
def test_a_decision_stands(is_accepted, state, action, propose, operator, now):
    proposal = propose()
    services.decide_label(proposal, is_accepted=is_accepted, by=operator, at=now)
    with pytest.raises(services.AlreadyDecided):
        services.decide_label(proposal, is_accepted=not is_accepted, by=operator, at=now)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by, proposal.decided_at) == (state, operator, now)
    assert list(Entry.objects.order_by("id").values_list("action", flat=True)) == [
        "topics.propose_label",
        action,
    ]


def test_authors_get_what_was_accepted_and_is_not_there_yet(drinks, propose, operator, now):
    accepted, declined, gone, known = (
        propose("Assam"),
        propose("Kräuter"),
        propose("Rum"),
        propose("茗", language="zh"),
    )
    for one in (accepted, gone, known):
        services.decide_label(one, is_accepted=True, by=operator, at=now)
    services.decide_label(declined, is_accepted=False, by=operator, at=now)
    LabelProposal.objects.filter(pk=gone.pk).update(concept_id="rum")
    LabelProposal.objects.filter(pk=known.pk).update(label="茶叶", label_key="茶叶")  # imported meanwhile
    propose("Mate")
    rows = LabelProposal.objects.order_by("id")
    assert services.labels_for_authors(drinks, rows) == [("tea", "de", "Assam")]


def test_each_sees_their_own_proposals_and_the_operator_all(propose, stranger, operator, mara):
    mine = propose("Assam")
    other = propose("Mate", by=mara)
    assert list(LabelProposal.objects.visible_to(stranger)) == [mine]
    assert set(LabelProposal.objects.visible_to(operator)) == {mine, other}
    assert not LabelProposal.objects.visible_to(User()).exists()
