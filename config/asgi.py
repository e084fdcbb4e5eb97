"""The web server's entry point."""

import os

import django

from config.request_body import Handler
from config.runtime.database_checks import check_database_role
from config.runtime.environment import load_environment

load_environment()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# As owner or superuser of its database a process could rewrite the trail: it does not start.
check_database_role(os.environ["DATABASE_URL"])
django.setup(set_prefix=False)
application = Handler()
