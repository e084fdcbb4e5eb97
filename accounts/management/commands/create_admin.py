"""`manage.py create_admin EMAIL "FULL NAME"`: the first system administrator."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.errors import ServiceError
from accounts.services import create_user


class Command(BaseCommand):
    help = "Create a system administrator and print a first password once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("full_name")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            _, password = create_user(
                email=options["email"],
                full_name=options["full_name"],
                password=None,
                actor=None,
                sysadmin=True,
            )
        except ServiceError as problem:
            raise CommandError(problem.message) from problem
        self.stdout.write(f"Created {options['email']}. First password (shown once): {password}")
