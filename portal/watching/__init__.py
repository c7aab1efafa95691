"""News by e-mail for anybody, without an account: who asked for what, and the daily message they get."""
