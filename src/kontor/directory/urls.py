"""Addresses of organisations, people and clusters, each under the plural of its name."""

from django.urls import path

from kontor.directory.views import claims, clusters, editing, imports, pages, people, staff, translations

app_name = "directory"
_ONE = "organisations/<str:organisation>/"
urlpatterns = [
    path("organisations/", pages.organisation_list, name="organisation-list"),
    path(
        "organisations/organisations.csv", staff.organisation_export, {"form": "csv"}, name="organisation-csv"
    ),
    path(
        "organisations/organisations.xlsx",
        staff.organisation_export,
        {"form": "xlsx"},
        name="organisation-xlsx",
    ),
    path("organisations/new/", clusters.organisation_new, name="organisation-new"),
    path("organisations/claims/", claims.claim_list, name="claim-list"),
    path("organisations/claims/<str:organisation_claim>/decide/", claims.claim_decide, name="claim-decide"),
    path("organisations/duplicates/", staff.duplicate_list, name="duplicate-list"),
    path("organisations/duplicates/decide/", staff.duplicate_decide, name="duplicate-decide"),
    path("organisations/lists/", imports.list_new, name="list-new"),
    path("organisations/lists/<str:organisation_list>/", imports.list_show, name="list-show"),
    path("organisations/merges/<str:merge>/undo/", staff.merge_undo, name="merge-undo"),
    path("organisations/stale/", staff.stale_list, name="stale-list"),
    path("organisations/translations/", translations.translation_list, name="translation-list"),
    path("organisations/translations/draft/", translations.translation_draft, name="translation-draft"),
    path("organisations/sites/<str:site>/edit/", editing.site_edit, name="site-edit"),
    path("organisations/sites/<str:site>/verify/", editing.site_verify, name="site-verify"),
    path("organisations/sites/<str:site>/remove/", editing.site_remove, name="site-remove"),
    path(_ONE, pages.organisation_show, name="organisation-show"),
    path(_ONE + "card.vcf", pages.organisation_card, name="organisation-card"),
    path(
        _ONE + "translations/<str:field>/<str:language>/",
        translations.translation_edit,
        name="translation-edit",
    ),
    path(_ONE + "claim/", claims.claim_new, name="claim-new"),
    path(_ONE + "edit/", editing.organisation_edit, name="organisation-edit"),
    path(_ONE + "details/", editing.organisation_details, name="organisation-details"),
    path(_ONE + "confirm/", editing.organisation_confirm, name="organisation-confirm"),
    path(_ONE + "verify/", editing.organisation_verify, name="organisation-verify"),
    path(_ONE + "state/", editing.organisation_move, name="organisation-move"),
    path(_ONE + "names/add/", editing.name_add, name="name-add"),
    path(_ONE + "names/remove/", editing.name_remove, name="name-remove"),
    path(_ONE + "numbers/add/", editing.number_add, name="number-add"),
    path(_ONE + "numbers/remove/", editing.number_remove, name="number-remove"),
    path(_ONE + "sites/new/", editing.site_new, name="site-new"),
    path(_ONE + "apply/", editing.membership_apply, name="membership-apply"),
    path("people/", people.person_list, name="person-list"),
    path("people/me/", people.person_edit, name="person-edit"),
    path("people/<str:person>/", people.person_show, name="person-show"),
    path("people/<str:person>/card.vcf", people.person_card, name="person-card"),
    path("clusters/", pages.cluster_list, name="cluster-list"),
    path("clusters/<slug:cluster>/", pages.cluster_show, name="cluster-show"),
    path("clusters/<slug:cluster>/edit/", clusters.cluster_edit, name="cluster-edit"),
    path("clusters/<slug:cluster>/parts/", clusters.cluster_parts, name="cluster-parts"),
    path("clusters/<slug:cluster>/parts/<slug:part>/<str:piece>/", clusters.part_edit, name="part-edit"),
    path(
        "clusters/<slug:cluster>/parts/<slug:part>/<str:piece>/remove/",
        clusters.part_remove,
        name="part-remove",
    ),
    path("clusters/<slug:cluster>/partners/add/", clusters.partner_add, name="partner-add"),
    path(
        "clusters/<slug:cluster>/partners/<slug:second>/remove/",
        clusters.partner_remove,
        name="partner-remove",
    ),
    path("clusters/<slug:cluster>/memberships/", staff.membership_list, name="membership-list"),
    path("memberships/<str:membership>/step/", staff.membership_move, name="membership-move"),
]
