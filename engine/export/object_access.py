"""Object storage by URL: `s3://bucket/folder`, `gs://bucket/folder`, `az://container/folder`.

Credentials are found as the SDKs of the clouds find them: variables such as AWS_ACCESS_KEY_ID, AWS_PROFILE and
the shared files of AWS (with boto3, if it is installed, also sign-in sessions and roles), web identities, and the roles
of machines and containers; GOOGLE_APPLICATION_CREDENTIALS and the defaults of gcloud; AZURE_STORAGE_ACCOUNT_NAME with a
key, a client or a managed identity. None is ever written.
"""

from __future__ import annotations

import configparser
import os
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import WorkbenchError

if TYPE_CHECKING:
    from obstore.store import ObjectStore

SCHEMES = ("s3", "gs", "az")
_URL = re.compile(r"(s3|gs|az)://([\w.\-]+)(?:/(.*))?")
_RETRY_SECONDS = 180
_MAX_RETRIES = 20
_REGION = "us-east-1"
_KEYS = {
    "aws_access_key_id": "access_key_id",
    "aws_secret_access_key": "secret_access_key",
    "aws_session_token": "token",
}


@dataclass(frozen=True)
class StoreOptions:
    """How object storage is reached: the URL of its service if it is not the cloud's own, and retries of a request."""

    endpoint: str = ""
    retries: int = 10

    def __post_init__(self) -> None:
        if self.endpoint and not re.fullmatch(r"https?://[^\s@]+", self.endpoint):
            # Not repeated in the message: it may have a password.
            raise WorkbenchError(
                "This is not the URL of a storage service.", where="endpoint", hint="It looks like http://host:9000."
            )
        retries = self.retries
        if isinstance(retries, bool) or not isinstance(retries, int) or not 0 <= retries <= _MAX_RETRIES:
            raise WorkbenchError("It is not a number of retries.", where="retries", hint=f"Use 0 to {_MAX_RETRIES}.")


def is_object_url(place: str) -> bool:
    """Return whether a place is a URL, of any scheme but `file`."""
    return "://" in place and not place.startswith("file://")


def split_url(url: str) -> tuple[str, str, str]:
    """Return scheme, bucket and folder of a URL; raises `WorkbenchError` for one that is not of object storage."""
    match = _URL.fullmatch(url)
    folder = match[3].strip("/") if match and match[3] else ""
    if match is None or any(part in ("", ".", "..") for part in folder.split("/") if folder):
        hint = "Use a folder, or s3://bucket/folder, gs://bucket/folder or az://container/folder."
        raise WorkbenchError("This is not the URL of a place.", where=_without_secret(url), hint=hint)
    return match[1], match[2], folder


def open_store(url: str, options: StoreOptions) -> ObjectStore:
    """Open the storage of a URL; nothing is sent yet."""
    from obstore.store import AzureStore, GCSStore, S3Store

    scheme, bucket, folder = split_url(url)
    endpoint = options.endpoint or _endpoint(scheme)
    shared: dict[str, Any] = {
        "prefix": folder or None,
        "client_options": {"allow_http": endpoint.startswith("http://"), "timeout": f"{_RETRY_SECONDS}s"},
        "retry_config": {"max_retries": options.retries, "retry_timeout": timedelta(seconds=_RETRY_SECONDS)},
    }
    if scheme == "gs":
        config = {"base_url": endpoint} if endpoint else {}
        return GCSStore(bucket, config=config, **shared)  # type: ignore[arg-type]
    if scheme == "az":
        if endpoint:
            shared["endpoint"] = endpoint
        account = os.environ.get("AZURE_STORAGE_ACCOUNT_NAME")
        if not account:
            raise WorkbenchError("The storage account is not known.", where=url, hint="Set AZURE_STORAGE_ACCOUNT_NAME.")
        return AzureStore(bucket, account_name=account, **shared)
    if endpoint:
        shared["endpoint"] = endpoint
    # The service refuses an object that does not have the checksum that was computed here.
    return S3Store(bucket, checksum_algorithm="SHA256", **shared, **_s3_identity())


def _endpoint(scheme: str) -> str:
    names = {"s3": ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"), "gs": ("GOOGLE_BASE_URL",), "az": ("AZURE_ENDPOINT",)}
    return next((os.environ[name] for name in names[scheme] if os.environ.get(name)), "")


def _s3_identity() -> dict[str, Any]:
    """Return region and keys, unless variables or the machine itself have them."""
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    if os.environ.get("AWS_ACCESS_KEY_ID") or os.environ.get("AWS_WEB_IDENTITY_TOKEN_FILE"):
        return {"region": region or _REGION}
    profile = os.environ.get("AWS_PROFILE") or "default"
    found = _shared_file("AWS_CONFIG_FILE", "config", profile if profile == "default" else f"profile {profile}")
    keys = _shared_file("AWS_SHARED_CREDENTIALS_FILE", "credentials", profile)
    region = region or found.get("region") or keys.get("region") or _REGION
    named = {ours: value for name, ours in _KEYS.items() if (value := keys.get(name) or found.get(name))}
    if "access_key_id" in named:
        return {"region": region, **named}
    if found or keys:  # a role or a sign-in session, which boto3 knows how to use
        try:
            from obstore.auth.boto3 import Boto3CredentialProvider
        except ImportError:
            hint = "Install boto3, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
            raise WorkbenchError("The AWS profile has no keys.", where=profile, hint=hint) from None
        try:
            return {"region": region, "credential_provider": Boto3CredentialProvider()}
        except ValueError:  # a profile of settings only
            return {"region": region}
    return {"region": region}


def _shared_file(variable: str, name: str, section: str) -> dict[str, str]:
    path = Path(os.environ.get(variable) or Path.home() / ".aws" / name).expanduser()
    parser = configparser.RawConfigParser()
    try:
        parser.read(path, encoding="utf-8")
    except (configparser.Error, OSError, UnicodeDecodeError):
        return {}
    return dict(parser[section]) if parser.has_section(section) else {}


def _without_secret(url: str) -> str:
    return re.sub(r"//[^/]*@", "//...@", url).partition("?")[0]
