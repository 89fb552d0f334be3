"""The doors: each command parses, makes one call, gives one reply. Decisions are made behind them.

Step 1 of the story. Errors are not caught here: the boundary in ``bot.discord_ui`` answers them.
"""
