"""The story, one verb a file: desk, submitter, poller, courier, recovery.

Meets Discord through ``ports.Mailbox`` and time through ``bot.clock``; never imports discord.
"""
