"""Addresses of news, under /news/."""

from django.urls import path

from kontor.news import feeds, views

app_name = "news"
urlpatterns = [
    path("", views.article_list, name="article-list"),
    path("feed.atom", feeds.latest, name="feed"),
    path("desk/", views.desk, name="desk"),
    path("new/", views.article_new, name="article-new"),
    path("photos/<str:photo>.jpg", views.photo_show, name="photo-show"),
    path("<slug:article>/", views.article_show, name="article-show"),
    path("<slug:article>/edit/", views.article_edit, name="article-edit"),
    path("<slug:article>/state/", views.article_move, name="article-move"),
    path("<slug:article>/photos/", views.photo_add, name="photo-add"),
]
