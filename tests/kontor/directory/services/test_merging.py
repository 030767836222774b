"""Doubles are proposed across spellings and scripts, merged by a person, and parted again."""

from datetime import date, datetime

import pytest

from kontor.accounts.models import User
from kontor.audit.models import Entry
from kontor.directory.models import (
    Cluster,
    Membership,
    Organisation,
    OrganisationName,
    RegistryNumber,
    Site,
)
from kontor.directory.queries import duplicate_candidates
from kontor.directory.services.merging import (
    CannotMergeWithItself,
    MergeHasFollowers,
    MergeIsUndoneAlready,
    OrganisationIsMergedAlready,
    keep_apart,
    merge_organisations,
    undo_merge,
)
from kontor.directory.services.organisations import (
    NameData,
    OrganisationWasMerged,
    add_organisation,
    confirm_organisation,
)
from kontor.events.models import Participation
from kontor.i18n import Text
from kontor.search.queries import search
from kontor.search.registry import PUBLIC


def an(
    original: str, at: datetime, *, country: str = "", website: str = "", aliases: int = 0, **names: str
) -> Organisation:
    row = Organisation(name=Text.of(original, **names), country=country, website=website, state="published")
    extra = [
        NameData(language="en", text=f"Alias {number} of {names[original]}") for number in range(aliases)
    ]
    return add_organisation(row, names=extra, by=None, at=at)


@pytest.fixture
def rita(db: None) -> User:
    """Rita works for a cluster and merges doubles."""
    return User.objects.create_user("rita@example.org", None)


@pytest.mark.parametrize(
    ("first", "second", "reasons"),
    [
        (
            {"de": "Möbius Reinraum GmbH"},
            {"de": "MOEBIUS Reinraum"},
            ("name", "sound"),
        ),  # legal form, umlaut, capitals
        ({"de": "Zone Jinan"}, {"en": "Jinan Zone"}, ("name", "sound")),  # order of the words
        ({"zh": "山东芯源电子有限公司"}, {"en": "Shandong Xinyuan Electronics Co., Ltd."}, ("sound",)),
        (
            {"zh": "山东芯源电子有限公司"},
            {"zh": "山東芯源電子股份有限公司"},
            ("name", "sound"),
        ),  # traditional
        ({"zh": "济南市泉芯科技有限公司"}, {"en": "Quan Xin Technology"}, ("sound",)),
    ],
)
def test_like_names_are_candidates_across_spellings_and_scripts(
    first: dict[str, str], second: dict[str, str], reasons: tuple[str, ...], now: datetime, db: None
) -> None:
    one = an(next(iter(first)), now, **first)
    other = an(next(iter(second)), now, **second)
    assert [(pair.first, pair.second, pair.reasons) for pair in duplicate_candidates()] == [
        (one, other, reasons)
    ]
    assert [pair.second for pair in duplicate_candidates(of=one)] == [other]


def test_different_names_are_none_and_neither_are_namesakes_in_two_countries(now: datetime, db: None) -> None:
    an("de", now, de="Elbtal Optik GmbH", country="DE")
    an("de", now, de="Saale Optik GmbH", country="DE")
    an("en", now, en="Elbtal Optik Ltd", country="GB")
    assert duplicate_candidates() == []


def test_two_firms_of_one_brand_whose_chinese_names_differ_are_no_candidates(now: datetime, db: None) -> None:
    an("zh", now, zh="济南新锐日报社", en="Xinrui Daily, Jinan")
    an("zh", now, zh="济南新锐自动化有限公司", en="Jinan Xinrui Automation Co., Ltd.")
    assert duplicate_candidates() == []


def test_a_shared_website_makes_a_candidate(now: datetime, db: None) -> None:
    one = an("de", now, de="Alpha", website="https://www.example.org/a")
    other = an("en", now, en="Beta", website="http://example.org")
    assert [(pair.first, pair.second, pair.is_probable) for pair in duplicate_candidates()] == [
        (one, other, True)
    ]


def test_a_name_that_many_share_says_nothing(now: datetime, db: None) -> None:
    for number in range(14):
        an("de", now, de=f"Silicon {number}")
    assert duplicate_candidates() == []


def test_who_was_kept_apart_is_not_proposed_again(rita: User, now: datetime) -> None:
    one, other = an("de", now, de="Doppel GmbH"), an("de", now, de="Doppel AG")
    assert len(duplicate_candidates()) == 1
    keep_apart(other, one, by=rita, at=now)
    keep_apart(one, other, by=rita, at=now)
    assert duplicate_candidates() == []


