"""Pages about the vocabulary."""

from django.urls import path

from kontor.topics.views import labels, pages

app_name = "topics"
urlpatterns = [
    path("topics/", pages.list_topics, name="topic-list"),
    path("topics/<slug:concept>/", pages.show_topic, name="topic-show"),
    path("topics/<slug:concept>/propose/", labels.propose_label, name="label-propose"),
    path("operate/labels/", labels.list_proposals, name="proposal-list"),
    path("operate/labels/accepted-labels.ttl", labels.download_accepted, name="proposal-download"),
    path("operate/labels/<slug:proposal>/decide/", labels.decide_proposal, name="proposal-decide"),
]
