"""What the public register tells the other rooms. Receivers only nudge; a sweep is the guarantee."""

from django.dispatch import Signal

#: Sent inside the transaction that recorded a Publication, with `publication_id`.
changes_recorded = Signal()
