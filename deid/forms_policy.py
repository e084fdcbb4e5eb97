"""The form of a policy: thresholds, terms, allow terms. Nothing of it is saved half."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from deid.categories import CATEGORIES
from deid.engine.output_basis import bases, basis_of, with_output
from deid.engine_door import default_content
from deid.importers import ImportProblem
from deid.importers.decoding import check_not_binary, decoded, utf16_of
from deid.policy_content import (
    ENGINE_DEFAULT,
    Content,
    allowed_of,
    edited,
    terms_of,
    thresholds_of,
)
from deid.policy_lists import Read, as_lines, read_allowed, read_csv, read_lines, size_problem
from vault.files import open_file

CATEGORY_CHOICES = [(code, name) for code, (_, name) in CATEGORIES.items()]
MAX_FILE = 4 * 1024 * 1024
PROBE = 1 << 16
SHOWN_PROBLEMS = 10
_FILES = "text/plain,text/csv,.txt,.csv"


class TermForm(forms.Form):
    text = forms.CharField(
        label="Text to hide",
        max_length=200,
        help_text="Hidden in every note of the project, in upper or lower case, as whole words, "
        "also where it means something else.",
    )
    category = forms.ChoiceField(label="Category", choices=CATEGORY_CHOICES)
    note = forms.CharField(
        label="Why",
        max_length=200,
        required=False,
        help_text="Stands in the record of the policy: do not repeat the text or name anybody.",
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Why",
        max_length=200,
        required=False,
        help_text="Stands in the record of the policy, the trail and the package: repeat no term "
        "and name nobody. Needed where the change may hide less.",
    )

    def need_reason(self) -> None:
        self.fields["reason"].required = True


class PolicyForm(ReasonForm):
    """Every field of a policy that people edit; what is not here is carried through unchanged."""

    base = forms.IntegerField(widget=forms.HiddenInput)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    terms = forms.CharField(
        label="Always hide",
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
        help_text="One term a line; behind a semicolon its category, as NAME or LOCATION. Hidden "
        "wherever its words stand, in capitals or not, whatever the context.",
    )
    terms_category = forms.ChoiceField(
        label="Category of lines that name none", choices=CATEGORY_CHOICES, initial="LOCATION"
    )
    terms_file = forms.FileField(
        label="Add from a file",
        required=False,
        widget=forms.FileInput(attrs={"accept": _FILES}),
        help_text="CSV with the columns text and category, or text as above. It adds to the list.",
    )
    allow_terms = forms.CharField(
        label="Keep readable",
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
        help_text="One term a line. Where the engine would hide exactly this text, it stays. "
        "A term above, a structured field or a reviewer's finding hides it all the same.",
    )
    allow_file = forms.FileField(
        label="Add from a file",
        required=False,
        widget=forms.FileInput(attrs={"accept": _FILES}),
        help_text="Text with one term a line, or the first column of a CSV. It adds to the list.",
    )

    def __init__(self, *args: Any, content: Content, **kwargs: Any) -> None:
        stated = content.get("thresholds") or {}
        kwargs["initial"] = {
            "terms": as_lines(terms_of(content)),
            "allow_terms": "\n".join(allowed_of(content)),
            "threshold_default": ENGINE_DEFAULT,
            **{f"threshold_{code}": value for code, value in stated.items()},
            **(kwargs.get("initial") or {}),
        }
        super().__init__(*args, **kwargs)
        self.start = content  # what the form was opened with
        self._now = thresholds_of(content)
        stands = stated.get("default", ENGINE_DEFAULT)
        self.fields["threshold_default"] = _threshold("All categories", required=True)
        for code, (_, name) in CATEGORIES.items():
            field = _threshold(name, required=False)
            field.widget.attrs["placeholder"] = f"as above, {stands:g}"
            self.fields[f"threshold_{code}"] = field
        self.fields["output"] = forms.ChoiceField(
            label="What stands in place of identifiers",
            choices=[(str(n), f"{b.name}. {b.statement}") for n, b in enumerate(bases())],
            widget=forms.RadioSelect,
            initial=str(bases().index(basis_of(content))),
        )

    def output_field(self) -> forms.BoundField:
        return self["output"]

    def default_field(self) -> forms.BoundField:
        return self["threshold_default"]

    def threshold_rows(self) -> list[dict[str, Any]]:
        """Each category with its field, what holds now and what the engine ships with."""
        shipped = thresholds_of(default_content())
        return [
            {
                "label": name,
                "field": self[f"threshold_{code}"],
                "now": f"{self._now[code]:g}",
                "shipped": f"{shipped[code]:g}",
            }
            for code, (_, name) in CATEGORIES.items()
        ]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        default = found.get("terms_category") or "LOCATION"
        terms = read_lines(found.get("terms") or "", default)
        allowed = read_allowed(found.get("allow_terms") or "")
        self._refuse("terms", terms)
        self._refuse("allow_terms", allowed)
        added = self._from_file("terms_file", found.get("terms_file"), default)
        kept = self._from_file("allow_file", found.get("allow_file"), None)
        found["all_terms"] = terms.terms + added.terms
        found["all_allowed"] = [text for text, _ in allowed.terms + kept.terms]
        if problem := size_problem(found["all_terms"], found["all_allowed"]):
            raise forms.ValidationError(problem)
        return found

    def _refuse(self, name: str, read: Read) -> None:
        for number, problem in read.problems[:SHOWN_PROBLEMS]:
            self.add_error(name, f"Line {number}: {problem}")
        more = len(read.problems) - SHOWN_PROBLEMS
        if more > 0:
            self.add_error(name, f"{more:,} more lines have a problem.")

    def _from_file(self, name: str, upload: Any, default: str | None) -> Read:
        if upload is None:
            return Read()
        text = self._text_of(name, upload)
        if (upload.name or "").lower().endswith(".csv"):
            read = read_csv(text, default or "", categories=default is not None)
        else:
            read = read_allowed(text) if default is None else read_lines(text, default)
        self._refuse(name, read)
        return read

    def _text_of(self, name: str, upload: Any) -> str:
        if (upload.size or 0) > MAX_FILE:
            self.add_error(name, "The file is larger than 4 MB, which no list of terms is.")
            return ""
        with open_file(upload.stored.file_id) as stream:
            data = stream.read()
        try:
            if utf16_of(data) is None:
                check_not_binary(data[:PROBE])
            return decoded(data)[0]
        except (ImportProblem, UnicodeDecodeError):
            self.add_error(name, "The file is not text. Save it as CSV or as text.")
            return ""

    def kept(self) -> QueryDict:
        """What was typed, with the terms of the files in the lists: a page shows no file again."""
        assert isinstance(self.data, QueryDict)
        data = self.data.copy()
        data["terms"] = as_lines(self.cleaned_data["all_terms"])
        data["allow_terms"] = "\n".join(self.cleaned_data["all_allowed"])
        return data

    def content(self) -> dict[str, Any]:
        """The edited content; call it when the form is valid."""
        found = self.cleaned_data
        names = ["default", *CATEGORIES]
        stated = {n: found[f"threshold_{n}"] for n in names if found[f"threshold_{n}"] is not None}
        content = edited(
            self.start,
            thresholds=stated,
            terms=found["all_terms"],
            allow_terms=found["all_allowed"],
        )
        return with_output(content, bases()[int(found["output"])])


def _threshold(label: str, *, required: bool) -> forms.FloatField:
    return forms.FloatField(
        label=label,
        min_value=0,
        max_value=1,
        required=required,
        widget=forms.NumberInput(attrs={"step": "0.01", "min": "0", "max": "1"}),
    )


class TrialForm(forms.Form):
    size = forms.IntegerField(
        label="Notes",
        min_value=1,
        max_value=1_000,
        initial=50,
        help_text="Drawn at random from all notes of the project. Each patient's other notes are "
        "read too, as in a run.",
    )
