"""The order: what somebody asked for, and the brief: what will be made of it and at what price.

Step 1 builds the ``Order`` from a command; the Desk (step 2) calls ``brief`` to check and complete
it. Never touches the network or a picture's bytes.
"""

from dataclasses import dataclass
from datetime import timedelta

from bot.domain.catalog import Catalog, Door, Model, seconds
from bot.errors import Refusal, Refused

ELSEWHERE = 0
"""For a message in another channel than the order's: there is no link to it."""


@dataclass(frozen=True, slots=True)
class Source:
    """Whose picture an order is made from, where it is somebody else's than the orderer's."""

    member_id: int
    message_id: int | None = None
    """The message, in the order's channel, that it stands in; or ``ELSEWHERE``.

    ``None``: it is an avatar.
    """


@dataclass(frozen=True, slots=True)
class Order:
    """What a member asked for, as they put it; ``None``: they left it to us."""

    key: str
    """``interaction:<id>``, ``message:<id>``, ``draft:<id>`` or ``form:<id>``.

    The same key is the same order.
    """
    guild_id: int
    channel_id: int
    member_id: int
    role_ids: frozenset[int]
    door: Door
    prompts: tuple[str, ...] = ()
    model: str | None = None
    aspect: str | None = None
    duration: timedelta | None = None
    picture_url: str | None = None
    source: Source | None = None
    picture_of: str | None = None
    """The task whose picture, as it was prepared for it, this one begins with too."""
    continues: str | None = None
    """The task whose film this one goes on from: without another picture, from its last frame."""
    locale: str = "en-US"

    @property
    def somebody_elses(self) -> Source | None:
        """Return whose picture it is made from; ``None``: the orderer's own, or nobody's."""
        theirs = self.source is None or self.source.member_id == self.member_id
        return None if theirs else self.source


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is asking, and what their server lets them do."""

    guild_id: int
    member_id: int
    role_ids: frozenset[int] = frozenset()
    manages_messages: bool = False


@dataclass(frozen=True, slots=True)
class Brief:
    """An order that can be made: every choice filled in, and its price in credits."""

    model: Model
    prompts: tuple[str, ...]
    aspect: str | None
    duration: timedelta
    cost: int


def brief(order: Order, catalog: Catalog) -> Brief:
    """Check an order against the catalogue and fill in what was left open.

    Raises:
        Refused: with the code and fields of the first thing that does not fit.
    """
    model = _model(order, catalog)
    prompts = _prompts(order, model)
    duration = _duration(order, model, prompts)
    return Brief(model, prompts, _aspect(order, model), duration, model.price.of(duration))


def _model(order: Order, catalog: Catalog) -> Model:
    choices = tuple(model.name for model in catalog.behind(order.door))
    if order.model is None:
        model = catalog.default(order.door)
        if model is None:
            raise Refused(Refusal.MODEL_OFF, model=order.door.value, choices=choices)
        return model
    model = catalog.get(order.model.strip())
    if model is None:
        raise Refused(Refusal.UNKNOWN_MODEL, model=order.model[:60], choices=choices)
    if not catalog.on_sale(model.name):
        raise Refused(Refusal.MODEL_OFF, model=model.name, choices=choices)
    if order.door not in model.takes:
        raise Refused(
            Refusal.WRONG_DOOR,
            model=model.name,
            takes=tuple(door.value for door in model.takes),
            choices=choices,
        )
    return model


def _prompts(order: Order, model: Model) -> tuple[str, ...]:
    prompts = tuple(text.strip() for text in order.prompts if _says_something(text))
    if not prompts and (model.prompt == "required" or order.door is Door.LONG):
        raise Refused(Refusal.EMPTY_PROMPT)
    count, limit = len(prompts), model.shots_limit
    if order.door is Door.LONG and count > limit:
        raise Refused(Refusal.TOO_MANY_SHOTS, model=model.name, limit=limit, count=count)
    for number, text in enumerate(prompts, 1):
        if len(text) > model.prompt_limit:
            shot = {"shot": number} if order.door is Door.LONG else {}
            fields = {"length": len(text), "limit": model.prompt_limit, **shot}
            raise Refused(Refusal.PROMPT_TOO_LONG, **fields)
    return prompts


def _says_something(text: str) -> bool:
    """Tell whether anything of it can be seen; zero-width characters are not white space."""
    return any(sign.isprintable() and not sign.isspace() for sign in text)


def _duration(order: Order, model: Model, prompts: tuple[str, ...]) -> timedelta:
    if order.door is Door.LONG and model.shot is not None:
        return model.shot * len(prompts)
    if order.duration is None:
        return model.default_duration
    if order.duration not in model.durations:
        choices = tuple(seconds(length) for length in model.durations)
        raise Refused(Refusal.WRONG_DURATION, model=model.name, choices=choices)
    return order.duration


def _aspect(order: Order, model: Model) -> str | None:
    if order.door is not Door.TEXT or not model.aspects:
        if order.aspect is not None:
            raise Refused(Refusal.WRONG_ASPECT, model=model.name, choices=())
        return None
    if order.aspect is None:
        return "16:9" if "16:9" in model.aspects else model.aspects[0]
    if order.aspect not in model.aspects:
        raise Refused(Refusal.WRONG_ASPECT, model=model.name, choices=model.aspects)
    return order.aspect
