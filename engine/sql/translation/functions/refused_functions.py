"""Functions that cannot be translated faithfully, each with the reason."""

from __future__ import annotations

_SPATIAL = "spatial data is not supported"
_SKETCH = "HyperLogLog and other sketches are not supported"
_HASH = "the warehouse's own hash is not published"
_MODEL = "models and external functions are not supported"
_SYSTEM = "this session has no warehouse"


def _map(reason: str, names: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), reason)


REDSHIFT = {
    **_map(_SKETCH, "HLL_CREATE_SKETCH HLL_CARDINALITY HLL_COMBINE HLL_COMBINE_SKETCHES"),
    **_map(_HASH, "CHECKSUM"),
    **_map(_MODEL, "EXPLAIN_MODEL PREDICT"),
    **_map(
        _SYSTEM,
        "CHANGE_SESSION_PRIORITY CHANGE_USER_PRIORITY DB_COLLATION",
    ),
    **_map(
        _SYSTEM,
        "PG_BACKEND_PID PG_LAST_COPY_ID PG_LAST_QUERY_ID PG_LAST_UNLOAD_ID SLICE_NUM HAS_TABLE_PRIVILEGE",
    ),
    **_map(
        _SYSTEM,
        "CHANGE_QUERY_PRIORITY CURRENT_AWS_ACCOUNT CURRENT_NAMESPACE CURRENT_SCHEMAS CURRENT_SESSION_ARN "
        "CURRENT_USER_ID DEFAULT_IAM_ROLE HAS_ASSUMEROLE_PRIVILEGE HAS_DATABASE_PRIVILEGE HAS_SCHEMA_PRIVILEGE "
        "LAST_USER_QUERY_ID USER_IS_MEMBER_OF ROLE_IS_MEMBER_OF INET_CLIENT_ADDR",
    ),
    **_map(
        _SYSTEM, "CURRENT_SETTING SET_CONFIG PG_CANCEL_BACKEND PG_TERMINATE_BACKEND REBOOT_CLUSTER PG_LAST_COPY_COUNT"
    ),
}
SNOWFLAKE = {
    **_map(_SKETCH, "HLL_ACCUMULATE HLL_COMBINE HLL_ESTIMATE HLL_EXPORT HLL_IMPORT MINHASH MINHASH_COMBINE"),
    **_map(
        _SKETCH,
        "APPROXIMATE_JACCARD_INDEX APPROXIMATE_SIMILARITY APPROX_TOP_K_ACCUMULATE",
    ),
    **_map(_SKETCH, "APPROX_PERCENTILE_ACCUMULATE APPROX_PERCENTILE_COMBINE APPROX_PERCENTILE_ESTIMATE"),
    **_map(_HASH, "HASH HASH_AGG"),
    **_map("Snowflake's random number generator is not published", "ZIPF"),
    **_map(_SKETCH, "APPROX_TOP_K_COMBINE APPROX_TOP_K_ESTIMATE"),
    **_map(_MODEL, "COMPLETE SENTIMENT SUMMARIZE EMBED_TEXT_768"),
    **_map(_SYSTEM, "CURRENT_SESSION CURRENT_STATEMENT CURRENT_TRANSACTION LAST_QUERY_ID"),
    **_map(
        _SYSTEM,
        "LAST_TRANSACTION RESULT_SCAN GET_DDL CURRENT_CLIENT CURRENT_IP_ADDRESS",
    ),
    **_map(
        _SYSTEM,
        "CURRENT_ACCOUNT_NAME CURRENT_AVAILABLE_ROLES CURRENT_ORGANIZATION_NAME CURRENT_ROLE_TYPE CURRENT_SCHEMAS "
        "CURRENT_SECONDARY_ROLES GET_OBJECT_REFERENCES IS_GRANTED_TO_INVOKER_ROLE IS_ROLE_IN_SESSION EXPLAIN_JSON",
    ),
    **_map(_SYSTEM, "SANITIZE_WEBHOOK_CONTENT GET_ABSOLUTE_PATH GETVARIABLE INVOKER_SHARE CURRENT_ORGANIZATION_USER"),
    **_map(_SYSTEM, "ALL_USER_NAMES ALERT_HISTORY IS_DATABASE_ROLE_IN_SESSION MODEL_MONITOR_DRIFT_METRIC INFER_SCHEMA"),
    **_map("full-text search is not supported", "SEARCH SEARCH_IP"),
    **_map(_MODEL, "PROMPT TRY_COMPLETE CLASSIFY_TEXT EXTRACT_SEMANTIC_CATEGORIES GENERATE_COLUMN_DESCRIPTION"),
    **_map(_SYSTEM, "GET_PRESIGNED_URL BUILD_STAGE_FILE_URL BUILD_SCOPED_FILE_URL GET_STAGE_LOCATION INVOKER_ROLE"),
    **_map("encryption is not supported", "ENCRYPT DECRYPT ENCRYPT_RAW DECRYPT_RAW TRY_DECRYPT TRY_DECRYPT_RAW"),
    **_map("compression is not supported", "COMPRESS DECOMPRESS_BINARY DECOMPRESS_STRING"),
    **_map("XML is not supported", "PARSE_XML XMLGET TO_XML CHECK_XML"),
    **_map(_SPATIAL, "TO_GEOGRAPHY TO_GEOMETRY TRY_TO_GEOGRAPHY TRY_TO_GEOMETRY"),
}


def reason_for(name: str, known: dict[str, str]) -> str | None:
    """Return why a function is refused, None if it is not; families (ST_, H3_, VECTOR_) are refused as a whole."""
    if name in known:
        return known[name]
    if name.startswith(("ST_", "H3_", "GEOMETRYTYPE", "GEO_", "ADDBBOX", "DROPBBOX", "SUPPORTSBBOX")):
        return _SPATIAL
    if name.startswith("AI_"):
        return _MODEL
    if name.startswith("VECTOR_"):
        return "vectors are not supported"
    if name.startswith(("SYSTEM$", "PG_", "SVL_", "STL_")) and name != "PG_TYPEOF":
        return _SYSTEM
    return None
