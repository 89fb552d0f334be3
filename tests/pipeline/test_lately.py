"""A memory with an end."""

from bot.pipeline.lately import Lately


def test_the_oldest_is_forgotten() -> None:
    """However long the process runs, no more is kept than was said."""
    known = Lately[str, int](2)
    for number, name in enumerate("abc"):
        known[name] = number
    assert dict(known) == {"b": 1, "c": 2}


def test_what_is_set_again_is_the_latest() -> None:
    """A thing that goes on mattering is not forgotten for its age."""
    known = Lately[str, int](2)
    for number, name in enumerate("abac"):
        known[name] = number
    assert dict(known) == {"a": 2, "c": 3}
