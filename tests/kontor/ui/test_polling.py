"""An unchanged page costs nothing."""

from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation

from kontor.ui.polling import answer_if_changed


def test_the_first_answer_carries_a_mark_and_may_be_kept_by_the_browser_only() -> None:
    response = answer_if_changed(RequestFactory().get("/"), "plan 4", lambda: HttpResponse("four"))
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert response.headers["ETag"]


def test_the_same_state_is_not_rendered_again() -> None:
    first = answer_if_changed(RequestFactory().get("/"), "plan 4", lambda: HttpResponse("four"))
    again = RequestFactory().get("/", headers={"If-None-Match": first.headers["ETag"]})
    rendered: list[str] = []

    def render() -> HttpResponse:
        rendered.append("page")
        return HttpResponse("four")

    assert answer_if_changed(again, "plan 4", render).status_code == 304
    assert rendered == []
    assert answer_if_changed(again, "plan 5", render).status_code == 200
    assert rendered == ["page"]


def test_another_language_and_a_fragment_are_other_answers() -> None:
    marks = set()
    for language, headers in (("de", {}), ("en", {}), ("en", {"HX-Request": "true"})):
        with translation.override(language):
            request = RequestFactory().get("/", headers=headers)
            marks.add(answer_if_changed(request, "plan 4", HttpResponse).headers["ETag"])
    assert len(marks) == 3
