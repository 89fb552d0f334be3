"""Makes a service's own words safe to log and to show.

Serves every error (steps 3 to 5). Upstream texts echo prompts, addresses, ids, and at times the
very key they complain about.
"""

import re
from collections.abc import Iterable

LONGEST = 300
"""Characters of a cleaned text."""

_HIDDEN = "[…]"
_KEYS = re.compile(
    r"""(?ix)
      \b bearer \s+ [\w.~+/=-]+
    | \b (?:sk|ak|pk|rk) [-_] [\w-]{6,} [*\w-]*       # keys, also half starred out
    | \b (?:api[-_ ]?key|key|token|authorization|secret|password)
      \s* [=:] \s* (?:bearer\s+|basic\s+)? ["']? [^\s"',;]{4,}
    | \b eyJ [\w-]+ \. [\w-]+ (?: \. [\w-]* )?        # JSON web tokens
    | \b [0-9a-f]{32,} \b
    """
)
_CREDENTIALS = re.compile(r"(?i)(\b[a-z][a-z0-9+.-]{0,20}:(?:\\?/){2})[^\s/@]+@")
_ADDRESS = re.compile(
    r"""(?i)(\b[a-z][a-z0-9+.-]{0,20}:(?:\\?/){2}[^\s/?#\\"'<>]*)[/?#\\][^\s"'<>]*"""
)
_HOOK = re.compile(r"(?i)hooks(?:\\?/|%2f)[^\s\"'<>]+")
"""Our own webhook's address without its beginning: its last part is a secret."""
_DATA_URI = re.compile(r"(?i)data:[\w/+.-]+;base64,[\w+/=]*")
_MARKUP = re.compile(r"<[^<>]{0,200}>")
_MENTION = re.compile(r"@(?=\S)")


def clean(text: str, secrets: Iterable[str] = ()) -> str:
    """Return ``text`` as one line of at most 300 characters that holds no secret.

    Keys, tokens, credentials and data URIs are hidden, and of an address all but its host: webhooks
    and signed links are secrets. Markup is dropped, and a zero-width space takes the meaning from
    mentions.
    """
    text = text[: 20 * LONGEST]
    for secret in secrets:
        if secret:
            text = text.replace(secret, _HIDDEN)
    text = _DATA_URI.sub(_HIDDEN, text)
    text = _CREDENTIALS.sub(r"\1", text)
    text = _ADDRESS.sub(rf"\1/{_HIDDEN}", text)
    text = _HOOK.sub(f"hooks/{_HIDDEN}", text)
    text = _KEYS.sub(_HIDDEN, text)
    text = _MARKUP.sub(" ", text)
    text = _MENTION.sub("@\u200b", text)
    line = " ".join("".join(_printable(text)).split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def _printable(text: str) -> Iterable[str]:
    return (sign if sign.isprintable() or sign == "\u200b" else " " for sign in text)
