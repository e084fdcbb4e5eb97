"""Who decides: verbs of overrides, submissions and packages."""

from governance.services.overrides import override_gate
from governance.services.package_signing import sign_package
from governance.services.packages import build_package, download_package, retry_package
from governance.services.submissions import decide, mark_viewed, submit, withdraw

__all__ = [
    "build_package",
    "decide",
    "download_package",
    "mark_viewed",
    "override_gate",
    "retry_package",
    "sign_package",
    "submit",
    "withdraw",
]
