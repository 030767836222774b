"""Jobs in words for people: what a kind of job does, and what its figures mean; unknown ones keep their names."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kontor.jobs.models import Job
from kontor.ui.formatting import format_number

# By name, because the tasks stand in apps above this one; a test sees to it that none is forgotten.
JOB_WORDS: Mapping[str, Promise] = {
    "accounts.mail_password_reset": _("Mail a link for a new password"),
    "accounts.mail_sign_in_link": _("Mail a link to sign in"),
    "demo.build": _("Build the sample event"),
    "directory.apply_list": _("Write a list of organisations"),
    "directory.draft_translations": _("Translate by machine"),
    "directory.undo_list": _("Put a list of organisations back"),
    "events.index_profiles": _("Prepare profiles for the search"),
    "jobs.forget_finished": _("Forget old jobs"),
    "jobs.send_mails": _("Send mails"),
    "matching.match_event": _("Find matches for an event"),
    "matching.refresh": _("Find matches for changed profiles"),
    "meetings.after_cancellation": _("Call off the meetings of somebody who cancelled"),
    "meetings.draw_curve": _("Draw the curve of a repair"),
    "meetings.expire_requests": _("Close requests whose time is over"),
    "meetings.plan_event": _("Search a meeting plan"),
    "meetings.take_point": _("Make a point of the curve a draft"),
    "news.release": _("Publish news whose hour has come"),
    "news.tell_authors": _("Tell authors of news about figures"),
    "search.rebuild": _("Build the search anew"),
}
FIELD_WORDS: Mapping[str, Promise] = {
    "address": _("E-mail address"),
    "asked_at": _("Asked at"),
    "by": _("On behalf of"),
    "bound_gaps": _("Fewest gaps possible"),
    "bound_priority": _("Most meetings possible"),
    "claim": _("Figure no longer valid"),
    "drafted": _("Texts translated"),
    "event": _("Event"),
    "gaps": _("Gaps"),
    "handled": _("Mails handled"),
    "in_search": _("Organisations in the search"),
    "is_planned": _("With its plan"),
    "language": _("Language"),
    "meetings": _("Agreed meetings"),
    "next_path": _("Then go to"),
    "organisation_list": _("List of organisations"),
    "organisations": _("Organisations in all"),
    "pairs": _("Matches"),
    "participation": _("Participant"),
    "participations": _("Participants"),
    "people": _("People"),
    "placed": _("Meetings placed"),
    "points": _("Points of the curve"),
    "position": _("Point of the curve"),
    "refused": _("Refused"),
    "requests": _("Requests"),
    "run": _("Planning run"),
    "scale": _("Share of the full size"),
    "seconds": _("Seconds"),
    "seed": _("Seed"),
    "stage": _("Step"),
    "texts": _("Texts to translate"),
    "total": _("Meetings in all"),
}

# The steps in which the sample event is built.
STAGE_WORDS: Mapping[str, Promise] = {
    "people": _("People"),
    "matches": _("Matches"),
    "requests": _("Requests"),
    "plan": _("Meeting plan"),
    "done": _("done"),
}


def job_words(job: Job) -> str:
    """What the job does."""
    return str(JOB_WORDS.get(job.name, job.name))


def field_words(fields: Mapping[str, object]) -> list[tuple[str, str]]:
    """Arguments or figures of a job with what they mean."""
    return [(str(FIELD_WORDS.get(name, name)), _shown(value)) for name, value in fields.items()]


def _shown(value: object) -> str:
    """Lists without the brackets of a machine, numbers as the reader writes them, known words in the reader's language."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, int | float):
        return format_number(value)
    if isinstance(value, list):
        return ", ".join(" ".join(map(str, one)) if isinstance(one, list) else str(one) for one in value)
    return str(STAGE_WORDS.get(str(value), value))
