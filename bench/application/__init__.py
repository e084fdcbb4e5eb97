"""Measurements of the application itself: real PostgreSQL, Redis and Celery workers."""
