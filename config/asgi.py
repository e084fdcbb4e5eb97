"""The web server's entry point."""

import os

from django.core.asgi import get_asgi_application

from config.runtime.environment import load_environment

load_environment()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_asgi_application()
