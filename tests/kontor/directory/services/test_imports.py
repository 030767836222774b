"""Lists of organisations and members: found again, never merged by guess, applied and undone whole, refused with reasons."""

import io
from datetime import date, datetime
from typing import Any

import pytest
from django.utils import translation
from openpyxl import Workbook

from kontor.accounts.models import User
from kontor.audit.models import Entry
from kontor.directory.lists import OrganisationField
from kontor.directory.lists.previews import show
from kontor.directory.lists.results import Refusal
from kontor.directory.models import (
    Affiliation,
    Cluster,
    ClusterStaff,
    Membership,
    Organisation,
    OrganisationList,
    OrganisationName,
    Person,
    RegistryNumber,
    Site,
    WorkingGroup,
)
from kontor.directory.services import imports, stored_lists
from kontor.directory.services.organisations import add_organisation, add_registry_number
from kontor.i18n import Text
from kontor.search.queries import search
from kontor.search.registry import PUBLIC

USCC = "91350100M000100Y43"
MODELS = (Organisation, OrganisationName, RegistryNumber, Site, Membership)


@pytest.fixture
def saxony(db: None) -> Cluster:
    """A cluster with a working group."""
    cluster = Cluster.objects.create(slug="saxony", name=Text.of("de", de="Netz Sachsen"), country="DE")
    WorkingGroup.objects.create(cluster=cluster, name=Text.of("de", de="Sensorik", en="Sensors"))
    return cluster


@pytest.fixture
def rita(saxony: Cluster) -> User:
    """Rita works for the cluster."""
    user = User.objects.create_user("rita@example.org", None)
    ClusterStaff.objects.create(cluster=saxony, user=user)
    return user


def prepared(
    *lines: str, by: User | None = None, at: datetime, cluster: Cluster | None = None
) -> OrganisationList:
    return imports.prepare_import(
        file_name="list.csv", content="\n".join(lines).encode(), cluster=cluster, by=by, at=at
    )


def fates(row: OrganisationList) -> dict[str, int]:
    counts = row.preview["counts"]
    return {name: number for name, number in counts.items() if number and name != "people"}


def refusals(row: OrganisationList) -> list[tuple[int, str, str, str]]:
    found = [Refusal.from_json(entry) for entry in row.preview["refusals"]]
    return [
        (one.row_number, one.column, one.reason, one.proposal.text if one.proposal else "") for one in found
    ]


def found(query: str) -> list[str]:
    hits = search(query, audiences=(PUBLIC,), language="de").hits
    return [hit.key for hit in hits if hit.kind == "organisation"]


def notices(row: OrganisationList) -> list[str]:
    return [one.text for group in show(row.summary, headings=("", "")).noticed for one in group.notices]


def everything() -> dict[str, list[dict[str, Any]]]:
    """All rows of the directory, without their ids."""
    left_out = {"id", "organisation_id", "created_at"}
    return {
        model.__name__: [
            {name: value for name, value in row.items() if name not in left_out}
            for row in model.objects.order_by(
                "public_id" if hasattr(model, "public_id") else "number"
            ).values()
        ]
        for model in MODELS
    }


LIST = """
Organisation;Name (englisch);Name chinesisch;Kurzname;Art;Größe;USt-IdNr.;Handelsregister;Registergericht;Land;Ort;\
Anschrift;Website;Themen;Was sie kann;Gehört zu;Mitarbeiter;Gegründet
Muster Sensorik GmbH;Muster Sensors Ltd;穆斯特传感;MS;KMU;klein;DE136695976;HRB 12345;Dresden;Deutschland;Dresden;\
Hauptstraße 1, 01067 Dresden;www.muster.example.com;Leistungselektronik;Wir bauen Sensoren;Muster Holding AG;1.200;1998
Muster Holding AG;;;;Großunternehmen;;;;;DE;Leipzig;;;;;;;
""".strip().splitlines()


