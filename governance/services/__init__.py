"""Who decides: verbs of overrides, submissions and packages."""

from governance.services.overrides import override_gate
from governance.services.submissions import decide, mark_viewed, submit, withdraw

__all__ = ["decide", "mark_viewed", "override_gate", "submit", "withdraw"]
