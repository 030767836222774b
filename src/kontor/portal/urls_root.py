"""Addresses without a language prefix: the root sends each reader to their language."""

from django.urls import path

from kontor.portal import views, views_public

app_name = "root"
urlpatterns = [
    path("", views.choose_language, name="language-choose"),
    path("sitemap.xml", views_public.sitemap_show, name="sitemap-show"),
    path("sitemaps/<slug:section>-<int:number>.xml", views_public.sitemap_part, name="sitemap-part"),
]
