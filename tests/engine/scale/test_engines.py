"""Ray and Spark make the bytes of one process. Each needs its extra; a session serves all tests."""

import importlib.util
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import engine
from engine.errors import WorkbenchError
from tests.engine.scale.conftest import OPTIONS, SEED, bytes_of, hashes_of

pytestmark = pytest.mark.filterwarnings("ignore")
HAS_RAY = importlib.util.find_spec("ray") is not None
HAS_SPARK = importlib.util.find_spec("pyspark") is not None and shutil.which("java") is not None


class ConnectedSession:
    """A session of Spark as Spark Connect has it: with frames, and without a context."""

    def __init__(self, session: Any) -> None:
        self._session = session

    def __getattr__(self, name: str) -> Any:
        if name == "sparkContext":
            raise NotImplementedError(name)
        return getattr(self._session, name)


@pytest.fixture(scope="module", params=["ray", "spark", "spark connect"])
def on(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A session with two workers: Ray's by its name, as it is that of the process; Spark's itself."""
    if request.param == "ray":
        if not HAS_RAY:
            pytest.skip("needs the extra ray")
        import ray

        from engine.scale.on_ray import RayExecutor

        RayExecutor("ray", 2)
        yield "ray"
        ray.shutdown()
        return
    if not HAS_SPARK:
        pytest.skip("needs the extra spark and Java")
    from engine.scale.on_spark import SparkExecutor

    executor = SparkExecutor("spark", 2)
    yield executor._session if request.param == "spark" else ConnectedSession(executor._session)
    executor.close()


def test_an_engine_makes_the_bytes_of_one_process_and_another_cut_has_the_same_rows(on, kin, alone, tmp_path: Path):
    made = kin.export(tmp_path / "a", on=on, workers=2, **OPTIONS)
    kin.export(tmp_path / "b", on=on, workers=2, seed=SEED, rows_per_file=170, codec="zstd")

    assert made.made_files == 10
    assert bytes_of(tmp_path / "a") == alone
    assert hashes_of(bytes_of(tmp_path / "b")) == hashes_of(alone)


def test_an_error_of_a_worker_is_the_error_of_the_export(on, kin: engine.Experiment, tmp_path: Path):
    target = tmp_path / "hr/people/part-0000000.parquet"

    def spoil(progress):
        others = [p for p in tmp_path.rglob("part-*.parquet") if "people" in p.parts]
        if progress.files == 1 and others:
            (tmp_path / "main/single").mkdir(parents=True)
            (tmp_path / "main/single/part-0000000.parquet").write_bytes(b"other")

    with pytest.raises(WorkbenchError, match="A file of the export has been changed"):
        kin.export(tmp_path, on=on, workers=1, progress=spoil, **OPTIONS)
    assert target.exists()
    assert not (tmp_path / "_SUCCESS").exists()


@pytest.mark.skipif(HAS_RAY and HAS_SPARK, reason="both are installed")
def test_an_engine_that_is_not_installed_names_its_extra(kin: engine.Experiment, tmp_path: Path):
    for name, is_there in (("ray", HAS_RAY), ("spark", importlib.util.find_spec("pyspark") is not None)):
        if not is_there:
            with pytest.raises(WorkbenchError, match=rf"pip install 'dw-simulator\[{name}\]'"):
                kin.export(tmp_path / name, on=name, seed=SEED)
            assert not (tmp_path / name).exists()
