"""OpenAI-compatible gateway: an ASGI process of its own that routes from a sealed snapshot.

Pure (no Django, no database, no queue), so that it goes on when those pause.
"""
