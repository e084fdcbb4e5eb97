"""The Celery application. Tasks live in each app's `tasks.py` as shared tasks."""

import os

from celery import Celery

from config.runtime.database_checks import check_database_role
from config.runtime.environment import load_environment

load_environment()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# As owner or superuser of its database a process could rewrite the trail: it does not start.
check_database_role(os.environ["DATABASE_URL"])

app = Celery("countersign")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
