"""The public pages: served by the public role, the same for everybody."""
