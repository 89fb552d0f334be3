"""`python -m bench`: what the performance claims are measured with. About half an hour.

`--quick` plays a taste of it in two minutes. The report and its chart are written into
`bench/results/`, or where `--results` says. Nothing else should run on the machine meanwhile.
"""

import argparse
import sys
import time
from datetime import timedelta
from pathlib import Path

from bench import programme
from bench.cases import Case
from bench.figures import Outcome
from bench.play import play
from bench.report import page
from bench.report.spell import late, share
from bench.report.tables import TITLES
from bench.scene import studio

RESULTS = Path(__file__).with_name("results")


def main() -> int:
    """Play the programme, write the report; 0 when something was measured."""
    wanted = _arguments()
    cases = [
        case
        for case in (programme.taste() if wanted.quick else programme.whole())
        if not wanted.only or case.part in wanted.only
    ]
    began, film = time.monotonic(), studio.render()
    shown: list[tuple[Case, Outcome]] = []
    for number, case in enumerate(cases, 1):
        print(f"[{number}/{len(cases)}] {case}", flush=True)
        profile = _profile(wanted.profile, number)
        outcome = play(case, film, profile)
        shown.append((case, outcome))
        print(f"    {_short(outcome)}; {_minutes(began)}", flush=True)
    took = timedelta(seconds=time.monotonic() - began)
    print(f"\n{page.page(shown, took)}")
    if wanted.results or not (wanted.quick or wanted.only or wanted.profile):
        print(f"Written to {page.write(wanted.results or RESULTS, shown, took)}")
    return 0 if shown else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a taste of it: two minutes")
    parser.add_argument(
        "--only",
        action="append",
        metavar="PART",
        choices=tuple(TITLES),
        help="one part of the programme: %(choices)s; may be given again",
    )
    parser.add_argument("--results", type=Path, metavar="DIR", help="where the report is written")
    parser.add_argument(
        "--profile",
        type=Path,
        metavar="DIR",
        help="write each case's hot paths there; the figures are then not to be believed",
    )
    return parser.parse_args()


def _profile(folder: Path | None, number: int) -> Path | None:
    if folder is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve() / f"{number:02}.txt"


def _short(outcome: Outcome) -> str:
    loads = [load.cpu for load in outcome.bot]
    films = f"{len(outcome.delays)} of {outcome.films} films, " if outcome.films else ""
    delays = f"median {late(outcome, 0.5)}, p95 {late(outcome, 0.95)}, " if outcome.films else ""
    return f"{films}{delays}CPU {share(sum(loads) / len(loads))}"


def _minutes(began: float) -> str:
    return f"{(time.monotonic() - began) / 60:.1f} min so far"


if __name__ == "__main__":
    sys.exit(main())
