"""Clapboard: a sentence or a picture in Discord becomes a video in Discord.

The story, one file a step::

    cogs/video.py ──Order──▶ Desk ──Task──▶ Submitter ──▶ provider
      a door: parse,         check, price,   send once,       │
      one call, one reply    hold credits,   remember         │
           ▲                 record          the outcome      ▼
      Discord message ◀── Courier ◀──────── Poller ◀──── what became of it
           the film          fetch, fit,     one budgeted
                             post, settle    look for all

Read ``pipeline/desk.py``, ``submitter.py``, ``poller.py``, ``courier.py`` and ``recovery.py`` in
that order; every other room serves one of them.
"""
