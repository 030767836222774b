"""Addresses of organisations, under /organisations/, and of clusters, under /clusters/."""

from django.urls import path

from kontor.directory.views import pages

app_name = "directory"
urlpatterns = [
    path("organisations/", pages.organisation_list, name="organisation-list"),
    path("organisations/<str:organisation>/", pages.organisation_show, name="organisation-show"),
    path("organisations/<str:organisation>/card.vcf", pages.organisation_card, name="organisation-card"),
    path("clusters/", pages.cluster_list, name="cluster-list"),
    path("clusters/<slug:cluster>/", pages.cluster_show, name="cluster-show"),
]
