"""Commands for those who work on the house; none is part of the application."""
