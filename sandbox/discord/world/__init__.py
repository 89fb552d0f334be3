"""What exists in the stand-in Discord: people, servers, channels, messages, interactions."""
