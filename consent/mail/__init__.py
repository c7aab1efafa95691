"""Messages to families: their words, their bytes, the one way out, and the mail server."""
