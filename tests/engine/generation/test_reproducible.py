"""The same values on every machine: pinned digests, whatever the threads, the chunks and the processor can do."""

import json
import os
import subprocess
import sys

import pytest

from tests.engine.generation.digests import ROWS, digests

GOLDEN = {
    "ecommerce": {
        "customers": "14fbd9b9e9819871",
        "categories": "1e999c19545cd0f5",
        "products": "9ccf771f5ccf8df6",
        "orders": "56657fd4e03838cb",
        "order_items": "88aa5214304d9b84",
        "payments": "365f5e8cb3520482",
        "reviews": "d769e0ff9ebdbe1e",
    },
    "saas": {
        "plans": "d56417b260c436c9",
        "accounts": "5cc3fbc47ef79a74",
        "users": "64c48a1a8f7dce49",
        "subscriptions": "dbb49b354191a5d9",
        "invoices": "175b414d5842bd4d",
        "events": "655ea129e266bb63",
    },
}
OLD_PROCESSOR = "AVX2 FMA3 AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR X86_V3 X86_V4"


@pytest.mark.parametrize("sample", ["ecommerce", "saas"])
@pytest.mark.parametrize("chunk_rows", [ROWS, 1_000, 701])
def test_pinned_digests(sample, chunk_rows):
    assert digests(sample, chunk_rows) == GOLDEN[sample]


def test_another_process_makes_the_same():
    """One thread, an older processor and another hash seed, all at once: the values depend on none of them."""
    older = {"NPY_DISABLE_CPU_FEATURES": OLD_PROCESSOR, "POLARS_SKIP_CPU_CHECK": "1", "OPENBLAS_CORETYPE": "Nehalem"}
    environment = {"POLARS_MAX_THREADS": "1", "PYTHONHASHSEED": "7", **older}
    command = [sys.executable, "-W", "ignore", "-m", "tests.engine.generation.digests", str(ROWS)]
    answer = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=True)
    assert json.loads(answer.stdout) == GOLDEN
