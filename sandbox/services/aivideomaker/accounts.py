"""API keys and what is left on them.

Stands in for: the key check ("All requests require an API key") and the credit balance. A balance
is worked out from the tasks, so a failed or cancelled task has given its credits back by itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sandbox.services.aivideomaker.refusals import RefusedError
from sandbox.services.jobs import Job
from sandbox.services.life import Phase


@dataclass
class Account:
    """One key and the credits it was opened with; a disabled one is answered like a wrong one."""

    key: str
    opening: int
    enabled: bool = True

    def balance(self, jobs: Iterable[Job], now: datetime) -> int:
        """Credits left at `now`, given the key's jobs."""
        return self.opening - sum(charged(job) - refunded(job, now) for job in jobs)


class Accounts:
    """All keys."""

    def __init__(self) -> None:
        self._accounts: dict[str, Account] = {}

    def open(self, key: str, balance: int) -> Account:
        """Open an account, or open it anew."""
        self._accounts[key] = Account(key, balance)
        return self._accounts[key]

    def __getitem__(self, key: str) -> Account:
        return self._accounts[key]

    def check(self, key: str | None) -> Account:
        """Find the account of a `key` header.

        Raises:
            RefusedError: 401, the same for a missing, wrong and disabled key.
        """
        account = self._accounts.get(key or "")
        if account is None or not account.enabled:
            raise RefusedError(401, "AUTH_FAILED", "Invalid API key")
        return account


def charged(job: Job) -> int:
    """Credits taken for a job."""
    return job.cost


def refunded(job: Job, now: datetime) -> int:
    """Credits given back for a job by `now`: all of them once it failed or was cancelled."""
    given_back = job.life.phase(now) in {Phase.FAILED, Phase.CANCELLED}
    return job.cost if given_back else 0
