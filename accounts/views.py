"""Signing in and out, and one's own password."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.errors import ServiceError
from accounts.forms import PasswordForm, SignInForm
from accounts.models import User
from accounts.services import change_password


class SignIn(LoginView):
    template_name = "accounts/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_success_url(self) -> str:
        """A first password leads to the page where it is changed."""
        user = self.request.user
        if isinstance(user, User) and user.password_is_first:
            return reverse("accounts:password")
        return super().get_success_url()


@login_required
def password(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            change_password(user=request.user, **form.cleaned_data)
        except ServiceError as problem:
            form.add_error(None, problem.message)
        else:
            update_session_auth_hash(request, request.user)
            messages.success(request, "Your password is changed.")
            return redirect("web:home")
    return render(request, "accounts/password.html", {"form": form})
