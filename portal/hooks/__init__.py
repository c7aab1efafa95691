"""Webhooks for anybody, without an account: a program is called when the register has news."""
