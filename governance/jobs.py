"""The kinds of job of this app."""
