"""What reading a workload finds: statements, the literals and joins that they ask for, and what running them gives.

Tables and columns are spelled as the schema spells them. Lines count from 1 in the file of the statement.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Literal

LiteralValue = str | int | Decimal | bool | date | datetime | time
"""A value that a query states: whole numbers as int, other numbers as Decimal, dates and times as such where they were
written or computed as such (`date '2000-01-01' + 30`). A text that is compared with a date stays a text."""

PredicateOperator = Literal[
    "=",
    "<>",
    "<",
    "<=",
    ">",
    ">=",
    "in",
    "not in",
    "between",
    "not between",
    "like",
    "not like",
    "ilike",
    "not ilike",
    "is null",
    "regexp",
    "not regexp",
    "is not null",
]

PredicatePlace = Literal["where", "on", "having", "case", "select"]
"""Where a predicate stands: those in "case" and "select" make values, and filter no rows by themselves."""

StatementState = Literal["runs", "does not run", "not understood"]

CoverageState = Literal["finds rows", "only the empty-input row", "empty", "does not run", "not understood"]


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A value that a statement leaves open: `:year`, `?`, `$1`, `[DATE_FROM]`, `{{ var('x') }}`."""

    name: str
    """As values are given for it: `year`, `1` for the first `?` or `$1`, `DATE_FROM`, `x`."""

    text: str
    """As it is written."""

    line: int
    is_given: bool
    """False if no value was given: the statement then does not run."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a workload."""

    name: str
    """The path in the folder, and its number if the file has several: `sales/q07.sql`, `reports.sql #3`."""

    file: str
    number: int
    """From 1, in its file."""

    line: int
    """Of its first word, in its file."""

    text: str
    """As it is written."""

    sql: str
    """As it runs: placeholders and templates replaced, views of the workload put in front as CTEs. A view's own
    statement runs as the query that it stands for."""

    state: StatementState = "runs"
    """As far as reading tells: "runs" is a query that parses; "does not run" is no query, or one that lacks a value."""

    reason: str | None = None
    """Why it does not run or is not understood."""

    placeholders: tuple[Placeholder, ...] = ()
    prefix_lines: int = 0
    """The number of line breaks that the views in front of `sql` have."""

    view: str | None = None
    """The name under which other statements use this one: CREATE VIEW, or the stem of a dbt model."""


@dataclass(frozen=True, slots=True)
class Step:
    """One function between a column and the literal that it is compared with.

    Names are lower case, arguments are literals: `substring (1, 5)`, `left (2)`, `right (2)`, `upper`, `lower`,
    `trim`, `year`, `month`, `day`, `quarter`, `week`, `weekday` (0 is Sunday), `hour`, `date_trunc ("month",)`,
    `cast ("date",)`, `abs`, `round`, `concat ("", "-suffix")` with what is put before and after, `add (3,)`,
    `multiply (2,)`, `coalesce ("x",)`; aggregates: `sum`, `avg`, `count`, `min`, `max`. Any other function has its
    own name, and arguments that are no literals are None.
    """

    name: str
    arguments: tuple[LiteralValue | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Predicate:
    """A column of a base table compared with literals. One that UNION takes from several tables gives one for each."""

    table: str
    column: str
    operator: PredicateOperator
    values: tuple[LiteralValue, ...]
    """One; two for BETWEEN; one or more for IN; none for IS NULL."""

    path: tuple[Step, ...]
    """The functions around the column, the innermost first; empty for the column itself."""

    line: int
    statement: str
    """The statement's name."""

    place: PredicatePlace = "where"
    is_alternative: bool = False
    """It stands under an OR, so rows may be found without it."""

    is_negated: bool = False
    """It stands under a NOT that is not part of its operator (NOT EXISTS, NOT (a OR b)), or right of EXCEPT: rows
    for which it holds are excluded."""

    group: int = 0
    """Predicates of one statement with one number hold for one row of one occurrence of the table together."""

    @property
    def is_aggregated(self) -> bool:
        """Whether it compares an aggregate of many rows, not a value of one."""
        return any(step.name in AGGREGATES for step in self.path)


AGGREGATES = frozenset({"sum", "avg", "count", "min", "max", "stddev", "variance", "median"})


@dataclass(frozen=True, slots=True)
class Join:
    """Columns of two base tables that a statement sets equal; several columns if several belong together."""

    table: str
    columns: tuple[str, ...]
    other_table: str
    other_columns: tuple[str, ...]
    """In the order of `columns`. Which of the two tables is the parent is not known here."""

    line: int
    statement: str
    kind: Literal["join", "in", "exists", "set"] = "join"
    """`join`: WHERE or ON; `in`: IN (SELECT ...); `exists`: the condition of an EXISTS with the query around it; `set`:
    columns at one position of INTERSECT or EXCEPT."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A part of a statement that was not understood, so nothing is known of it."""

    statement: str
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Workload:
    """Statements and what they ask for."""

    statements: tuple[Statement, ...]
    predicates: tuple[Predicate, ...] = ()
    joins: tuple[Join, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class StatementCoverage:
    """What one statement found on the loaded data."""

    statement: Statement
    state: CoverageState
    rows: int
    """Rows of the result, counted by running it; at most the limit of rows that was asked for."""

    is_cut: bool
    """The result had more rows than were counted."""

    seconds: float
    largest_table: str | None
    """The largest table that it reads."""

    share: float | None
    """The part of that table's rows that its own predicates select, 0 to 1; None if it could not be counted."""

    reason: str | None = None
    """Why it does not run, or is not understood."""
