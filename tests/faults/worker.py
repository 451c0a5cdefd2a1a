"""A process that changes an experiment until it is killed: `python -m tests.faults.worker HOME ACTION SEED`."""

import sys
from pathlib import Path

import engine
from engine.settings import Settings

SHOP = {
    "name": "shop",
    "tables": [
        {
            "name": "customers",
            "target_rows": 3000,
            "columns": [
                {"name": "customer_id", "data_type": "INT", "is_unique": True},
                {"name": "city", "data_type": "VARCHAR(20)", "values": ["Oslo", "Bergen"]},
            ],
        },
        {
            "name": "orders",
            "target_rows": 20_000,
            "columns": [
                {"name": "order_id", "data_type": "INT", "is_unique": True},
                {
                    "name": "customer_id",
                    "data_type": "INT",
                    "foreign_key": {"references_table": "customers", "references_column": "customer_id"},
                },
                {"name": "amount", "data_type": "DECIMAL(8,2)", "min_value": 1, "max_value": 99},
            ],
        },
    ],
}


def opened(home: Path) -> engine.Workbench:
    return engine.Workbench(settings=Settings(home=home, chunk_rows=1000, threads=1))


def quietly(progress: engine.RunProgress) -> None:
    pass


def act(workbench: engine.Workbench, action: str, seed: int) -> None:
    match action:
        case "generate":
            workbench["shop"].generate(seed=seed, progress=quietly)
        case "load":
            workbench["shop"].load(1)
        case "reset":
            workbench["shop"].reset()
        case "delete":
            workbench.delete("shop")
        case "create":
            workbench.create(SHOP, name="other")
        case "resume":
            shop = workbench["shop"]
            for run in shop.runs():
                if run.status in ("ABORTED", "FAILED"):
                    shop.resume(run.id, progress=quietly)
        case _:
            raise ValueError(action)


if __name__ == "__main__":
    with opened(Path(sys.argv[1])) as workbench:
        print("ready", flush=True)
        sys.stdin.readline()
        act(workbench, sys.argv[2], int(sys.argv[3]))
        print("done", flush=True)