def test_the_survivor_keeps_all_names_and_gets_everything(
    wentao: Participation, rita: User, now: datetime
) -> None:
    gone = wentao.organisation
    kept = an("en", now, en="Quanxin Semiconductor", aliases=3)
    OrganisationName.objects.create(organisation=gone, language="en", text="Springcore", kind="former")
    RegistryNumber.objects.create(organisation=gone, scheme="uscc", number="91350100M000100Y43")
    site = Site.objects.create(organisation=gone, source="a press text")
    child = an("en", now, en="Child")
    Organisation.objects.filter(pk=child.pk).update(parent=gone)
    merge = merge_organisations(kept, duplicate=gone, by=rita, at=now)
    for row in (wentao, site, child):
        row.refresh_from_db()
    gone.refresh_from_db()
    kept.refresh_from_db()
    assert (wentao.organisation, site.organisation, child.parent) == (kept, kept, kept)
    assert (gone.state, gone.merged_into) == ("merged", kept)
    assert set(kept.names.values_list("text", flat=True)) == {
        "Alias 0 of Quanxin Semiconductor",
        "Alias 1 of Quanxin Semiconductor",
        "Alias 2 of Quanxin Semiconductor",
        "Springcore",
        "济南泉芯半导体有限公司",
    }
    assert (kept.country, kept.place) == ("CN", "济南")  # it did not know them
    assert kept.name.in_language("en") == "Quanxin Semiconductor"
    hits = search("济南泉芯半导体有限公司", audiences=(PUBLIC,), language="zh").hits
    assert [hit.key for hit in hits if hit.kind == "organisation"] == [kept.public_id]
    assert merge.merged_by == rita
    assert Entry.objects.about(kept).last().action == "directory.merge_organisations"  # type: ignore[union-attr]
    with pytest.raises(OrganisationWasMerged):
        confirm_organisation(gone, by=rita, at=now)


def test_undone_each_has_what_it_had(wentao: Participation, rita: User, now: datetime) -> None:
    gone = wentao.organisation
    kept = an("en", now, en="Quanxin Semiconductor", aliases=1)
    OrganisationName.objects.create(organisation=gone, language="en", text="Springcore")
    merge = merge_organisations(kept, duplicate=gone, by=rita, at=now)
    undo_merge(merge, by=rita, at=now)
    for row in (wentao, gone, kept):
        row.refresh_from_db()
    assert wentao.organisation == gone
    assert (gone.state, gone.merged_into) == ("draft", None)
    assert list(gone.names.values_list("text", flat=True)) == ["Springcore"]
    assert list(kept.names.values_list("text", flat=True)) == ["Alias 0 of Quanxin Semiconductor"]
    assert (kept.country, kept.place) == ("", "")
    with pytest.raises(MergeIsUndoneAlready):
        undo_merge(merge, by=rita, at=now)
    merge_organisations(kept, duplicate=gone, by=rita, at=now)  # and again


def test_both_in_one_cluster_leave_one_live_membership(rita: User, now: datetime) -> None:
    one, other = an("de", now, de="Eins"), an("de", now, de="Zwei")
    here, there = (
        Cluster.objects.create(slug=slug, name=Text.of("en", en=slug)) for slug in ("here", "there")
    )
    for cluster, organisation in ((here, one), (here, other), (there, other)):
        Membership.objects.create(cluster=cluster, organisation=organisation, since=date(2018, 1, 1))
    merge = merge_organisations(one, duplicate=other, by=rita, at=now)
    assert set(one.memberships.values_list("cluster__slug", flat=True)) == {"here", "there"}
    undo_merge(merge, by=rita, at=now)
    assert list(one.memberships.values_list("cluster__slug", flat=True)) == ["here"]
    assert other.memberships.count() == 2


def test_what_cannot_be_merged_is_refused(rita: User, now: datetime) -> None:
    one, two, three = (an("de", now, de=name) for name in ("Eins", "Zwei", "Drei"))
    with pytest.raises(CannotMergeWithItself):
        merge_organisations(one, duplicate=one, by=rita, at=now)
    first = merge_organisations(two, duplicate=three, by=rita, at=now)
    with pytest.raises(OrganisationIsMergedAlready):
        merge_organisations(one, duplicate=three, by=rita, at=now)
    merge_organisations(one, duplicate=two, by=rita, at=now)
    with pytest.raises(MergeHasFollowers):
        undo_merge(first, by=rita, at=now)
