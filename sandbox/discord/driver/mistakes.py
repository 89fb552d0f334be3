"""What can go wrong between a member and the screen, as test failures that explain themselves."""


class Unplayable(AssertionError):
    """The member wants to do what no client would let them: there is no such command or button."""


class Unanswered(AssertionError):
    """The bot did not answer what a client would wait for."""
