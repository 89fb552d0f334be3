"""What is said about what was measured."""

from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest

from bench import programme
from bench.cases import Case, Contender
from bench.figures import Load, Outcome, Query, percentile
from bench.report import page
from bench.report.chart import chart
from bench.report.claims import claims
from bench.report.spell import late, length, share, size

SECOND = timedelta(seconds=1)
FLOW = Case(part=programme.DELAYS, contender=Contender.POLLING, in_flight=1000)


def seen(p95: float, *, missing: int = 0, refused: int = 0) -> Outcome:
    """What a case has shown whose 95th percentile is so many seconds."""
    queries = [Query("GET /api/v1/tasks", 429, 0, SECOND)] * refused
    return Outcome(
        delays=[0.6 * SECOND] * (180 - missing) + [p95 * SECOND] * 20,
        missing=[20 * SECOND] * missing,
        queries=queries,
        lasted=40 * SECOND,
        ready=[SECOND],
        bot=[Load(0.3, 150 << 20, 160 << 20)],
    )


def held(shown: list[tuple[Case, Outcome]]) -> list[bool]:
    """Whether each claim held."""
    return [claim.held for claim in claims(shown)]


def test_a_percentile_counts_those_that_never_came():
    """Films that had not come count as the latest: a few quick ones make no quick bot."""
    few = [SECOND, 2 * SECOND, 3 * SECOND]
    assert percentile(few, 0.5) == 2 * SECOND
    assert percentile(few, 0.5, of=6) == 3 * SECOND
    assert percentile(few, 0.5, of=7) is None
    assert percentile([], 0.5) is None


def test_a_late_film_is_said_to_be_late_at_least():
    """Where too few came the report says how late the others were by then, not a figure."""
    drowned = seen(3, missing=150)
    assert late(drowned, 0.1) == "600 ms"
    assert late(drowned, 0.5) == "> 20 s"


def test_claims_are_judged_by_what_was_seen():
    """What is within the claim is held, what is not is not."""
    assert held([(FLOW, seen(2.9))]) == [True, True]
    assert held([(FLOW, seen(3.1))]) == [True, False]
    assert held([(FLOW, seen(2.9, refused=1))]) == [False, True]
    assert held([(FLOW, seen(2.9, missing=20))]) == [True, False]


def test_webhooks_may_not_be_worse():
    """At five films a second webhooks are compared with none."""
    hooked = replace(FLOW, contender=Contender.WEBHOOK)
    assert held([(FLOW, seen(2)), (hooked, seen(1.5))])[-1]
    assert not held([(FLOW, seen(2)), (hooked, seen(2.5))])[-1]


def test_medians_of_few_and_many_are_compared():
    """Ten and a thousand in flight may differ by a fifth or a tenth of a second."""
    few = replace(FLOW, in_flight=10)
    near, far = seen(2), replace(seen(2), delays=[0.9 * SECOND] * 200)
    assert held([(few, near), (FLOW, seen(2))])[-1]
    assert not held([(few, far), (FLOW, seen(2))])[-1]


def test_a_taste_proves_nothing():
    """Small cases are not judged."""
    assert claims([(case, seen(1)) for case in programme.taste()]) == []


def test_the_chart_shows_who_drowned():
    """The chart is whole XML with every contender, and says what share of the films came."""
    naive = replace(FLOW, contender=Contender.NAIVE)
    drawn = chart([(FLOW, seen(1)), (naive, seen(9, missing=160))])
    ET.fromstring(drawn)  # noqa: S314 - our own
    assert "naive loop" in drawn
    assert "20 % came" in drawn


@pytest.mark.parametrize("cases", [programme.taste(), programme.whole()])
def test_every_case_has_its_line(cases, tmp_path):
    """The page tells of every case of a programme, and lies beside its chart."""
    file = page.write(tmp_path, [(case, seen(1)) for case in cases], 90 * SECOND)
    text = file.read_text(encoding="utf-8")
    assert text.count("| Clapboard") >= sum(case.part == "delays" for case in cases) / 2
    assert (tmp_path / "delays.svg").exists()
    assert str(tmp_path) not in text


def test_a_spoilt_case_is_owned_up_to():
    """Where the bot redrew cards at the start, or films came twice, the page says so."""
    spoilt = replace(seen(1), redrawn=7)
    assert "7 cards were redrawn" in page.page([(FLOW, spoilt)], SECOND)


def test_figures_are_written_to_be_read():
    """Lengths, bytes and shares have few digits and a unit."""
    lengths = [0.0034 * SECOND, 0.25 * SECOND, 1.349 * SECOND, 27 * SECOND, None]
    assert [length(each) for each in lengths] == ["3.4 ms", "250 ms", "1.35 s", "27 s", "–"]
    assert [size(each) for each in (812, 34_816, 1_258_291)] == ["812 B", "34 KiB", "1.2 MiB"]
    assert [share(each) for each in (0.314, 0.004)] == ["31 %", "0.4 %"]
