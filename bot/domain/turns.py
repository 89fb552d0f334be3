"""Whose turn it is: what a place in a provider's line means, and how long a turn counts.

Serves the Submitter (step 3), which sends the head of the line, and the cards, which tell the place
and why. The order itself is worked out by ``store/turns.py``, where the rows are. Never decides how
many may be sent.

The rule is round robin between servers and, inside a server, between members. It has two parts:

1. Fewest turns first. A member's turns are the films that are being made for them just now; each
   that waits takes one more. A server's turns are counted likewise, over all its members.
2. Among equals, who has waited longest for a turn: since they were last served, or since they came
   to the line, whichever is later. Who comes has a head start: they go before those who were only
   just served.

The second part is what makes it a round: with more servers than places most have nothing in flight,
and without it the one with the oldest pile of orders would be first again after every film. The
first part alone could also starve somebody: whose one film never ends would stand behind every
newcomer for ever. So a turn counts for ``TURN_COUNTS`` only, and a head start is as long. After
that nobody can be overtaken by newcomers, and whoever is served goes to the end of the round.
"""

from dataclasses import dataclass
from datetime import timedelta

TURN_COUNTS = timedelta(minutes=15)
"""A film that has been in the making for longer no longer costs its member and server a turn."""
HEAD_START = TURN_COUNTS
"""So much longer than they have, newcomers count as waiting."""


@dataclass(frozen=True, slots=True)
class Place:
    """A task's place in its provider's line, and why it is not nearer to the head."""

    number: int
    """1 is next."""
    members: int = 0
    """Other members of the same server who have a task before it."""
    own: int = 0
    """The member's own tasks that come first: before it in the line, or in the making."""
    elsewhere: int = 0
    """Tasks of other servers before it; not for anybody's eyes but as part of ``number``."""
