"""The page that shows every component in every state, with invented figures."""

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from web.presentation import samples, samples_evidence


class SampleForm(forms.Form):
    name = forms.CharField(label="Name of the dataset", help_text="People will find it by this.")
    seed = forms.IntegerField(label="Seed", help_text="A whole number; recorded with the sample.")
    kind = forms.ChoiceField(label="Kind of file", choices=[("csv", "CSV"), ("jsonl", "JSONL")])
    output = forms.ChoiceField(
        label="Output",
        choices=[("tags", "Tags such as [NAME]"), ("surrogates", "Consistent surrogates")],
        widget=forms.RadioSelect,
    )
    remark = forms.CharField(label="Remark", required=False, widget=forms.Textarea)
    understood = forms.BooleanField(
        label="I have no actual knowledge that what remains could identify a patient",
        help_text="This sentence is part of what you sign.",
    )


def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in every state."""
    form = SampleForm({"name": "", "seed": "twelve", "kind": "csv", "remark": "Second batch"})
    page = Paginator(samples.NOTE_ROWS * 12, 6).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "rail": samples.RAIL,
        "states": samples.STATE_NAMES,
        "note_columns": samples.NOTE_COLUMNS,
        "note_page": page,
        "gates": samples_evidence.GATES,
        "events": samples_evidence.EVENTS,
        "jobs": samples.JOBS,
        "decisions": samples_evidence.DECISIONS,
        "note": samples_evidence.NOTE,
        "spans": samples_evidence.SPANS,
        "pairs": samples.PAIRS,
        "inbox": samples.INBOX,
        "tab_items": samples.TABS,
        "digest_value": samples.DIGEST,
        "actions": samples.ACTIONS,
        "breadcrumb": samples.BREADCRUMB,
        "filters": samples.FILTERS,
        "today": samples.NOW,
    }
    return render(request, "styleguide/index.html", context)


def chart(request: HttpRequest) -> JsonResponse:
    """A finished curve for the style guide's chart."""
    points = [[step, round(3.1 - 0.4 * (1 - 0.9**step), 3)] for step in range(1, 41)]
    return JsonResponse({"series": [{"name": "Training", "points": points}], "running": False})
