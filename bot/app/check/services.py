"""Does a video service accept our key, and does it sell what the catalogue says?

Part of ``python -m bot check``. Asks free questions only; where a service tells no terms, it says
so and compares nothing.
"""

from collections.abc import Iterator, Mapping, Sequence

from bot.app.check.findings import Finding, good, note, wrong
from bot.domain.catalog import Model, seconds
from bot.errors import RateLimited, Unauthorised, Unavailable
from bot.providers.base import Provider, Quote, Review

TITLES: Mapping[str, str] = {"aivideomaker": "AI Video Maker", "apigo": "APIGo"}


async def check_service(provider: Provider, models: Sequence[Model]) -> Sequence[Finding]:
    """Return whether the service can be used, and where it differs from ``models``, its own."""
    title, setting = TITLES[provider.name], provider.name.upper()
    try:
        review = await provider.review(models)
    except Unauthorised:
        remedy = f"Copy it again into {setting}_API_KEY."
        return [wrong(f"{title}: the key is not accepted. {remedy}")]
    except RateLimited as error:
        pause = f"{error.retry_after.total_seconds():.0f} seconds"
        return [note(f"{title}: asks for a pause of {pause}; check again after that.")]
    except Unavailable as error:
        remedy = f"Check {setting}_URL, and whether the service is up."
        return [wrong(f"{title}: gives no usable answer ({error.detail}). {remedy}")]
    return [_accepted(title, review), *_differences(title, review, models)]


def _accepted(title: str, review: Review) -> Finding:
    if review.balance == 0:
        return note(f"{title}: the key is accepted, but the account is empty. Buy credits there.")
    balance = "" if review.balance is None else f"; {review.balance:,} credits on the account"
    prices = "" if review.quotes else "; it tells no prices, so compare them (docs/models.md)"
    return good(f"{title}: the key is accepted{balance}{prices}")


def _differences(title: str, review: Review, models: Sequence[Model]) -> Iterator[Finding]:
    for model in models:
        quote = review.quotes.get(model.name)
        if review.offered is not None and model.name not in review.offered:
            yield note(
                f"{title}: does not offer {model.name} any more; it leaves the menus when it is "
                "first refused. Take it off now with on_sale = false (docs/models.md)."
            )
        elif quote is not None and quote.credits != model.price.of(quote.duration):
            yield _price(title, model, quote)


def _price(title: str, model: Model, quote: Quote) -> Finding:
    ours = model.price.of(quote.duration)
    return note(
        f"{title}: {model.name} {seconds(quote.duration)} s costs {quote.credits:,} credits there, "
        f"the catalogue says {ours:,}. Set the price in CATALOG_FILE (docs/models.md)."
    )
