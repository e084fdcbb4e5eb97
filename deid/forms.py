"""Forms of imports."""

from __future__ import annotations

from typing import Any

from django import forms

from deid.categories import CATEGORIES
from deid.importers import FIELDS, Mapping, Preview, kind_of
from vault.files import StoredFile

CATEGORY_CHOICES = [(code, name) for code, (_, name) in CATEGORIES.items()]
MAX_FILES = 2_000

_FIELD_LABELS = {
    "text": ("Note text", "The note itself. The only column that is needed."),
    "external_id": ("Note id", "Finds the note again when the file is imported once more."),
    "patient_key": ("Patient", "Notes of one patient are de-identified together."),
    "note_type": ("Note type", "Such as discharge summary. A type, never a name."),
    "specialty": ("Specialty", ""),
    "author": ("Author", "Hidden in all of the patient's notes."),
    "note_date": ("Note date", ""),
    "summary": ("Summary", "A clinician's summary that came with the note."),
}


class _Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """Several files; each already lies encrypted when the form sees it."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data]
        if not given:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return [super(_FilesField, self).clean(item, initial) for item in given]


class UploadForm(forms.Form):
    uploads = _FilesField(
        label="Files",
        error_messages={"required": "Choose at least one file."},
        widget=_Files,
        help_text="One CSV, JSONL, FHIR (Bundle or bulk NDJSON) or HL7 v2 file, also with gzip; a "
        "zip of them or of text files; or several .txt files, one note a file. They are encrypted "
        "while they arrive.",
    )

    def clean_uploads(self) -> list[tuple[str, str, StoredFile]]:
        """[(name, kind, stored)]: one table or archive, or text files only."""
        found = [(f.name, kind_of(f.name) or "", f.stored) for f in self.cleaned_data["uploads"]]
        kinds = {kind for _, kind, _ in found}
        if "" in kinds:
            raise forms.ValidationError(
                "Choose files ending in .csv, .jsonl, .json, .ndjson, .hl7, .zip or .txt."
            )
        if len(found) > 1 and kinds != {"txt"}:
            raise forms.ValidationError("Choose one table or archive, or text files only.")
        if len(found) > MAX_FILES:
            raise forms.ValidationError(f"Choose at most {MAX_FILES} files, or make a zip of them.")
        return found


class AuthorityForm(forms.Form):
    """Who allowed records that are left out otherwise; all of it or nothing."""

    covers = forms.MultipleChoiceField(
        label="What the authority admits",
        required=False,
        choices=[
            ("psychotherapy", "Psychotherapy notes (45 CFR 164.508)"),
            ("part2", "Substance use records (42 CFR Part 2)"),
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    authority_name = forms.CharField(
        label="Authority",
        max_length=200,
        required=False,
        help_text="The person or body that allowed it, as the record of this import will name it.",
    )
    authority_reason = forms.CharField(
        label="On what ground",
        max_length=1000,
        required=False,
        help_text="Such as the consent or the authorization. Do not name a patient.",
    )
    authority_date = forms.DateField(
        label="Date", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def authority_fields(self) -> list[forms.BoundField]:
        names = ("covers", "authority_name", "authority_reason", "authority_date")
        return [self[name] for name in names]

    def authority_stated(self) -> bool:
        """Whether any of it was filled in, so that the page shows it open."""
        return self.is_bound and any(bound.value() for bound in self.authority_fields())

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        given = [name for name in ("authority_name", "authority_reason", "authority_date")
                 if found.get(name)]  # fmt: skip
        if found.get("covers") and len(given) < 3:
            raise forms.ValidationError("An authority needs a name, a ground and a date.")
        if given and not found.get("covers"):
            raise forms.ValidationError("Say what the authority admits, or leave it empty.")
        return found

    def authority(self) -> dict[str, Any] | None:
        found = self.cleaned_data
        if not found["covers"]:
            return None
        return {
            "name": found["authority_name"],
            "reason": found["authority_reason"],
            "date": found["authority_date"],
            "covers": found["covers"],
        }


class StructuredForm(AuthorityForm):
    """A structured kind has no columns to choose."""

    def mapping(self) -> dict[str, Any]:
        return Mapping(text="").to_dict()


class MappingForm(AuthorityForm):
    """Which column holds what, and which columns name what identifies the patient."""

    def __init__(self, *args: Any, preview: Preview, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        suggested = preview.suggested_mapping
        columns = [("", "No column"), *((c, c) for c in preview.columns)]
        for name in FIELDS:
            words, help_text = _FIELD_LABELS[name]
            self.fields[name] = forms.ChoiceField(
                label=words,
                help_text=help_text,
                choices=columns if name != "text" else [("", "Choose a column"), *columns[1:]],
                required=name == "text",
                initial=getattr(suggested, name, None) or "",
            )
        self.columns = preview.columns
        known = suggested.known if suggested else {}
        for number, column in enumerate(preview.columns):
            self.fields[f"known_{number}"] = forms.ChoiceField(
                label=column,
                choices=[("", "Not an identifier"), *CATEGORY_CHOICES],
                required=False,
                initial=known.get(column, ""),
            )

    def main_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in FIELDS]

    def known_fields(self) -> list[forms.BoundField]:
        return [self[f"known_{number}"] for number in range(len(self.columns))]

    def mapping(self) -> dict[str, Any]:
        chosen = {name: self.cleaned_data[name] or None for name in FIELDS}
        known = {
            column: self.cleaned_data[f"known_{number}"]
            for number, column in enumerate(self.columns)
            if self.cleaned_data[f"known_{number}"] and column != chosen["text"]
        }
        return Mapping(**chosen, known=known).to_dict()  # type: ignore[arg-type]
