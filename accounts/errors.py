"""What services refuse, in the person's language. Views and the API turn these into answers.

Every message says what happened, what was kept, and what to do. None holds note text.
"""

from __future__ import annotations


class ServiceError(Exception):
    """Base: an act that was refused. `code` is stable and machine-readable."""

    code = "refused"
    status = 409

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code:
            self.code = code


class NotAllowed(ServiceError):
    """The person's role does not allow the act."""

    code = "not-allowed"
    status = 403


class SeparationOfDuties(NotAllowed):
    """The person took part earlier in the chain and may not judge it."""

    code = "separation-of-duties"


class WrongPassword(ServiceError):
    code = "wrong-password"
    status = 403


class StaleContent(ServiceError):
    """What is to be signed is not what was shown."""

    code = "stale"


class InvalidInput(ServiceError):
    code = "invalid"
    status = 400


class WrongState(ServiceError):
    """The object is not in a state that allows the act."""

    code = "wrong-state"
