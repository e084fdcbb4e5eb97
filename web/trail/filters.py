"""What a reader of the trail asks for: event, person, outcome, kind of thing, and days."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone

from accounts.models import User
from audit.selectors import Wanted
from audit.wording import EVENT_WORDS
from projects.models import Project
from web.trail.subjects import KINDS

OUTCOMES = {"success": "Done", "denied": "Refused", "failure": "Failed"}


class TrailForm(forms.Form):
    """Names that a link to the page can carry; a person or thing is named by its id."""

    event = forms.ChoiceField(required=False, label="What happened")
    person = forms.ChoiceField(required=False, label="Who")
    outcome = forms.ChoiceField(required=False, label="Outcome")
    kind = forms.ChoiceField(required=False, label="On")
    since = forms.DateField(
        required=False, label="From", widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        required=False, label="To, inclusive", widget=forms.DateInput(attrs={"type": "date"})
    )
    subject = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, project: Project | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.project = project
        by_words = sorted(EVENT_WORDS.items(), key=lambda pair: pair[1])
        self._choices("event", "Everything", by_words)
        self._choices("person", "Anybody", _people(project))
        self._choices("outcome", "Any outcome", list(OUTCOMES.items()))
        kinds = sorted(((label, kind.words) for label, kind in KINDS.items()), key=lambda k: k[1])
        self._choices("kind", "Anything", kinds)

    def _choices(self, field: str, everything: str, choices: list[tuple[str, str]]) -> None:
        self.fields[field].choices = [("", everything), *choices]  # type: ignore[attr-defined]

    def wanted(self) -> Wanted | None:
        """What was asked for; None where a value means nothing, so that nothing is shown."""
        if not self.is_valid():
            return None
        given = self.cleaned_data
        return Wanted(
            project_id=self.project.pk if self.project else None,
            event=given["event"],
            person=UUID(given["person"]) if given["person"] else None,
            outcome=given["outcome"],
            kind=given["kind"],
            subject=given["subject"],
            since=_midnight(given["since"]),
            before=_midnight(given["until"] and given["until"] + timedelta(days=1)),
        )


def _people(project: Project | None) -> list[tuple[str, str]]:
    """Whoever is or was in the project; for the installation, everybody with an account."""
    people = User.objects.order_by("full_name", "email")
    if project:
        people = people.filter(memberships__project=project).distinct()
    return [(str(person.pk), person.full_name) for person in people]


def _midnight(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time())) if day else None
