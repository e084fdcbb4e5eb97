"""This app's part of the documentation package."""
