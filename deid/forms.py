"""Forms of imports, policies and known identifiers."""

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
        help_text="One CSV, JSONL or zip of text files, or several .txt files, one note a file. "
        "They are encrypted while they arrive.",
    )

    def clean_uploads(self) -> list[tuple[str, str, StoredFile]]:
        """[(name, kind, stored)]: one table or archive, or text files only."""
        found = [(f.name, kind_of(f.name) or "", f.stored) for f in self.cleaned_data["uploads"]]
        kinds = {kind for _, kind, _ in found}
        if "" in kinds:
            raise forms.ValidationError("Choose files ending in .csv, .jsonl, .zip or .txt.")
        if len(found) > 1 and kinds != {"txt"}:
            raise forms.ValidationError("Choose one table or archive, or text files only.")
        if len(found) > MAX_FILES:
            raise forms.ValidationError(f"Choose at most {MAX_FILES} files, or make a zip of them.")
        return found


class MappingForm(forms.Form):
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


class TermForm(forms.Form):
    text = forms.CharField(
        label="Text to hide",
        max_length=200,
        help_text="Hidden in every note of the project, in upper or lower case, as whole words.",
    )
    category = forms.ChoiceField(label="Category", choices=CATEGORY_CHOICES)
    note = forms.CharField(
        label="Why",
        max_length=200,
        required=False,
        help_text="Stands in the record of the policy: do not repeat the text or name anybody.",
    )
