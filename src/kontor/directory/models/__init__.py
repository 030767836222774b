"""Tables of the directory: organisations with their names and numbers, sites, people, clusters and their members."""

from kontor.directory.models.claims import OrganisationClaim
from kontor.directory.models.clusters import (
    Cluster,
    ClusterLabel,
    ClusterPartnership,
    ClusterService,
    ClusterStaff,
    Membership,
    WorkingGroup,
)
from kontor.directory.models.lists import OrganisationList, UploadedList
from kontor.directory.models.merges import OrganisationKey, OrganisationMerge, OrganisationsApart
from kontor.directory.models.organisations import (
    Organisation,
    OrganisationName,
    RegistryNumber,
    has_visible_organisation,
)
from kontor.directory.models.people import LEVELS, Affiliation, Person, PersonAlias, PersonLanguage
from kontor.directory.models.sites import Site
from kontor.directory.models.translations import TranslationCheck

__all__ = [
    "LEVELS",
    "Affiliation",
    "Cluster",
    "ClusterLabel",
    "ClusterPartnership",
    "ClusterService",
    "ClusterStaff",
    "Membership",
    "Organisation",
    "OrganisationClaim",
    "OrganisationKey",
    "OrganisationList",
    "OrganisationMerge",
    "OrganisationName",
    "OrganisationsApart",
    "Person",
    "PersonAlias",
    "PersonLanguage",
    "RegistryNumber",
    "Site",
    "TranslationCheck",
    "UploadedList",
    "WorkingGroup",
    "has_visible_organisation",
]
