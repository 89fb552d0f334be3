"""Whether AI Video Maker knows a create that it sees for the second time.

Serves step 3, where the answer to a create was lost. The documents know no ``Idempotency-Key``; the
live service does, and a service that keeps the key shows it. Believed model by model, only when the
service itself has shown it, and only until the bot is stopped. Never sends anything.
"""

from collections.abc import Mapping

from bot.providers.base import Assignment

_PREFIX = "clapboard-"


def idempotency_key(assignment: Assignment) -> str:
    """Return the key under which the same task is never two jobs."""
    return f"{_PREFIX}{assignment.task_id}"


class Repeats:
    """The models for which the service has shown that it keeps our keys."""

    def __init__(self) -> None:
        self._models: set[str] = set()

    def proved(self, model: str) -> bool:
        """Tell whether a repeated create for ``model`` is sure to be one job."""
        return model in self._models

    def note_task(self, task: Mapping[str, object]) -> None:
        """Read a task as the service shows it: one of ours that bears its key is a proof."""
        key, model = task.get("idempotencyKey"), task.get("model")
        if isinstance(key, str) and key.startswith(_PREFIX) and isinstance(model, str):
            self._models.add(model)

    def note_create(self, model: str, answer: Mapping[str, object]) -> bool:
        """Read the answer to a create; tell whether it is the job that was made before."""
        if answer.get("idempotentReplay") is not True:
            return False
        self._models.add(model)
        return True
