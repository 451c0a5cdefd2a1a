"""Session functions: the current time, user, database and version."""

from __future__ import annotations

from sqlglot import exp

from engine.sql.translation.tree.nodes import (
    cast,
    current_day,
    current_timestamp,
    text,
)
from engine.sql.translation.tree.translator import Context, Rewrite
from engine.sql.translation.tree.value_types import (
    TIME,
    TIMESTAMP,
)


def now(node: exp.Expr, context: Context) -> exp.Expr:
    """Translate SYSDATE, CURRENT_TIMESTAMP and LOCALTIMESTAMP without parentheses; all clocks are UTC.

    https://docs.aws.amazon.com/redshift/latest/dg/r_SYSDATE.html
    """
    return cast(current_timestamp(), TIMESTAMP) if node.args.get("sysdate") else current_timestamp()


def today(node: exp.Expr, context: Context) -> exp.Expr:
    """Translate CURRENT_DATE."""
    return current_day()


def clock(node: exp.Expr, context: Context) -> exp.Expr:
    """Translate CURRENT_TIME."""
    return cast(cast(current_timestamp(), TIMESTAMP), TIME)


def session_name(value: str) -> Rewrite:
    """Return the rewrite of a function for the session's user, role, database or schema."""

    def rewrite(node: exp.Expr, context: Context) -> exp.Expr:
        context.note(f'This session has no users, roles or databases: "{value}" is a stand-in.')
        return text(value)

    return rewrite


def database_name(node: exp.Expr, context: Context) -> exp.Expr:
    """Translate CURRENT_DATABASE() as the experiment's name; Snowflake shows names in upper case.

    https://docs.aws.amazon.com/redshift/latest/dg/r_CURRENT_DATABASE.html
    https://docs.snowflake.com/en/sql-reference/functions/current_database
    """
    name = context.catalog.current
    if name is None:
        return session_name("database")(node, context)
    return text(name.upper() if context.is_snowflake else name.lower())


def schema_name(node: exp.Expr, context: Context) -> exp.Expr:
    """Translate CURRENT_SCHEMA() as the warehouse's default schema.

    https://docs.aws.amazon.com/redshift/latest/dg/r_CURRENT_SCHEMA.html
    https://docs.snowflake.com/en/sql-reference/functions/current_schema
    """
    return text("PUBLIC" if context.is_snowflake else "public")


def version(node: exp.Expr, context: Context) -> exp.Expr:
    """Translate VERSION() as a cluster shows it, without the build, and CURRENT_VERSION() as a Snowflake version.

    https://docs.aws.amazon.com/redshift/latest/dg/r_VERSION.html
    https://docs.snowflake.com/en/sql-reference/functions/current_version
    """
    if context.is_snowflake:
        context.note("This session has no warehouse: CURRENT_VERSION() returns a past Snowflake version.")
        return text("9.38.1")
    context.note("This session has no cluster: VERSION() returns the PostgreSQL version that Redshift shows.")
    return text("PostgreSQL 8.0.2, Redshift 1.0")


REWRITES: dict[str, Rewrite] = {
    "CURRENT_USER": session_name("user"),
    "CURRENT_DATABASE": database_name,
    "CURRENT_SCHEMA": schema_name,
}
REDSHIFT_REWRITES: dict[str, Rewrite] = {"VERSION": version}
SNOWFLAKE_REWRITES: dict[str, Rewrite] = {
    "CURRENT_VERSION": version,
    "CURRENT_ROLE": session_name("role"),
    "CURRENT_WAREHOUSE": session_name("warehouse"),
    "CURRENT_ACCOUNT": session_name("account"),
    "CURRENT_REGION": session_name("region"),
}
