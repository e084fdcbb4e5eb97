"""Log-in events come from Django's own signals."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
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
def _login_failed(
    sender: Any, credentials: dict[str, Any], request: Any = None, **kwargs: Any
) -> None:
    if getattr(request, "again", False):
        return  # somebody who is signed in: the act that asked writes its own entry
    # The name that was typed is not recorded: people type passwords there. An account of that
    # name is, by its id: whoever reads the trail has to see that one account is tried.
    typed = str(credentials.get("username") or "").strip().lower()
    tried = get_user_model().objects.filter(email=typed).first()
    record_refusal(
        "auth.login.failure",
        actor=None,
        outcome="failure",
        subject=tried,
        reason="bad-credentials",
    )
