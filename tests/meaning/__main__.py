"""Measure how many columns hold what their names say.

`python -m tests.meaning [-v] [--by-script] [SCRIPT ...] [--rows N] [--kind K]`
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter

from tests.meaning.measuring import Measured, measure, scripts_of
from tests.meaning.oracle import KINDS


def main(arguments: list[str]) -> int:
    """Measure the scripts and print the share of right columns by kind; with `-v`, each wrong one with its values."""
    parser = argparse.ArgumentParser(prog="python -m tests.meaning", description=__doc__.splitlines()[0])
    parser.add_argument("scripts", nargs="*", metavar="SCRIPT", help="a script by name or path; by default all")
    parser.add_argument("--rows", type=int, default=500, help="rows of each table (default: 500)")
    parser.add_argument("--kind", action="append", choices=list(KINDS), help="judge this kind only (repeatable)")
    parser.add_argument("--by-script", action="store_true", help="print the share of each script too")
    parser.add_argument("-v", "--verbose", action="store_true", help="print the wrong columns with three values")
    options = parser.parse_args(arguments)
    measured = [measure(path, options.rows, options.kind or KINDS) for path in scripts_of(options.scripts)]
    if options.verbose:
        print_wrong(measured)
    if options.by_script:
        for each in measured:
            print_share(each.script, len(each.judgements), sum(found.is_right for found in each.judgements))
        print()
    print_kinds(measured)
    return 1 if any(each.problems for each in measured) else 0


def print_wrong(measured: list[Measured]) -> None:
    for each in measured:
        for found in each.judgements:
            if not found.is_right:
                print(f"{each.script}  {found.table} ({', '.join(found.columns)})  {found.kind}: {found.why}")
                print("    " + "\n    ".join(found.sample))


def print_kinds(measured: list[Measured]) -> None:
    judged = Counter(found.kind for each in measured for found in each.judgements)
    right = Counter(found.kind for each in measured for found in each.judgements if found.is_right)
    for kind in KINDS:
        if judged[kind]:
            print_share(kind, judged[kind], right[kind])
    print_share(f"all, of {len(measured)} scripts", judged.total(), right.total())
    for each in measured:
        for problem in each.problems:
            print(f"not measured: {problem}", file=sys.stderr)


def print_share(title: str, judged: int, right: int) -> None:
    print(f"{title:36} {judged:6} judged {right:6} right {right / max(judged, 1):8.1%}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
