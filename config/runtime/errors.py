"""The one kind of error that ends the start of the application."""

EXIT_MISCONFIGURED = 78  # EX_CONFIG of sysexits.h


class Misconfigured(Exception):
    """Something outside the code is wrong; the text is one line that says what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))
