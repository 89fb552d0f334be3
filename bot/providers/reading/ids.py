"""What a service may call a job.

Serves every step that names a job (3 to 5). Never lets through what could break a line of the log
or leave its place in an address.
"""

_LONGEST = 200


def read_id(value: object) -> str | None:
    """Return an upstream id: 1 to 200 printable characters; ``None`` for anything else."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not 0 < len(text) <= _LONGEST:
        return None
    return text if text.isprintable() and text not in {".", ".."} else None
