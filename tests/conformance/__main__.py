"""Print the score by area: `python -m tests.conformance [-v] [dialect] [folder with more cases]`."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.conformance.running import OWN, Outcome, read_cases, run_cases


def main(arguments: list[str]) -> int:
    """Run the cases of the project and of the given folders; with `-v`, print the failures."""
    is_verbose = "-v" in arguments
    folders = [Path(argument) for argument in arguments if Path(argument).is_dir()]
    dialects = [argument for argument in arguments if argument in ("redshift", "snowflake")]
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for title, source in (("own", OWN), *((each.name, each) for each in folders)):
            cases = [case for case in read_cases(source) if not dialects or case.dialect in dialects]
            outcomes = run_cases(cases, Path(folder))
            _print(title, outcomes, is_verbose)
            failed += sum(not outcome.is_passed for outcome in outcomes)
    return 1 if failed else 0


def _print(title: str, outcomes: list[Outcome], is_verbose: bool) -> None:
    totals = Counter((outcome.case.dialect, outcome.case.area) for outcome in outcomes)
    passed = Counter((outcome.case.dialect, outcome.case.area) for outcome in outcomes if outcome.is_passed)
    for dialect in sorted({dialect for dialect, _ in totals}):
        of_dialect = [area for area in totals if area[0] == dialect]
        print(f"{title} {dialect}: {sum(passed[a] for a in of_dialect)}/{sum(totals[a] for a in of_dialect)}")
        for area in sorted(of_dialect):
            print(f"    {area[1]:28} {passed[area]:4}/{totals[area]}")
    for outcome in outcomes:
        if is_verbose and not outcome.is_passed:
            case = outcome.case
            print(f"\n{case.id}: {case.query}\n  expected {case.expected if case.refused == '' else case.refused}")
            print(f"  found    {outcome.found}\n  ran      {outcome.sql}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
