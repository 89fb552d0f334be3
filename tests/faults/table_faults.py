"""What goes wrong in rows: requests to Discord, to the services, and for their films.

Each function returns an act, which puts one plan in force.
"""

from collections.abc import Callable
from typing import Any

from sandbox.discord import Answer
from sandbox.discord import Fault as DiscordFault
from sandbox.discord.faults import Action as DiscordAction
from sandbox.services import Action, Fault, Reply, Scenario
from tests.faults.table_row import Act
from tests.faults.table_scene import Scene

ALWAYS = 0

CALLBACK = "/interactions/{interaction}/{token}/callback"
ORIGINAL = "/webhooks/{application}/{token}/messages/@original"
BY_TOKEN = "/webhooks/{application}/{token}/messages/{message}"
MESSAGES = "/channels/{channel}/messages"
MESSAGE = "/channels/{channel}/messages/{message}"
DIRECT = "/users/@me/channels"
CREATE = "/api/v1/generate/*"
LIST = "/api/v1/tasks"
DETAILS = "/api/v1/tasks/*"
VIDEOS = "/v1/videos"
VIDEO = "/v1/videos/*"
CONTENT = "/v1/videos/*/content"
FILM = "/files/*"


def do(change: Callable[[Scene], Any]) -> Act:
    """Make an act of something that happens at once."""

    async def act(scene: Scene) -> None:
        change(scene)

    return act


def discord(method: str, route: str, action: DiscordAction, *, times: int = 1, nth: int = 1) -> Act:
    """Let requests to Discord go wrong; ``times`` 0: all from the nth on."""
    return do(
        lambda scene: scene.world.discord.faults.add(
            DiscordFault(method, route, action, nth=nth, times=times)
        )
    )


def refused(status: int, code: int, **headers: str) -> Answer:
    """Return Discord's refusal with a code of its list."""
    return Answer(status, {"message": "as planned", "code": code}, headers)


def wait_a_moment(seconds: float = 0.05) -> Answer:
    """Return Discord's own 429, which discord.py waits for."""
    body = {"message": "You are being rate limited.", "retry_after": seconds, "global": False}
    return Answer(429, body, {"Via": "1.1 google", "Retry-After": str(seconds)})


CLOUDFLARE = Answer(429, "<html>error code: 1015</html>", {"Retry-After": "1"})
"""The wall before Discord, which discord.py takes for the end."""


def avm(method: str, path: str, *actions: Action, times: int | None = 1) -> Act:
    """Let requests to AI Video Maker go wrong; ``times`` None: all of them."""
    return do(
        lambda scene: scene.world.aivideomaker.faults.add(
            *(Fault(method, path, action, times=times) for action in actions)
        )
    )


def apigo(method: str, path: str, *actions: Action, times: int | None = 1) -> Act:
    """Let requests to the /v1/videos service go wrong; ``times`` None: all of them."""
    return do(
        lambda scene: scene.world.apigo.faults.add(
            *(Fault(method, path, action, times=times) for action in actions)
        )
    )


def film_fault(action: Action, *, times: int | None = 1) -> Act:
    """Let AI Video Maker's films go wrong on their way here."""
    return do(
        lambda scene: scene.world.aivideomaker.file_faults.add(
            Fault("GET", FILM, action, times=times)
        )
    )


def job(scenario: Scenario) -> Act:
    """Decide what becomes of the next job."""

    def script(scene: Scene) -> None:
        for service in (scene.world.aivideomaker, scene.world.apigo):
            service.script(scenario)

    return do(script)


def complaint(status: int, code: str, words: str, **more: Any) -> Reply:
    """Return a refusal in AI Video Maker's envelope."""
    document = {"status": "FAILED", "message": words, "errorCode": code, **more}
    return Reply.json(status, document)


def html(status: int, *, after: bool = False, **headers: str) -> Reply:
    """Return a proxy's page."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, "<html><body>Sorry</body></html>", named, after=after)
