"""Periods are calendar periods, in UTC, weeks from Monday."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.quota import Period, period_start, renews_at

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def at(text: str) -> datetime:
    """Read an instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("period", "instant", "start", "end"),
    [
        (Period.DAY, "2026-03-18T12:34", "2026-03-18", "2026-03-19"),
        (Period.DAY, "2026-03-18T00:00", "2026-03-18", "2026-03-19"),
        (Period.DAY, "2026-12-31T23:59:59.999999", "2026-12-31", "2027-01-01"),
        (Period.WEEK, "2026-03-18T12:34", "2026-03-16", "2026-03-23"),  # a Wednesday
        (Period.WEEK, "2026-03-16T00:00", "2026-03-16", "2026-03-23"),  # a Monday
        (Period.WEEK, "2026-03-15T23:59", "2026-03-09", "2026-03-16"),  # a Sunday
        (Period.WEEK, "2027-01-01T00:00", "2026-12-28", "2027-01-04"),
        (Period.MONTH, "2026-03-18T12:34", "2026-03-01", "2026-04-01"),
        (Period.MONTH, "2026-01-31T23:59", "2026-01-01", "2026-02-01"),
        (Period.MONTH, "2028-02-29T12:00", "2028-02-01", "2028-03-01"),
        (Period.MONTH, "2026-12-01T00:00", "2026-12-01", "2027-01-01"),
    ],
)
def test_period_of_an_instant(period: Period, instant: str, start: str, end: str) -> None:
    """A period starts at midnight UTC and ends where the next begins."""
    assert period_start(period, at(instant)) == at(start)
    assert renews_at(period, at(instant)) == at(end)


def test_total_never_renews() -> None:
    """A quota for all time counts from the beginning of time."""
    assert period_start(Period.TOTAL, at("2026-03-18")) == EPOCH
    assert renews_at(Period.TOTAL, at("2026-03-18")) is None


def test_a_server_abroad_renews_at_midnight_utc() -> None:
    """The zone an instant is written in does not matter."""
    tokyo = datetime(2026, 4, 1, 8, 59, tzinfo=timezone(timedelta(hours=9)))
    assert period_start(Period.MONTH, tokyo) == at("2026-03-01")
    assert period_start(Period.DAY, tokyo) == at("2026-03-31")


@given(
    st.sampled_from([Period.DAY, Period.WEEK, Period.MONTH]),
    st.datetimes(
        min_value=datetime(1971, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
        max_value=datetime(9000, 1, 1),  # noqa: DTZ001 - likewise
        timezones=st.timezones(),
    ),
)
def test_periods_follow_one_another_without_gap(period: Period, instant: datetime) -> None:
    """Every instant lies in exactly one period, and the next one starts where it ends."""
    start, end = period_start(period, instant), renews_at(period, instant)
    assert end is not None
    assert start <= instant < end
    assert period_start(period, start) == start
    assert period_start(period, end - timedelta(microseconds=1)) == start
    assert period_start(period, end) == end
