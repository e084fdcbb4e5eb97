#!/usr/bin/env python
"""Django's command line, with the environment of this installation filled in."""

import os
import sys

from django.core.management import execute_from_command_line

from config.runtime.environment import load_environment

if __name__ == "__main__":
    load_environment()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    execute_from_command_line(sys.argv)
