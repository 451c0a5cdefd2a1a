"""The progress of a run that is half done, with a table that has no rows."""

from engine import RunProgress, RunStatus, TableProgress

HALF = RunProgress(
    run_id=1,
    status=RunStatus.RUNNING,
    phase="generating",
    tables=(
        TableProgress("orders", 1_000, 2_000, 500.0, 2.0),
        TableProgress('"a<b"', 0, 0, 0.0, None),
    ),
    rows_done=1_000,
    rows_total=2_000,
    rows_per_second=500.0,
    seconds_left=2.0,
    fraction=0.5,
)
