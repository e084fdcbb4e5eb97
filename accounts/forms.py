"""Forms about oneself."""

from __future__ import annotations

from django import forms
from django.contrib.auth.forms import AuthenticationForm


class SignInForm(AuthenticationForm):
    """E-mail and password. The error never says which of the two was wrong."""

    username = forms.EmailField(
        label="E-mail", widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": ""})
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    error_messages = {
        "invalid_login": "The e-mail address or the password is not right. Please try again.",
        "inactive": "This account is closed. A system administrator can open it again.",
    }


class PasswordForm(forms.Form):
    old = forms.CharField(
        label="Password now",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label="New password",
        strip=False,
        min_length=12,
        help_text="At least 12 characters, and not a common one.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
