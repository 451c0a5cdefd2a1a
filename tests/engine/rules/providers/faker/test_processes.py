"""The same values in another process with another order of sets and another time zone."""

import json
import os
import subprocess
import sys

from tests.engine.rules.building import values_of

FAKER = ("passport_gender", "passport_full", "passport_dates", "time_series", "pyset", "zip", "date_time", "unix_time")
MIMESIS = ("cryptographic.jwt", "datetime.timestamp", "internet.query_parameters", "internet.query_string")


def values() -> dict[str, list[str]]:
    drawn = {rule: values_of(4, data_type="VARCHAR(99)", faker_rule=rule) for rule in FAKER}
    drawn |= {rule: values_of(4, data_type="VARCHAR(99)", mimesis_rule=rule) for rule in MIMESIS}
    return {rule: list(map(str, texts)) for rule, texts in drawn.items()}


def test_another_process_makes_the_same():
    environment = {**os.environ, "PYTHONHASHSEED": "5", "TZ": "Asia/Tokyo"}
    command = [sys.executable, "-W", "ignore", "-m", "tests.engine.rules.providers.faker.test_processes"]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert json.loads(answer.stdout) == values()


if __name__ == "__main__":
    print(json.dumps(values()))