def test_a_list_brings_names_numbers_sites_topics_and_parents(now: datetime, db: None) -> None:
    row = prepared(*LIST, at=now)
    assert fates(row) == {"new": 2}
    imports.apply_import(row, by=None, at=now)
    one = Organisation.objects.get(name_key="mustersensorikgmbh")
    assert one.name == Text.of("de", de="Muster Sensorik GmbH", en="Muster Sensors Ltd", zh="穆斯特传感")
    assert (one.kind, one.size_class, one.size_standard) == ("sme", "small", "eu")
    assert (one.country, one.place, one.num_staff, one.founded_in) == ("DE", "Dresden", 1200, 1998)
    assert (one.website, one.topics) == ("https://www.muster.example.com", ["power-electronics"])
    assert one.capability == Text.of("de", de="Wir bauen Sensoren")
    assert one.parent == Organisation.objects.get(name_key="musterholdingag")
    assert (one.state, one.verification, one.confirmed_at) == ("published", "none", now)
    assert [(name.kind, name.language, name.text) for name in one.names.all()] == [("short", "de", "MS")]
    assert [(number.scheme, number.number, number.court) for number in one.registry_numbers.all()] == [
        ("hrb", "12345", "Dresden"),
        ("vat", "DE136695976", ""),
    ]
    site = one.sites.get()
    assert (site.kind, str(site.address), site.source, site.is_verified) == (
        "headquarters",
        "Hauptstraße 1, 01067 Dresden",
        "list.csv",
        False,
    )
    assert found("穆斯特") == [one.public_id]


def test_the_same_list_again_changes_nothing(now: datetime, db: None) -> None:
    imports.apply_import(prepared(*LIST, at=now), by=None, at=now)
    before = everything()
    again = prepared(*LIST, at=now)
    assert fates(again) == {"unchanged": 2}
    assert everything() == before


def test_a_list_is_undone_as_a_whole(now: datetime, saxony: Cluster, rita: User) -> None:
    known = Organisation(
        name=Text.of("de", de="Alte Optik GmbH"), country="DE", place="Jena", state="published"
    )
    add_organisation(known, by=None, at=now.replace(year=2017))
    before = everything()
    row = prepared(
        "Organisation;Land;Ort;Website;Alias;Adresse;Cluster;Seit;Arbeitsgruppe;VAT",
        "Alte Optik GmbH;DE;Gera;optik.example.org;Optik Alt;Weg 1;saxony;2010;Sensorik;DE136695976",
        "Neue Optik GmbH;DE;Jena;;;;saxony;;;",
        at=now,
        by=rita,
    )
    assert fates(row) == {"new": 1, "changed": 1}
    imports.apply_import(row, by=rita, at=now)
    assert everything() != before
    imports.undo_import(row, by=rita, at=now)
    assert everything() == before
    assert [entry.action for entry in Entry.objects.about(row)] == [
        "list_uploaded",
        "list_applied",
        "list_undone",
    ]
    assert found("Neue Optik") == [known.public_id]


def test_a_wrong_credit_code_is_refused_with_its_digit_and_what_was_meant(now: datetime, db: None) -> None:
    wrong = USCC[:10] + "1" + USCC[11:]
    row = prepared("单位名称;统一社会信用代码;国家", f"济南泉芯半导体有限公司;{wrong};中国", at=now)
    with translation.override("de"):
        assert refusals(row) == [(1, "统一社会信用代码", "Zeichen 11 ist „1“, muss aber „0“ sein.", USCC)]
    imports.accept_proposal(row, row_number=1, field="uscc", value=USCC)
    row.refresh_from_db()
    assert fates(row) == {"new": 1}


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_chinese_lists_are_read_in_their_encodings(encoding: str, now: datetime, db: None) -> None:
    text = f"国家,统一社会信用代码,单位名称,规模\n中国,{USCC},济南泉芯半导体有限公司,中型\n"
    row = imports.prepare_import(file_name="名单.csv", content=text.encode(encoding), by=None, at=now)
    imports.apply_import(row, by=None, at=now)
    one = Organisation.objects.get()
    assert (str(one.name), one.country, one.size_class, one.size_standard) == (
        "济南泉芯半导体有限公司",
        "CN",
        "medium",
        "cn",
    )


def test_a_spreadsheet_is_read_like_a_text_file(now: datetime, db: None) -> None:
    book = Workbook()
    book.active.append(["Company", "Country", "Founded", "Member since", "Cluster"])
    book.active.append(["Muster Ltd", "Germany", 1998, None, None])
    data = io.BytesIO()
    book.save(data)
    row = imports.prepare_import(file_name="list.xlsx", content=data.getvalue(), by=None, at=now)
    imports.apply_import(row, by=None, at=now)
    one = Organisation.objects.get()
    assert (one.name, one.founded_in) == (Text.of("de", de="Muster Ltd"), 1998)


