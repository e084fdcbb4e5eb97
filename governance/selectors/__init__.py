"""Reading submissions, gates, people and packages for pages and the API."""

from governance.selectors.comparison import Comparison, compare
from governance.selectors.packages import package_of, packages
from governance.selectors.people import timeline_of
from governance.selectors.submissions import (
    SubmitChoice,
    changes_since,
    evaluation_of,
    submission_of,
    submissions,
    submit_choices,
    viewed_by,
    why_not_decide,
)

__all__ = [
    "Comparison",
    "SubmitChoice",
    "changes_since",
    "compare",
    "evaluation_of",
    "package_of",
    "packages",
    "submission_of",
    "submissions",
    "submit_choices",
    "timeline_of",
    "viewed_by",
    "why_not_decide",
]
