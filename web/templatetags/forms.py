"""Forms as people read them: `{% load forms %}`."""

from typing import Any

from django import template
from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    RadioSelect,
)
from django.utils.safestring import SafeString

register = template.Library()


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: Any = None, errors: Any = None) -> dict[str, Any]:
    """What is wrong, on top, each line a link to its field. `errors`: [{message, id?}]."""
    items = list(errors or ())
    if isinstance(form, BaseForm) and form.is_bound:
        items += [{"message": message} for message in form.non_field_errors()]
        for bound in form:
            items += [
                {"message": f"{bound.label}: {message}", "id": bound.auto_id}
                for message in bound.errors
            ]
    return {"items": items}


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, help: str = "") -> dict[str, Any]:
    """Label, help, error and the control, tied together for screen readers."""
    widget = bound.field.widget
    return {
        "field": bound,
        "help": help or bound.help_text,
        "control": _control(bound, help),
        "check": isinstance(widget, CheckboxInput),
        "group": isinstance(widget, RadioSelect | CheckboxSelectMultiple),
        "optional": not bound.field.required and not isinstance(widget, CheckboxInput),
    }


def _control(bound: BoundField, help: str) -> SafeString:
    described = []
    if help or bound.help_text:
        described.append(f"{bound.auto_id}_help")
    if bound.errors:
        described.append(f"{bound.auto_id}_error")
    attributes: dict[str, Any] = {}
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return bound.as_widget(attrs=attributes)


@register.inclusion_tag("components/form_fields.html")
def form_fields(form: BaseForm) -> dict[str, Any]:
    """Error summary, hidden fields and every visible field of a form."""
    return {"form": form}