def test_a_registry_number_finds_an_organisation_under_another_name(now: datetime, db: None) -> None:
    known = Organisation(name=Text.of("zh", zh="济南泉芯半导体有限公司"), country="CN", state="published")
    add_organisation(known, by=None, at=now)
    add_registry_number(known, scheme="uscc", text=USCC, by=None, at=now)
    row = prepared("名称;统一社会信用代码", f"济南泉芯集成电路有限公司;{USCC}", at=now)
    assert (fates(row), row.preview["rows"][0]["fields"]) == ({"changed": 1}, ["name_zh"])
    imports.apply_import(row, by=None, at=now)
    known.refresh_from_db()
    assert str(known.name) == "济南泉芯集成电路有限公司"
    assert [(name.kind, name.text) for name in known.names.all()] == [("former", "济南泉芯半导体有限公司")]


def test_a_likeness_is_told_and_never_merged(now: datetime, db: None) -> None:
    known = Organisation(name=Text.of("zh", zh="山东芯源电子有限公司"), country="CN", state="published")
    add_organisation(known, by=None, at=now)
    row = prepared("Company;Country", "Shandong Xinyuan Electronics Co., Ltd.;China", at=now)
    assert fates(row) == {"new": 1}
    assert notices(row) == [
        "This may be “山东芯源电子有限公司”, which is known already. They are not merged."
    ]
    imports.apply_import(row, by=None, at=now)
    assert Organisation.objects.count() == 2


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (("Name;Land", "A GmbH;Sachsen"), (1, "Land", "“Sachsen” is a region, not a country.", "Germany")),
        (
            ("Name;Art", "A GmbH;Universitt"),
            (1, "Art", "“Universitt” is none of the words known for this column.", "university"),
        ),
        (("Name;Staff", "A GmbH;many"), (1, "Staff", "“many” is no number.", "")),
        (("Name;Founded", "A GmbH;soon"), (1, "Founded", "“soon” is no year.", "")),
        (("Name;Website", "A GmbH;no site"), (1, "Website", "“no site” is no address of a website.", "")),
        (("Name;Land", ";DE"), (1, "Name", "There is no name.", "")),
        (("Name;Website", "=1+1;x.example.org"), (1, "Name", "There is a formula instead of a value.", "")),
        (("Name;Parent", "A GmbH;A GmbH"), (1, "Parent", "An organisation is not its own parent.", "")),
        (("Name;Parent", "A GmbH;Nobody"), (1, "Parent", "No organisation is named “Nobody”.", "")),
        (
            ("Name;Parent", "A GmbH;B GmbH", "B GmbH;A GmbH"),
            (2, "Parent", "“A GmbH” stands below this organisation already, so it cannot be its parent.", ""),
        ),
        (
            ("Name;Land;Ort", "A GmbH;DE;Jena", "A GmbH;DE;Gera"),
            (2, "Name", "This is the organisation of row 1, but with other details.", ""),
        ),
        (
            ("Name;Cluster", "A GmbH;saxny"),
            (1, "Cluster", "No cluster of yours is named “saxny”.", "saxony"),
        ),
        (
            ("Name;Cluster;Working group", "A GmbH;saxony;Sensors and more"),
            (1, "Working group", "This cluster has no working group “Sensors and more”.", "Sensors"),
        ),
        (
            ("Name;Cluster;Membership;Since", "A GmbH;saxony;ended;2010"),
            (1, "", "A membership that has ended needs its last day.", ""),
        ),
        (
            ("Name;Cluster;Since;Until", "A GmbH;saxony;2010;2009"),
            (1, "Until", "“2010-01-01 – 2009-12-31” ends before it begins.", ""),
        ),
        (
            ("Name;Since", "A GmbH;2010"),
            (1, "", "It is not said to which cluster this membership belongs.", ""),
        ),
        (("Name;Cluster;Since", "A GmbH;saxony;31.02.2010"), (1, "Since", "“31.02.2010” is no date.", "")),
    ],
)
def test_a_row_is_refused_by_row_column_reason_and_proposal(
    lines: tuple[str, ...], reason: tuple[int, str, str, str], now: datetime, saxony: Cluster
) -> None:
    row = prepared(*lines, at=now)
    assert reason in refusals(row)
    assert Organisation.objects.count() == 0


def test_a_preview_speaks_the_language_of_whoever_reads_it(now: datetime, saxony: Cluster) -> None:
    saxony.name = saxony.name.with_version("zh", "萨克森网络")
    saxony.save()
    row = prepared("Name;Art;Cluster", "A GmbH;Universitt;saxony", "B GmbH;KMU;saxony", at=now)
    shown = {}
    for language in ("de", "en", "zh-hans"):
        with translation.override(language):
            [group] = show(row.summary, headings=("", ""), kind=OrganisationField).refused
            [entry] = show(row.summary, headings=("", ""), kind=OrganisationField).rows
            proposal = group.refusals[0].proposal
            shown[language] = (proposal.text if proposal else "", entry.cells[1][1])
    assert shown == {
        "de": ("Hochschule", "Netz Sachsen"),
        "en": ("university", "Netz Sachsen"),
        "zh-hans": ("高等院校", "萨克森网络"),
    }
    imports.accept_proposal(row, row_number=1, field="kind", value="university")
    row.refresh_from_db()
    assert (fates(row), row.preview["rows"][0]["row"]["kind"]) == ({"new": 2}, "university")


