"""Object storage: bytes of a folder, objects that are never overwritten, and errors that say what to do.

The server is moto's, which does conditional writes and checks checksums. No test is without keys, as the search for
a machine's role would ask the network.
"""

import hashlib
import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import obstore
import pytest

import engine
from engine.errors import ConflictError, StorageError, WorkbenchError
from engine.export.object_access import StoreOptions, open_store, split_url
from engine.export.object_places import ObjectPlace
from engine.export.opening import open_place
from engine.export.places import LocalPlace, put_same
from tests.engine.export.test_exporting import StoppedError, bytes_of, stop_after

OPTIONS = {"seed": 5, "rows_per_file": 100}


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    urllib.request.urlopen(urllib.request.Request(f"{url}/lake", method="PUT")).close()
    yield url
    server.stop()


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch):
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")


def objects_of(place: ObjectPlace) -> dict[str, bytes]:
    return {name: place.read(name) for name in place.names()}


def test_an_export_has_the_bytes_of_a_folder_and_is_resumed(kin, endpoint: str, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    kin.export(tmp_path, **OPTIONS)
    place = open_place("s3://lake/a b/export")
    with pytest.raises(StoppedError):
        kin.export(place.url, progress=stop_after(4), **OPTIONS)
    stopped = objects_of(place)
    assert not {"_SUCCESS", "manifest.json", "load.sql"} & set(stopped)

    made = kin.export(place.url, resume=True, on="local", workers=1, **OPTIONS)

    found, local = objects_of(place), bytes_of(tmp_path)
    assert (made.url, made.made_files) == ("s3://lake/a b/export", 6)
    assert stopped.items() <= found.items()
    scripts = {"load.sql", "manifest.json"}  # they name the place
    assert found.keys() == local.keys()
    assert {name for name in found if found[name] != local[name]} <= scripts
    for file in json.loads(found["manifest.json"])["other_files"]:
        assert file["sha256"] == hashlib.sha256(found[file["name"]]).hexdigest()

    with engine.Workbench(tmp_path / "home") as workbench:
        whole = workbench.attach(place.url)
        assert whole.row_counts() == kin.row_counts() and whole.audit().passed
        few = workbench.attach(place.url, name="few", sample=0.1)
        assert few.audit().passed and few.row_counts()["Select"] == 50
        with pytest.raises(WorkbenchError, match="There is no export"):
            workbench.attach("s3://lake/elsewhere")

    with pytest.raises(
        ConflictError, match=r"The place has another export: kin as parquet, seed 5, 850 rows\. Its seed"
    ):
        kin.export(place.url, endpoint=endpoint, seed=6)
    with pytest.raises(ConflictError, match="The place is not empty: it has export/_SUCCESS, which is no export"):
        kin.export("s3://lake/a b", **OPTIONS)
    assert objects_of(place) == found


@pytest.mark.parametrize("format_name", ["csv.gz", "jsonl", "delta", "duckdb", "dbt"])
def test_other_formats_are_put_too(format_name: str, kin: engine.Experiment, endpoint: str, tmp_path: Path):
    options = {"format": format_name, "seed": 5, "tables": ["single", "Select"]}
    kin.export(tmp_path, **options)
    made = kin.export(f"s3://lake/{format_name}", endpoint=endpoint, **options)

    found = objects_of(ObjectPlace(made.url, StoreOptions(endpoint)))
    local = bytes_of(tmp_path)
    assert found.keys() == local.keys()
    assert all(
        found[name] == local[name] for name in found if name.startswith(("main/", "seeds/")) and "_log" not in name
    )


@pytest.mark.parametrize("kind", ["s3", "local"])
def test_an_object_is_created_once(kind: str, endpoint: str, tmp_path: Path):
    place = ObjectPlace("s3://lake/once", StoreOptions(endpoint)) if kind == "s3" else LocalPlace(tmp_path / "once")
    stored = place.put("a/ü b.txt", b"one")
    assert stored == put_same(place, "a/ü b.txt", b"one") == place.stat("a/ü b.txt")
    assert (stored.size_bytes, stored.sha256) == (3, hashlib.sha256(b"one").hexdigest())
    with pytest.raises(ConflictError, match="exists already"):
        place.put("a/ü b.txt", b"two")
    with pytest.raises(ConflictError, match="A file of the export has been changed"):
        put_same(place, "a/ü b.txt", b"two")
    file = tmp_path / "file"
    file.write_bytes(b"of a file")
    place.put("b", file)
    assert not file.exists()
    assert (sorted(place.names()), place.read("b"), place.stat("none")) == (["a/ü b.txt", "b"], b"of a file", None)


def test_an_object_of_another_program_is_read_for_its_checksum(endpoint: str):
    obstore.put(open_store("s3://lake/foreign", StoreOptions(endpoint)), "x", b"abc")
    found = ObjectPlace("s3://lake/foreign", StoreOptions(endpoint)).stat("x")
    assert found is not None
    assert (found.size_bytes, found.sha256) == (3, hashlib.sha256(b"abc").hexdigest())


def test_failures_say_what_where_and_what_to_do(endpoint: str, monkeypatch):
    with pytest.raises(StorageError, match=r's3://nobody/x: There is no bucket "nobody"\. Create it'):
        list(ObjectPlace("s3://nobody/x", StoreOptions(endpoint)).names())
    with pytest.raises(StorageError, match=r's3://nobody/x/a: There is no bucket "nobody"'):
        ObjectPlace("s3://nobody/x", StoreOptions(endpoint)).put("a", b"")
    with pytest.raises(StorageError, match=r"There is no connection to http://127\.0\.0\.1:9\. Check the network"):
        list(ObjectPlace("s3://lake/x", StoreOptions("http://127.0.0.1:9", retries=0)).names())
    refused = (
        "Error performing PUT http://h/lake/a - Server returned non-2xx status code: 403 Forbidden: AccessDenied",
        "The operation lacked the necessary privileges to complete for path a",
    )
    place = ObjectPlace("s3://lake/x", StoreOptions(endpoint))
    for text in refused:
        assert "Access was refused. Its keys or role need to list, read and create" in str(place._explain(text, "a"))
    with pytest.raises(StorageError, match="There is no such object"):
        place.read("none")


def test_gs_az_and_file_urls(monkeypatch, tmp_path: Path):
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", "account")
    azure = open_store("az://box/a/b", StoreOptions())
    assert (type(azure).__name__, azure.prefix, azure.config["account_name"]) == ("AzureStore", "a/b", "account")
    google = open_store("gs://lake/a", StoreOptions())
    assert (type(google).__name__, google.prefix, google.config["bucket"]) == ("GCSStore", "a", "lake")
    monkeypatch.delenv("AZURE_STORAGE_ACCOUNT_NAME")
    with pytest.raises(WorkbenchError, match="Set AZURE_STORAGE_ACCOUNT_NAME"):
        open_store("az://box/a", StoreOptions())
    local = open_place(f"file://{tmp_path}/a%20b")
    assert isinstance(local, LocalPlace)
    assert local.folder == tmp_path / "a b"
    assert split_url("s3://lake") == ("s3", "lake", "")
    for url in ("http://host/x", "s3:///x", "s3://lake/../x", "s3://user:secret@lake/x", "hdfs://a/b"):
        with pytest.raises(WorkbenchError, match="This is not the URL of a place") as caught:
            open_place(url)
        assert "secret" not in str(caught.value)


def test_keys_of_a_profile_are_found(monkeypatch, tmp_path: Path):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    (tmp_path / "credentials").write_text("[dev]\naws_access_key_id = k\naws_secret_access_key = s\n")
    (tmp_path / "config").write_text("[profile dev]\nregion = eu-west-1\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_PROFILE", "dev")
    config = open_store("s3://lake/x", StoreOptions()).config
    assert (config["access_key_id"], config["region"]) == ("k", "eu-west-1")
