"""The named parts of which every page is made: `{% load components %}`.

Each part is shown in every state at /styleguide. Values are plain dicts and lists, so that a
room below `web` can fill them without importing anything from here.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from web.presentation import formatting, notes
from web.presentation.icons import ICONS
from web.presentation.states import state_of
from web.templatetags import evidence_components

register = template.Library()
# One `{% load components %}` gives a page every part.
register.tags.update(evidence_components.register.tags)

register.filter("number", formatting.number)
register.filter("duration", formatting.duration)
register.filter("moment", formatting.moment)
register.filter("age", formatting.age)
register.filter("initials", formatting.initials)
register.filter("category_name", notes.category_name)


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """A drawn shape. Silent for screen readers unless `label` names it."""
    # The drawings are constants of this package, never input.
    shape = mark_safe(ICONS.get(name, ICONS["info"]))  # noqa: S308
    if label:
        return format_html(
            '<svg class="icon {}" viewBox="0 0 16 16" role="img" aria-label="{}">{}</svg>',
            css,
            label,
            shape,
        )
    return format_html(
        '<svg class="icon {}" viewBox="0 0 16 16" aria-hidden="true" focusable="false">{}</svg>',
        css,
        shape,
    )


@register.filter
def when(value: Any) -> SafeString:
    """`<time>` with day, hour and zone."""
    return format_html(
        '<time datetime="{}">{}</time>', formatting.iso(value), formatting.moment(value)
    )


@register.filter
def ago(value: Any) -> SafeString:
    """`<time>` that reads `3 hours ago`, with the full moment as its title."""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        formatting.iso(value),
        formatting.moment(value),
        formatting.age(value),
    )


@register.inclusion_tag("components/page_head.html")
def page_head(
    title: str,
    breadcrumb: Sequence[Any] = (),
    state: Any = None,
    subtitle: str = "",
    state_word: str = "",
    actions: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Title, way back, state, actions.

    `breadcrumb`: [{label, url}], last without url. `actions`: [{label, url, kind?: primary|
    quiet|danger, method?: "post", dialog?: id of a confirm dialog, disabled_reason?}].
    """
    return {
        "title": title,
        "breadcrumb": breadcrumb,
        "state": state,
        "state_word": state_word,
        "subtitle": subtitle,
        "actions": actions,
    }


@register.inclusion_tag("components/action.html", takes_context=True)
def action(
    context: template.Context, item: Mapping[str, Any], small: bool = False
) -> dict[str, Any]:
    """One verb: a link, a POST button, or the opener of a confirm dialog."""
    return {"item": item, "small": small, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("components/status_pill.html")
def status_pill(state: Any, word: str = "") -> dict[str, Any]:
    """A state as word, shape and colour. `word` replaces the vocabulary's word."""
    known = state_of(state)
    return {"state": known, "word": word or known.word}


@register.inclusion_tag("components/stage_rail.html")
def stage_rail(
    rail: Iterable[Mapping[str, Any]],
    direction: str = "down",
    label: str = "Stages of the project",
) -> dict[str, Any]:
    """The chain: [{key, label, state, detail?, url?, current?}]; `direction` down or across.

    `detail` says whom a waiting stage waits for, or what a failed one failed at; without it the
    state's own word stands there.
    """
    stages = [
        dict(stage, view=state_of(stage.get("state")), words=_stage_words(stage)) for stage in rail
    ]
    return {"stages": stages, "across": direction == "across", "label": label}


def _stage_words(stage: Mapping[str, Any]) -> str:
    return str(stage.get("detail") or state_of(stage.get("state")).word)


@register.inclusion_tag("components/empty_state.html")
def empty_state(
    title: str, body: str = "", action_label: str = "", action_url: str = "", shape: str = "empty"
) -> dict[str, Any]:
    """Nothing here yet, and what to do next."""
    return {
        "title": title,
        "body": body,
        "shape": shape,
        "item": {"label": action_label, "url": action_url} if action_label else None,
    }


@register.inclusion_tag("components/progress.html", takes_context=True)
def progress(context: template.Context, job: Mapping[str, Any]) -> dict[str, Any]:
    """A long job: {id, label, state, done, total, unit?, rate?, remaining?, detail?, error?,
    poll_url?, cancel_url?, resume_url?}. While `poll_url` is given and the state is queued or
    running, the part replaces itself every two seconds with what that address answers (this
    same part). `rate` is units a second, `remaining` is seconds.
    """
    view = state_of(job.get("state"))
    live = view.icon in {"running", "queued"}
    return {
        "job": job,
        "view": view,
        "live": live and bool(job.get("poll_url")),
        "running": live,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("components/notice.html")
def notice(
    kind: str, title: str, body: str = "", action_label: str = "", action_url: str = ""
) -> dict[str, Any]:
    """A banner: info, good, warn, bad, stale, override or demonstration."""
    tones = {
        "info": ("busy", "info"),
        "good": ("good", "done"),
        "bad": ("bad", "failed"),
        "warn": ("warn", "stale"),
        "stale": ("warn", "stale"),
        "override": ("warn", "override"),
        "demonstration": ("warn", "info"),
    }
    tone, shape = tones.get(kind, tones["info"])
    return {
        "tone": tone,
        "shape": shape,
        "title": title,
        "body": body,
        "action_label": action_label,
        "action_url": action_url,
    }


@register.inclusion_tag("components/key_values.html")
def key_values(pairs: Any) -> dict[str, Any]:
    """[(key, value)] or [{key, value?, detail?, url?, state?, digest?, when?}] or a dict."""
    if isinstance(pairs, Mapping):
        pairs = pairs.items()
    rows = [row if isinstance(row, Mapping) else {"key": row[0], "value": row[1]} for row in pairs]
    return {"rows": rows}


@register.inclusion_tag("components/tabs.html")
def tabs(items: Iterable[Mapping[str, Any]], label: str = "Sections") -> dict[str, Any]:
    """Pages side by side: [{label, url, current?, count?}]."""
    return {"items": items, "label": label}


@register.inclusion_tag("components/inbox_item.html")
def inbox_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """One thing that waits: {title, why, url, since, due?, overdue?, state?}."""
    return {"item": item, "view": state_of(item.get("state", "waiting"))}


@register.inclusion_tag("components/confirm_dialog.html", takes_context=True)
def confirm_dialog(
    context: template.Context,
    id: str,
    title: str,
    body: str,
    url: str,
    verb: str,
    danger: bool = False,
    type_to_confirm: str = "",
    reason_label: str = "",
    choice: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A native <dialog>, opened by any element with `data-open-dialog="<id>"`.

    `choice`: {name, label, options: [(value, words)]}, chosen in the dialog itself.
    """
    return {
        "id": id,
        "title": title,
        "body": body,
        "url": url,
        "verb": verb,
        "danger": danger,
        "type_to_confirm": type_to_confirm,
        "reason_label": reason_label,
        "choice": choice,
        "csrf_token": context.get("csrf_token"),
    }