def test_members_of_one_cluster_need_no_column_for_it(now: datetime, saxony: Cluster, rita: User) -> None:
    row = prepared(
        "Mitglied;Mitglied seit;Art der Mitgliedschaft;Arbeitsgruppe;Mitgliedschaft",
        "Muster GmbH;01.05.2010;Gründungsmitglied;Sensors;aktiv",
        "Andere GmbH;2011;;;beantragt",
        at=now,
        by=rita,
        cluster=saxony,
    )
    imports.apply_import(row, by=rita, at=now)
    muster, other = saxony.memberships.order_by("since")
    assert (muster.state, muster.category, muster.since, muster.is_listed) == (
        "active",
        "founding",
        date(2010, 5, 1),
        False,
    )
    assert [str(group.name) for group in muster.working_groups.all()] == ["Sensorik"]
    assert (other.state, other.category, other.since) == ("applied", "member", date(2011, 1, 1))


def test_an_organisation_may_stand_in_two_rows_for_two_clusters(now: datetime, saxony: Cluster) -> None:
    Cluster.objects.create(slug="zone", name=Text.of("zh", zh="高新区"))
    lines = ("Name;Land;Cluster", "Muster GmbH;DE;saxony", "Muster GmbH;DE;高新区")
    row = prepared(*lines, at=now)
    imports.apply_import(row, by=None, at=now)
    clusters = Membership.objects.order_by("id").values_list("cluster__slug", flat=True)
    assert (Organisation.objects.count(), list(clusters)) == (1, ["saxony", "zone"])
    assert fates(prepared(*lines, at=now)) == {"unchanged": 2}


def test_staff_cannot_change_what_others_look_after(now: datetime, saxony: Cluster, rita: User) -> None:
    known = Organisation(name=Text.of("de", de="Fremde GmbH"), country="DE", state="published")
    add_organisation(known, by=None, at=now)
    Affiliation.objects.create(person=Person.objects.create(), organisation=known, is_editor=True)
    lines = ("Name;Land;Ort", "Fremde GmbH;DE;Gera")
    with translation.override("en"):
        assert refusals(prepared(*lines, at=now, by=rita)) == [
            (
                1,
                "Name",
                "“Fremde GmbH” is known already and looked after by others, so this list cannot change it.",
                "",
            )
        ]
    assert fates(prepared(*lines, at=now, by=None)) == {"changed": 1}


def test_staff_name_only_their_own_clusters(now: datetime, saxony: Cluster, rita: User) -> None:
    Cluster.objects.create(slug="zone", name=Text.of("zh", zh="高新区"))
    row = prepared("Name;Cluster", "Muster GmbH;zone", at=now, by=rita)
    assert [one[2] for one in refusals(row)] == ["No cluster of yours is named “zone”."]


def test_a_list_is_not_undone_when_an_organisation_was_used_since(now: datetime, db: None) -> None:
    row = prepared("Name", "Muster GmbH", "Andere GmbH", at=now)
    imports.apply_import(row, by=None, at=now)
    Affiliation.objects.create(
        person=Person.objects.create(), organisation=Organisation.objects.get(name_key="mustergmbh")
    )
    with pytest.raises(imports.UsedSince) as refusal:
        imports.undo_import(row, by=None, at=now)
    assert str(refusal.value) == (
        "One organisation of this list has been changed or used since, so the list cannot be undone."
    )
    assert Organisation.objects.count() == 2


def test_what_changed_since_the_preview_is_looked_at_again(now: datetime, db: None) -> None:
    row = prepared("Name;Land", "Muster GmbH;DE", at=now)
    add_organisation(
        Organisation(name=Text.of("de", de="Muster GmbH"), country="DE", state="published"), by=None, at=now
    )
    with pytest.raises(stored_lists.DirectoryChangedMeanwhile):
        imports.apply_import(row, by=None, at=now)
    row.refresh_from_db()
    assert (fates(row), row.state) == ({"unchanged": 1}, "previewed")
    stored_lists.discard_list(row, by=None, at=now)
    with pytest.raises(stored_lists.ListNotInThisState):
        imports.apply_import(row, by=None, at=now)
