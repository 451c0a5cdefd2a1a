"""The plan of a query as a tree of steps: what DuckDB does, with the rows it expects, and counts when it ran.

It comes from `EXPLAIN (FORMAT JSON)`, which goes through the checks, the sandbox and the limits of every query.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.errors import QueryError
from engine.warehouse.querying.parse_tree import EXPLAIN

_HIDDEN_STEPS = frozenset({"RESULT_COLLECTOR", "EXPLAIN_ANALYZE"})
_ESTIMATE = "Estimated Cardinality"
_NOT_SHOWN = frozenset({_ESTIMATE, "Type", "Dynamic Filters"})


@dataclass(frozen=True)
class PlanStep:
    """A step of a plan, after its `inputs`.

    `estimated_rows` is what DuckDB expects. `rows` and `seconds`, of all threads together, are None if the query did
    not run.
    """

    name: str
    details: tuple[tuple[str, str], ...]
    estimated_rows: int | None
    rows: int | None
    seconds: float | None
    inputs: tuple[PlanStep, ...]


@dataclass(frozen=True)
class QueryPlan:
    """The plan of a query; its last `step` returns the rows."""

    step: PlanStep
    is_analyzed: bool

    def __str__(self) -> str:
        return "\n".join(_lines(self.step, ""))

    @property
    def seconds(self) -> float:
        """The time of all steps; 0 when the query did not run."""
        return sum(step.seconds or 0.0 for step in _steps(self.step))


def explaining(sql: str, *, analyze: bool) -> str:
    """Return the text that asks for the plan of a query, one line longer; an EXPLAIN in it becomes blank."""
    begun = re.match(r"\s*", sql)
    start = 0 if begun is None else begun.end()
    asked = EXPLAIN.match(sql, start)
    end = start if asked is None else asked.end()
    blank = re.sub(r"\S", " ", sql[start:end])
    return f"EXPLAIN ({'ANALYZE, ' if analyze else ''}FORMAT JSON)\n{sql[:start]}{blank}{sql[end:]}"


def in_the_query(error: QueryError) -> QueryError:
    """Return an error of an explained query with its position in the query itself."""
    line = None if error.line is None else max(1, error.line - 1)
    return QueryError(error.message, line=line, column=error.column, caret=error.caret, hint=error.hint)


def read_plan(rows: Sequence[Sequence[Any]], *, analyze: bool) -> QueryPlan:
    """Return the plan in the result of an EXPLAIN in JSON."""
    found = json.loads(rows[0][1])
    steps = found["operator"] if isinstance(found, dict) else found
    return QueryPlan(_step(steps[0]), analyze)


def _step(node: Mapping[str, Any]) -> PlanStep:
    kind = str(node.get("type") or node.get("name")).strip()
    children = node.get("children") or ()
    if kind in _HIDDEN_STEPS and children:
        return _step(children[0])
    facts = node.get("extra_info") or {}
    estimate = str(facts.get(_ESTIMATE, ""))
    is_run = "timing" in node
    return PlanStep(
        kind.replace("_", " ").capitalize(),
        tuple((name, _text(name, fact)) for name, fact in facts.items() if name not in _NOT_SHOWN and fact),
        int(estimate) if estimate.isdecimal() else None,
        int(node["intermediate_rows"]) if is_run else None,
        float(node["timing"]) if is_run else None,
        tuple(_step(child) for child in children),
    )


def _text(name: str, fact: object) -> str:
    if isinstance(fact, list):
        return ", ".join(str(each) for each in fact)
    return str(fact).rpartition(".")[2] if name == "Table" else str(fact)


def _steps(step: PlanStep) -> list[PlanStep]:
    found, waiting = [], [step]
    while waiting:
        found.append(waiting.pop())
        waiting.extend(found[-1].inputs)
    return found


def _lines(step: PlanStep, indent: str) -> list[str]:
    rows = f"about {step.estimated_rows:,} rows" if step.estimated_rows is not None else ""
    if step.rows is not None and step.seconds is not None:
        rows = f"{step.rows:,} rows, {step.seconds * 1000:,.1f} ms"
    facts = "; ".join(f"{name}: {text}" for name, text in step.details)
    line = indent + " · ".join(filter(None, [step.name, rows, facts]))
    return [line, *(text for child in step.inputs for text in _lines(child, indent + "  "))]
