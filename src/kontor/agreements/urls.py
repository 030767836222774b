"""Addresses of agreements, under /agreements/, and of relations, under /relations/."""

from django.urls import path

from kontor.agreements import views

app_name = "agreements"
urlpatterns = [
    path("agreements/", views.agreement_list, name="agreement-list"),
    path("agreements/new/", views.agreement_new, name="agreement-new"),
    path("agreements/<str:agreement>/", views.agreement_show, name="agreement-show"),
    path("agreements/<str:agreement>/edit/", views.agreement_edit, name="agreement-edit"),
    path("agreements/<str:agreement>/state/", views.agreement_move, name="agreement-move"),
    path("agreements/<str:agreement>/signatories/", views.signatory_add, name="signatory-add"),
    path("agreements/<str:agreement>/obligations/", views.obligation_add, name="obligation-add"),
    path("agreements/<str:agreement>/documents/", views.document_file, name="document-file"),
    path("agreements/documents/<str:document>/", views.document_show, name="document-show"),
    path("agreements/obligations/<str:obligation>/", views.obligation_settle, name="obligation-settle"),
    path("relations/<slug:first>/<slug:second>/", views.relation_show, name="relation-show"),
    path("relations/<slug:first>/<slug:second>/milestones/", views.milestone_new, name="milestone-new"),
    path("relations/milestones/<str:milestone>/edit/", views.milestone_edit, name="milestone-edit"),
    path("relations/milestones/<str:milestone>/remove/", views.milestone_remove, name="milestone-remove"),
]
