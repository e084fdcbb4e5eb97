"""People and what they signed."""

from __future__ import annotations

import uuid
from functools import cached_property

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower


class UserManager(BaseUserManager["User"]):
    def create_user(self, *, email: str, full_name: str, password: str) -> User:
        user = self.model(email=email.strip().lower(), full_name=full_name.strip())
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person. Roles are held per project; only the system administrator's is installation-wide.

    There is no superuser: nobody is an exception to the separation of duties.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    full_name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    is_sysadmin = models.BooleanField(default=False)
    # Somebody else has seen the password: it signs nothing until the person has changed it.
    password_is_first = models.BooleanField(default=False)
    theme = models.CharField(
        max_length=8, default="auto", choices=[(t, t) for t in ("auto", "light", "dark")]
    )
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]
    objects = UserManager()

    class Meta:
        ordering = ["full_name"]
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_caseless")]

    def __str__(self) -> str:
        return self.full_name

    @cached_property
    def role_names(self) -> list[str]:
        """Every role held anywhere, for the audit trail."""
        held = self.memberships.filter(ended_at=None).values_list("role", flat=True)
        return sorted({*held, *(["sysadmin"] if self.is_sysadmin else [])})


class Signature(models.Model):
    """A decision, signed: the canonical manifest that was shown and the CMS over it.

    Append-only. The manifest is kept byte for byte, since the signature is over those bytes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    signer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="signatures")
    signer_name = models.CharField(max_length=120)
    signer_role = models.CharField(max_length=32)
    meaning = models.CharField(max_length=120)
    kind = models.CharField(max_length=64)  # what was signed: sign-off, attestation, decision...
    manifest = models.BinaryField()
    manifest_digest = models.CharField(max_length=64, db_index=True)
    cms = models.BinaryField()
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ["signed_at"]

    def __str__(self) -> str:
        return str(self.id)
