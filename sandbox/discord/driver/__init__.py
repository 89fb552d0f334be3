"""The members' hands: what a person can do in a Discord client, and what they then see."""
