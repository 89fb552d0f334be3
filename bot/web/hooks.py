"""A service knocks: something happened to one of its jobs. What is behind ``/hooks/…``.

Serves step 4: a knock only makes the Poller look, which then asks the service itself. Waits for
nobody, the database included. Never reads the body, never keeps the secret (its hash tells the
task), and never shows whether a knock was right or wrong.
"""

import hashlib
from collections.abc import Callable

from bot.clock import Clock
from bot.web.visitors import Visitors

_LONGEST_SECRET = 200


class Hooks:
    """Passes knocks on; of strangers', what one source sends too fast is dropped.

    A job's own knock never is: a service may tell of hundreds in a moment, from one address. What
    follows from it is bounded all the same, for the Poller looks at its own pace.

    Args:
        knows: tells whether a job under way is known by two words, the provider's name as it stood
            in the path and the SHA-256 of the secret in hexadecimal digits.
        hint: is passed the same two; of a stranger's, too, since it may be late.
        clock: tells how fast is too fast.
    """

    def __init__(
        self,
        knows: Callable[[str, str], bool],
        hint: Callable[[str, str], None],
        clock: Clock,
    ) -> None:
        self._knows = knows
        self._hint = hint
        self._visitors = Visitors(clock)

    def knock(self, provider: str, secret: str, source: str) -> None:
        """Take one knock from an IP address; whatever it is, nothing is told about it."""
        if len(secret) > _LONGEST_SECRET:
            return
        hook_hash = hashlib.sha256(secret.encode()).hexdigest()
        if self._knows(provider, hook_hash) or self._visitors.admit(source):
            self._hint(provider, hook_hash)
