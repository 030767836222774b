"""Addresses of events, under /events/."""

from django.urls import URLPattern, URLResolver, include, path

from kontor.events.views import codes, imports, interpreters, people, setting

app_name = "events"

# /events/<slug>/participants/<participant>/…
participant_urls = [
    path("", people.participant_show, name="participant-show"),
    path("edit/", people.participant_edit, name="participant-edit"),
    path("merge/", people.participant_merge, name="participant-merge"),
    path("remove/", people.participant_remove, name="participant-remove"),
    path("code/", codes.participant_code, name="participant-code"),
]

# /events/<slug>/…
event_urls: list[URLPattern | URLResolver] = [
    path("edit/", setting.event_edit, name="event-edit"),
    path("copy/", setting.event_copy, name="event-copy"),
    path("times/", setting.event_blocks, name="event-blocks"),
    path("times/<str:block>/remove/", setting.block_remove, name="event-block-remove"),
    path("halls/", setting.event_halls, name="event-halls"),
    path("halls/<str:hall>/", setting.hall_edit, name="event-hall-edit"),
    path("halls/<str:hall>/remove/", setting.hall_remove, name="event-hall-remove"),
    path("participants/", people.participant_list, name="participant-list"),
    path("participants/new/", people.participant_new, name="participant-new"),
    path("participants/<str:participant>/", include(participant_urls)),
    path("interpreters/", interpreters.interpreter_list, name="interpreter-list"),
    path("interpreters/new/", interpreters.interpreter_new, name="interpreter-new"),
    path("interpreters/<str:interpreter>/", interpreters.interpreter_edit, name="interpreter-edit"),
    path(
        "interpreters/<str:interpreter>/remove/", interpreters.interpreter_remove, name="interpreter-remove"
    ),
    path("imports/", imports.import_new, name="import-new"),
    path("imports/<str:list_import>/", imports.import_show, name="import-show"),
    path("imports/<str:list_import>/apply/", imports.import_apply, name="import-apply"),
    path("imports/<str:list_import>/undo/", imports.import_undo, name="import-undo"),
    path("imports/<str:list_import>/discard/", imports.import_discard, name="import-discard"),
    path("profile/", people.profile_edit, name="profile-edit"),
]

urlpatterns = [
    path("new/", setting.event_new, name="event-new"),
    path("<slug:slug>/", include(event_urls)),
]
