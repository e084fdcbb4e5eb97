"""The process manager: embedded services, keys, checks before the start, children.

Nothing here imports Django. ``config.settings`` calls ``environment.load_environment()``, and
``countersign serve`` starts Django only as a child process.
"""
