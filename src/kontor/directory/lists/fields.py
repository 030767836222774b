"""What the columns of lists can mean, and what each meaning is called."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from kontor.directory.models import Membership, Organisation


class Field(StrEnum):
    """What a column of a list of people, participants or interpreters, can mean."""

    FAMILY = "family"
    GIVEN = "given"
    NAME = "name"
    NATIVE_NAME = "native_name"
    ROMANISED_NAME = "romanised_name"
    TITLE = "title"
    ORGANISATION = "organisation"
    ORGANISATION_OTHER = "organisation_other"
    FUNCTION = "function"
    COUNTRY = "country"
    PLACE = "place"
    EMAIL = "email"
    PHONE = "phone"
    WECHAT = "wechat"
    LANGUAGES = "languages"
    FOREIGN_LANGUAGES = "foreign_languages"
    OFFERS = "offers"
    SEEKS = "seeks"
    AVAILABILITY = "availability"
    CATEGORY = "category"
    LANGUAGE_PAIRS = "language_pairs"
    MAX_RUN = "max_run"
    IGNORED = "ignored"


class PairField(StrEnum):
    """What a column of a list of pairs who want to meet can mean; the first person asks the second."""

    FIRST_NAME = "first_name"
    FIRST_ORGANISATION = "first_organisation"
    FIRST_EMAIL = "first_email"
    SECOND_NAME = "second_name"
    SECOND_ORGANISATION = "second_organisation"
    SECOND_EMAIL = "second_email"
    REASON = "reason"
    PRIORITY = "priority"
    IGNORED = "ignored"


class OrganisationField(StrEnum):
    """What a column of a list of organisations, or of the members of a cluster, can mean."""

    NAME = "name"
    NAME_DE = "name_de"
    NAME_EN = "name_en"
    NAME_ZH = "name_zh"
    SHORT_NAME = "short_name"
    FORMER_NAME = "former_name"
    ALIAS = "alias"
    KIND = "kind"
    LEGAL_FORM = "legal_form"
    SIZE = "size"
    SIZE_STANDARD = "size_standard"
    NUM_STAFF = "num_staff"
    FOUNDED_IN = "founded_in"
    USCC = "uscc"
    HRB = "hrb"
    HRA = "hra"
    VR = "vr"
    VAT = "vat"
    COURT = "court"
    COUNTRY = "country"
    PLACE = "place"
    ADDRESS = "address"
    WEBSITE = "website"
    TOPICS = "topics"
    CAPABILITY = "capability"
    PARENT = "parent"
    SOURCE = "source"
    CLUSTER = "cluster"
    STATE = "state"
    CATEGORY = "category"
    SINCE = "since"
    UNTIL = "until"
    WORKING_GROUPS = "working_groups"
    IGNORED = "ignored"


INTERPRETER_FIELDS = (
    Field.FAMILY,
    Field.GIVEN,
    Field.NAME,
    Field.NATIVE_NAME,
    Field.ROMANISED_NAME,
    Field.EMAIL,
    Field.PHONE,
    Field.WECHAT,
    Field.LANGUAGE_PAIRS,
    Field.LANGUAGES,
    Field.MAX_RUN,
    Field.AVAILABILITY,
    Field.IGNORED,
)
"""What a list of interpreters can say."""
PARTICIPANT_FIELDS = tuple(field for field in Field if field not in {Field.LANGUAGE_PAIRS, Field.MAX_RUN})
"""What a list of participants can say."""

# IGNORED compares equal in both enumerations, so one label serves both.
_LABELS: dict[Field | PairField, Promise] = {
    Field.FAMILY: pgettext_lazy("column of a list", "Family name"),
    Field.GIVEN: pgettext_lazy("column of a list", "Given name"),
    Field.NAME: pgettext_lazy("column of a list", "Full name"),
    Field.NATIVE_NAME: pgettext_lazy("column of a list", "Name in characters"),
    Field.ROMANISED_NAME: pgettext_lazy("column of a list", "Name in Latin letters"),
    Field.TITLE: pgettext_lazy("column of a list", "Academic title"),
    Field.ORGANISATION: pgettext_lazy("column of a list", "Organisation"),
    Field.ORGANISATION_OTHER: pgettext_lazy("column of a list", "Organisation in another script"),
    Field.FUNCTION: pgettext_lazy("column of a list", "Function"),
    Field.COUNTRY: pgettext_lazy("column of a list", "Country or region"),
    Field.PLACE: pgettext_lazy("column of a list", "Place"),
    Field.EMAIL: pgettext_lazy("column of a list", "E-mail"),
    Field.PHONE: pgettext_lazy("column of a list", "Phone"),
    Field.WECHAT: pgettext_lazy("column of a list", "WeChat"),
    Field.LANGUAGES: pgettext_lazy("column of a list", "Languages"),
    Field.FOREIGN_LANGUAGES: pgettext_lazy("column of a list", "Foreign languages"),
    Field.OFFERS: pgettext_lazy("column of a list", "Offers"),
    Field.SEEKS: pgettext_lazy("column of a list", "Seeks"),
    Field.AVAILABILITY: pgettext_lazy("column of a list", "Availability"),
    Field.CATEGORY: pgettext_lazy("column of a list", "Category"),
    Field.LANGUAGE_PAIRS: pgettext_lazy("column of a list", "Language pairs"),
    Field.MAX_RUN: pgettext_lazy("column of a list", "Meetings in a row without a pause"),
    Field.IGNORED: pgettext_lazy("column of a list", "Not imported"),
    PairField.FIRST_NAME: pgettext_lazy("column of a list", "Who asks"),
    PairField.FIRST_ORGANISATION: pgettext_lazy("column of a list", "Organisation of the one who asks"),
    PairField.FIRST_EMAIL: pgettext_lazy("column of a list", "E-mail of the one who asks"),
    PairField.SECOND_NAME: pgettext_lazy("column of a list", "Who is asked"),
    PairField.SECOND_ORGANISATION: pgettext_lazy("column of a list", "Organisation of the one who is asked"),
    PairField.SECOND_EMAIL: pgettext_lazy("column of a list", "E-mail of the one who is asked"),
    PairField.REASON: pgettext_lazy("column of a list", "Reason for the meeting"),
    PairField.PRIORITY: pgettext_lazy("column of a list", "Priority"),
}
_ORGANISATION_LABELS: dict[OrganisationField, Promise] = {
    OrganisationField.NAME: pgettext_lazy("column of a list", "Name of the organisation"),
    OrganisationField.NAME_DE: pgettext_lazy("column of a list", "Name in German"),
    OrganisationField.NAME_EN: pgettext_lazy("column of a list", "Name in English"),
    OrganisationField.NAME_ZH: pgettext_lazy("column of a list", "Name in Chinese"),
    OrganisationField.SHORT_NAME: pgettext_lazy("column of a list", "Short name"),
    OrganisationField.FORMER_NAME: pgettext_lazy("column of a list", "Former name"),
    OrganisationField.ALIAS: pgettext_lazy("column of a list", "Also known as"),
    OrganisationField.KIND: pgettext_lazy("column of a list", "Kind of organisation"),
    OrganisationField.LEGAL_FORM: pgettext_lazy("column of a list", "Legal form"),
    OrganisationField.SIZE: pgettext_lazy("column of a list", "Size"),
    OrganisationField.SIZE_STANDARD: pgettext_lazy("column of a list", "Standard of the size"),
    OrganisationField.NUM_STAFF: pgettext_lazy("column of a list", "Staff"),
    OrganisationField.FOUNDED_IN: pgettext_lazy("column of a list", "Founded in"),
    OrganisationField.USCC: pgettext_lazy("column of a list", "Unified Social Credit Code"),
    OrganisationField.HRB: pgettext_lazy("column of a list", "Commercial register (HRB)"),
    OrganisationField.HRA: pgettext_lazy("column of a list", "Commercial register (HRA)"),
    OrganisationField.VR: pgettext_lazy("column of a list", "Register of associations (VR)"),
    OrganisationField.VAT: pgettext_lazy("column of a list", "VAT identification number"),
    OrganisationField.COURT: pgettext_lazy("column of a list", "Court of the register"),
    OrganisationField.COUNTRY: pgettext_lazy("column of a list", "Country or region"),
    OrganisationField.PLACE: pgettext_lazy("column of a list", "Place"),
    OrganisationField.ADDRESS: pgettext_lazy("column of a list", "Address"),
    OrganisationField.WEBSITE: pgettext_lazy("column of a list", "Website"),
    OrganisationField.TOPICS: pgettext_lazy("column of a list", "Topics"),
    OrganisationField.CAPABILITY: pgettext_lazy("column of a list", "What it can do"),
    OrganisationField.PARENT: pgettext_lazy("column of a list", "Parent organisation"),
    OrganisationField.SOURCE: pgettext_lazy("column of a list", "Source"),
    OrganisationField.CLUSTER: pgettext_lazy("column of a list", "Cluster"),
    OrganisationField.STATE: pgettext_lazy("column of a list", "State of the membership"),
    OrganisationField.CATEGORY: pgettext_lazy("column of a list", "Category of the membership"),
    OrganisationField.SINCE: pgettext_lazy("column of a list", "Member since"),
    OrganisationField.UNTIL: pgettext_lazy("column of a list", "Member until"),
    OrganisationField.WORKING_GROUPS: pgettext_lazy("column of a list", "Working groups"),
    OrganisationField.IGNORED: pgettext_lazy("column of a list", "Not imported"),
}


CHOICES: dict[str, type[TextChoices]] = {
    OrganisationField.KIND: Organisation.Kind,
    OrganisationField.SIZE: Organisation.SizeClass,
    OrganisationField.SIZE_STANDARD: Organisation.SizeStandard,
    OrganisationField.STATE: Membership.State,
    OrganisationField.CATEGORY: Membership.Category,
}
"""what the cells of some columns can say"""


def field_label(field: Field | PairField | OrganisationField) -> str:
    """The field in the language of the reader."""
    if isinstance(field, OrganisationField):
        return str(_ORGANISATION_LABELS[field])
    return str(_LABELS[field])
