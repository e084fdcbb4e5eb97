"""The Celery application. Tasks live in each app's `tasks.py` as shared tasks."""

import os

from celery import Celery

from config.runtime.environment import load_environment

load_environment()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("countersign")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
