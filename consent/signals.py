"""What the private room says to its own edges; a nudge only, the sweeps are the guarantee."""

from django.dispatch import Signal

# sender: RosterLoad; agency_id. Sent inside the transaction of the load: receivers wait for its commit.
roster_loaded = Signal()
