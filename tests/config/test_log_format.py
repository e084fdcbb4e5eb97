"""A failure in the log says what and where, and quotes nothing."""

from __future__ import annotations

import io
import logging

import pytest
from django.conf import settings

from config.log_format import WithoutContent


@pytest.fixture
def written() -> io.StringIO:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(WithoutContent(settings.LOGGING["formatters"]["line"]["format"]))
    logger = logging.getLogger("test.without_content")
    logger.propagate = False
    logger.addHandler(handler)
    yield stream
    logger.removeHandler(handler)


def test_a_failure_is_logged_by_type_and_place_alone(written: io.StringIO) -> None:
    try:
        try:
            {}["Okafor, Jane"]
        except KeyError as problem:
            raise ValueError("MRN 4711 of Okafor") from problem
    except ValueError:
        logging.getLogger("test.without_content").exception("Internal Server Error: /p/x/")
    text = written.getvalue()
    assert "ValueError" in text
    assert "KeyError" in text
    assert "test_log_format.py" in text
    assert "Okafor" not in text
    assert "4711" not in text


def test_every_process_of_django_logs_that_way() -> None:
    assert settings.LOGGING["formatters"]["line"]["()"] == "config.log_format.WithoutContent"
