"""Log-in events come from Django's own signals."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from audit.services import record, record_refusal


@receiver(user_logged_in)
def _logged_in(sender: Any, user: Any, **kwargs: Any) -> None:
    record("auth.login.success", actor=user)


@receiver(user_logged_out)
def _logged_out(sender: Any, user: Any, **kwargs: Any) -> None:
    if user is not None:
        record("auth.logout", actor=user)


@receiver(user_login_failed)
def _login_failed(sender: Any, **kwargs: Any) -> None:
    # The name that was typed is not recorded: people type passwords there.
    record_refusal("auth.login.failure", actor=None, outcome="failure", reason="bad-credentials")
