"""A seeded generator of fictional clinical notes with gold spans and gold summaries.

It uses the standard library alone and shares no list with the code it helps to judge.
"""
