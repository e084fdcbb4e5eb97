"""Tables of every list page: `{% load tables %}`. Sorting, search and paging are links."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.http import QueryDict

from web.presentation.formatting import plural

register = template.Library()


def _query(context: template.Context, **changes: Any) -> str:
    request = context.get("request")
    query = request.GET.copy() if request is not None else QueryDict(mutable=True)
    for key, value in changes.items():
        if value in (None, ""):
            query.pop(key, None)
        else:
            query[key] = str(value)
    return "?" + query.urlencode()


@register.simple_tag(takes_context=True)
def query_with(context: template.Context, **changes: Any) -> str:
    """The present address's query with some keys changed: `{% query_with page=3 %}`."""
    return _query(context, **changes)


@register.inclusion_tag("components/data_table.html", takes_context=True)
def data_table(
    context: template.Context,
    columns: Sequence[Mapping[str, Any]],
    rows: Iterable[Mapping[str, Any]],
    caption: str,
    page: Any = None,
    search: str = "",
    filters: Sequence[Mapping[str, Any]] = (),
    csv_url: str = "",
    noun: str = "row",
    empty_title: str = "",
    empty_body: str = "",
    empty_action: str = "",
    empty_url: str = "",
    show_caption: bool = False,
) -> dict[str, Any]:
    """A list people work with.

    `columns`: [{label, sort?: key, number?: True}]. `rows`: [{cells: [...], actions?: [...]}];
    a cell is a value, or {value, url?, detail?, state?, digest?, when?}. `actions` as in
    page_head. `page` is a Django Page; `search` is the label of the search box (reads ?q=);
    `filters`: [{name, label, options: [(value, words)]}]. Sorting reads ?sort=key or -key.
    """
    request = context.get("request")
    query = request.GET if request is not None else QueryDict()
    sort = query.get("sort", "")
    body = [dict(row, cells=_cells(columns, row)) for row in rows]
    total = page.paginator.count if page is not None else len(body)
    return {
        "columns": [_column(context, column, sort) for column in columns],
        "rows": body,
        "caption": caption,
        "show_caption": show_caption,
        "page": page,
        "has_actions": any(row.get("actions") for row in body),
        "search": search,
        "q": query.get("q", ""),
        "sort": sort,
        "filters": [dict(item, chosen=query.get(item["name"], "")) for item in filters],
        "narrowed": any(query.get(key) for key in ("q", *(item["name"] for item in filters))),
        "csv_url": csv_url,
        "total": plural(total, noun),
        "noun": noun,
        "request": request,
        "empty_title": empty_title or f"No {noun}s yet",
        "empty_body": empty_body,
        "empty_action": empty_action,
        "empty_url": empty_url,
        "csrf_token": context.get("csrf_token"),
    }


def _column(context: template.Context, column: Mapping[str, Any], sort: str) -> dict[str, Any]:
    key = column.get("sort")
    if not key:
        return dict(column)
    ascending, descending = sort == key, sort == f"-{key}"
    return dict(
        column,
        sort_url=_query(context, sort=f"-{key}" if ascending else key, page=None),
        aria_sort="ascending" if ascending else "descending" if descending else "none",
        arrow="up" if ascending else "down" if descending else "sort",
    )


def _cells(columns: Sequence[Mapping[str, Any]], row: Mapping[str, Any]) -> list[dict[str, Any]]:
    cells = []
    for column, cell in zip(columns, row["cells"], strict=True):
        view = dict(cell) if isinstance(cell, Mapping) else {"value": cell}
        view["number"] = column.get("number", False)
        cells.append(view)
    return cells


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: template.Context, page: Any) -> dict[str, Any]:
    """Links to the pages around this one."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    links = [
        {"number": number, "url": _query(context, page=number), "current": number == page.number}
        if isinstance(number, int)
        else {"gap": True}
        for number in numbers
    ]
    return {
        "page": page,
        "links": links,
        "previous": _query(context, page=page.number - 1) if page.has_previous() else "",
        "next": _query(context, page=page.number + 1) if page.has_next() else "",
    }
