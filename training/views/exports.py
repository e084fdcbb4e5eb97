"""Figures as CSV."""

from __future__ import annotations

import csv
import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from training.views.evaluations import the_evaluation


@login_required
@require_GET
def items_csv(request: HttpRequest, slug: str, evaluation_id: uuid.UUID) -> HttpResponse:
    """Scores by item, without any text."""
    _, evaluation = the_evaluation(request, slug, evaluation_id)
    response = HttpResponse(content_type="text/csv")
    name = f'attachment; filename="evaluation-{evaluation.number}.csv"'
    response.headers["Content-Disposition"] = name
    writer = csv.writer(response)
    writer.writerow(["item", "rouge_l", "base_rouge_l", "change"])
    for item in evaluation.results.get("items", []):
        change = item["rouge_l"] - item["base_rouge_l"]
        writer.writerow([item["id"], item["rouge_l"], item["base_rouge_l"], change])
    return response
