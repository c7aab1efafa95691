"""Asking a district in public: the form, the confirmed address, moderation, and the mails about it."""
