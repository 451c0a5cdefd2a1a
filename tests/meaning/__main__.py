"""Measure how many columns hold what their names say.

`python -m tests.meaning [-v] [--by-script] [SCRIPT ...] [--rows N] [--kind K]`; with `--audit`, generate about 20,000
rows of each script (or `--rows N`) instead, load them and prove that they meet the imported schema.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter

from tests.meaning.auditing import audit_script
from tests.meaning.measuring import Measured, measure, scripts_of
from tests.meaning.oracle import KINDS


def main(arguments: list[str]) -> int:
    """Measure the scripts and print the share of right columns by kind; with `-v`, each wrong one with its values."""
    parser = argparse.ArgumentParser(prog="python -m tests.meaning", description=__doc__.splitlines()[0])
    parser.add_argument("scripts", nargs="*", metavar="SCRIPT", help="a script by name or path; by default all")
    parser.add_argument("--rows", type=int, help="rows of each table (default: 500)")
    parser.add_argument("--kind", action="append", choices=list(KINDS), help="judge this kind only (repeatable)")
    parser.add_argument("--by-script", action="store_true", help="print the share of each script too")
    parser.add_argument("-v", "--verbose", action="store_true", help="print the wrong columns with three values")
    parser.add_argument("--audit", action="store_true", help="load --rows rows in all (default: 20000) and audit them")
    options = parser.parse_args(arguments)
    if options.audit:
        return print_audits(options.scripts, options.rows or 20_000, verbose=options.verbose)
    measured = [measure(path, options.rows or 500, options.kind or KINDS) for path in scripts_of(options.scripts)]
    if options.verbose:
        print_wrong(measured)
    if options.by_script:
        for each in measured:
            print_share(each.script, len(each.judgements), sum(found.is_right for found in each.judgements))
        print()
    print_kinds(measured)
    return 1 if any(each.problems for each in measured) else 0


def print_audits(scripts: list[str], rows: int, *, verbose: bool) -> int:
    """Audit each script and print what fails, with `verbose` what is not proved too; return 1 if anything does."""
    status = 0
    for path in scripts_of(scripts):
        audited = audit_script(path, rows)
        failures = audited.failures
        print(f"{audited.script:36} {len(audited.findings):6} checks {len(failures):6} failed", flush=True)
        unproved = [found for found in audited.findings if found.check == "not_proved"]
        for found in [*failures, *(unproved if verbose else [])]:
            print(f"    {found.check} of {found.table}.{found.column}: {found.expected}, found {found.found}")
        if audited.problem:
            print(f"    not audited: {audited.problem}", file=sys.stderr)
        status |= bool(failures or audited.problem)
    return status


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
