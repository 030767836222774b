"""Addresses of figures, under /figures/."""

from django.urls import path

from kontor.figures import views

app_name = "figures"
urlpatterns = [
    path("", views.figure_list, name="figure-list"),
    path("claims/<str:claim>/", views.claim_show, name="claim-show"),
    path("claims/<str:claim>/withdraw/", views.claim_withdraw, name="claim-withdraw"),
    path("<str:kind>/<str:subject>/", views.subject_show, name="subject-show"),
    path("<str:kind>/<str:subject>/new/", views.claim_new, name="claim-new"),
]
