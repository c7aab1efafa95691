"""The one error of the embedded PostgreSQL: a sentence for the person at the keyboard."""


class EmbeddedError(Exception):
    """The embedded PostgreSQL cannot be used; the message is one sentence that says what to do."""
