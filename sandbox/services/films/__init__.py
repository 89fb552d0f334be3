"""Real films for the stand-ins: a sentence or a picture in, a playable MP4 out, on one core.

Stands in for: what both services produce (`aivideomaker-api`: "result"; `apigo-openai-videos`:
`/content`). Deterministic, offline, fast (about a third of a second for five seconds of film).
It is never a model: words drift over light, a picture is zoomed.
"""

from sandbox.services.films.order import FilmOrder
from sandbox.services.films.studio import Films

__all__ = ["FilmOrder", "Films"]
