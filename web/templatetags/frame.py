"""The frame around a project's pages: `{% load frame %}{% project_rail %}`."""

from __future__ import annotations

from typing import Any

from django import template

from projects.models import Project
from web.rail import stages
from web.templatetags.components import stage_rail

register = template.Library()


@register.inclusion_tag("components/stage_rail.html", takes_context=True)
def project_rail(context: template.Context) -> dict[str, Any]:
    """The rail of the page's `project`, with `rail_current` marked."""
    project = context["project"]
    assert isinstance(project, Project)
    return stage_rail(stages(project, str(context.get("rail_current") or "")))
