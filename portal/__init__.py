"""The frame of Openroll: settings, addresses, the task queue, sign-in, and pages that need both rooms."""
