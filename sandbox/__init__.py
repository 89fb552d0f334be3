"""A stand-in world: a local Discord and both video services, to try and to test the bot in."""
