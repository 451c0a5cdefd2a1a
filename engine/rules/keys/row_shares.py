"""How many rows each part of a table has: whole numbers that add up, within bounds, in the given proportions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def share_rows(rows: int, weights: Sequence[Fraction], least: Sequence[int], most: Sequence[int]) -> list[int]:
    """Return numbers of rows by weight, each within its bounds; they add up to `rows` (sum(least) to sum(most)).

    Parts whose share is outside of their bounds get the bound, and the others share what is left. Remainders go to the
    largest ones first (Hamilton's method).
    """
    fixed: dict[int, int] = {}
    while True:
        free = [part for part in range(len(weights)) if part not in fixed]
        left = rows - sum(fixed.values())
        total = sum((weights[part] for part in free), Fraction(0))
        even = Fraction(left, max(len(free), 1))
        shares = {part: left * weights[part] / total if total else even for part in free}
        low = {part: least[part] for part in free if shares[part] < least[part]}
        high = {part: most[part] for part in free if shares[part] > most[part]}
        if not low and not high:
            break
        missing = sum((each - shares[part] for part, each in low.items()), Fraction(0))
        beyond = sum((shares[part] - each for part, each in high.items()), Fraction(0))
        fixed |= low if missing >= beyond else high
    counts = fixed | {part: int(share) for part, share in shares.items()}
    order = sorted(shares, key=lambda part: (int(shares[part]) - shares[part], part))
    for part in order[: rows - sum(counts.values())]:
        counts[part] += 1
    return [counts[part] for part in range(len(weights))]


def rows_for(total: int, low: int, high: int) -> tuple[int, int | None]:
    """Return the fewest and the most rows whose values between `low` and `high` can add up to a total.

    None is any number; the fewest is above the most where no number of rows can.
    """
    fewest, most = (1 if total else 0), None
    for bound, wanted in ((high, total), (-low, -total)):  # n * bound >= wanted
        if bound > 0:
            fewest = max(fewest, -(-wanted // bound))
        elif wanted > 0:
            return 1, 0
        elif bound < 0:
            most = wanted // bound if most is None else min(most, wanted // bound)
    return fewest, most
