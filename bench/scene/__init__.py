"""The world that a bot is measured in: who is there, what is under way, when films are done."""
