"""Finds the film's address in whatever shape a service puts its output.

Serves the looks (step 4) and the fetch (step 5). Never judges where the address points: the guard
of the downloads does, since an address from upstream is information and no instruction.
"""

from collections.abc import Iterator, Mapping

_NAMES = ("url", "videoUrl", "video_url", "video", "videos")
_FOLDERS = ("output", "outputs", "metadata", "data")
_LISTS = ("urls", "unsigned_urls")
_LONGEST = 4000


def film_url(output: object) -> str | None:
    """Return the first address in ``output``: a string, an object, or a list of either."""
    return next(_addresses(output), None)


def film_url_of_job(job: Mapping[str, object]) -> str | None:
    """Return the address a whole job object names, on its top level or one below."""
    own = {name: job.get(name) for name in (*_NAMES, *_LISTS)}
    folders = [job.get(name) for name in _FOLDERS]
    return film_url(own) or next((url for url in map(film_url, folders) if url), None)


def _addresses(output: object) -> Iterator[str]:
    if isinstance(output, str):
        if text := _address(output):
            yield text
    elif isinstance(output, Mapping):
        for name in (*_NAMES, *_LISTS):
            yield from _addresses(output.get(name))
    elif isinstance(output, list):
        for entry in output[:1]:
            yield from _addresses(entry)


def _address(text: str) -> str | None:
    text = text.strip()
    return text if 0 < len(text) <= _LONGEST and text.isprintable() else None
