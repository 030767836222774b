"""Addresses of the vocabulary in the web of data: without a language, since they name concepts and files."""

from django.urls import path

from kontor.topics.views import data

app_name = "skos"
urlpatterns = [
    path("topics/", data.open_vocabulary, name="vocabulary-open"),
    path("topics/vocabulary.<slug:form>", data.download_vocabulary, name="vocabulary-download"),
    path("topics/<slug:concept>.<slug:form>", data.download_concept, name="concept-download"),
    path("topics/<slug:concept>/", data.open_concept, name="concept-open"),
]
