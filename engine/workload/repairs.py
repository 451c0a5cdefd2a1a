"""Repairs of the vocabulary: what statements ask for becomes more frequent, and columns that may be NULL are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.schema.models import ExperimentSchema
from engine.workload.changes import Change, change_column
from engine.workload.date_spans import lessen_dates
from engine.workload.records import Workload
from engine.workload.repair_request import RepairRequest
from engine.workload.trials import FitProgress
from engine.workload.wanted import wanted_of
from engine.workload.weights import shares_of

_SHARE, _MOST_SHARE = 0.2, 0.5
_ROWS = 3
"""What a statement asks for should be in about that many rows: in a small table that is a larger share."""
_NULLS = 0.1


def repair_shares(request: RepairRequest) -> list[Change]:
    """Return changes with which a fifth of the rows has what a statement asks for of a column, round by round more."""
    changes: dict[str, Change] = {}
    wanted = wanted_of(request.schema, request.workload.predicates)
    for number, statement in enumerate(request.open):
        request.listener(FitProgress("repairing", 0, number, len(request.open)))
        starving = request.starving(statement)
        if starving is None or starving.is_join:
            continue
        for found in shares_of(request.schema, wanted, {statement.name}):
            place = f"{found.table.key}.{found.column.name}"
            rows = request.trial.counts[found.table.key]
            share = min(max(_SHARE * request.round, _ROWS / max(rows, 1)), _MOST_SHARE)
            if found.share >= share or place in changes:
                continue
            own = replace(found, sources=tuple(each for each in found.sources if each[0] == statement.name))
            change = own.change(share, f"What {statement.name} asks for is in {share:.0%} of the rows.")
            if change is not None:
                changes[place] = change
    return list(changes.values())


def repair_nulls(request: RepairRequest) -> list[Change]:
    """Return changes that give NULLs to columns that may have them and that statements want to be NULL."""
    names = {statement.name for statement in request.open}
    changes: dict[str, Change] = {}
    for each in request.workload.predicates:
        if each.statement not in names or each.operator != "is null" or each.is_negated or each.path:
            continue
        try:
            table = request.schema.table(each.table)
            column = table.column(each.column)
        except KeyError:
            continue
        place = f"{table.key}.{column.name}"
        is_ready = column.required or column.has_null_condition or column.effective_null_fraction > 0
        if is_ready or column.name in table.primary_key or place in changes:
            continue
        new = {"null_fraction": _NULLS}
        changes[place] = change_column(
            table, column, "null_fraction", new, [(each.statement, each.line)], "Queries ask for NULL."
        )
    return list(changes.values())


def lessen_shares(
    schema: ExperimentSchema,
    workload: Workload,
    kept: Sequence[Change],
    large: Sequence[tuple[str, float]],
    most: float,
) -> list[Change]:
    """Return changes that make rarer what statements that select too much ask for, where a fit made it frequent.

    `kept` are the changes of the fit, `large` the statements with the part of their largest table that they select.
    """
    wanted = wanted_of(schema, workload.predicates)
    places = {change.place for change in kept}
    changes: dict[str, Change] = {}
    for name, share in large:
        together = list(shares_of(schema, wanted, {name}))
        alone = [found for each in wanted for found in shares_of(schema, [each], {name}) if found.share > most]
        for found in [*together, *alone]:  # alone: a statement that asks for each part of a column at another place
            place = f"{found.table.key}.{found.column.name}"
            if place not in places or place in changes:
                continue
            own = replace(found, sources=tuple(each for each in found.sources if each[0] == name))
            change = own.change(found.share * most * 0.8 / share, f"{name} selects {share:.0%} of its largest table.")
            if change is not None:
                changes[place] = change
    dates = [change for change in lessen_dates(schema, wanted, large) if change.place not in changes]
    return [*changes.values(), *dates]
