"""What the fields of models are made of: names, numbers and texts within their limits; and the base of all models."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic.annotated_handlers import GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError

from engine.schema import limits
from engine.schema.field_documentation import field_documentation

if TYPE_CHECKING:
    from pydantic.json_schema import JsonSchemaValue


def serialize_number(value: Decimal) -> int | float | str:
    """Return a decimal as a JSON number if that is lossless, else as text."""
    if value == value.to_integral_value():
        return int(value)
    return float(value) if Decimal(repr(float(value))) == value else str(value)


def reject_huge_number(value: Any) -> Any:
    """Reject a number that is too large to compute with, also as text."""
    fault = limits.number_fault(value)
    if isinstance(value, str) and not fault:
        try:
            fault = limits.number_fault(Decimal(value))
        except InvalidOperation:  # not a number: the type reports it
            fault = ""
    if fault:
        raise PydanticCustomError("limit", "{fault}", {"fault": fault})
    return value


def write_exact_decimals(rows: Any) -> Any:
    """Return rows in which a decimal that a double cannot hold is a text, as JSON's reader gives fractions exactly."""
    if not isinstance(rows, list):
        return rows
    written: list[Any] = []
    for row in rows:
        if isinstance(row, dict):
            written.append({name: _write_exact(cell) for name, cell in row.items()})
        else:
            written.append([_write_exact(cell) for cell in row] if isinstance(row, list) else row)
    return written


def _write_exact(cell: Any) -> Any:
    return serialize_number(cell) if isinstance(cell, Decimal) and cell.is_finite() else cell


def reject_unstorable_text(value: Any) -> Any:
    """Reject a text that cannot be stored."""
    if isinstance(value, str) and (fault := limits.text_fault(value)):
        raise PydanticCustomError("unstorable", "{fault}", {"fault": fault})
    return value


Computable = BeforeValidator(reject_huge_number)
Storable = BeforeValidator(reject_unstorable_text)
Number = Annotated[
    Decimal,
    Computable,
    PlainSerializer(serialize_number, return_type=int | float | str, when_used="json"),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}]}),
]
Scalar = bool | int | float | Annotated[str, Field(max_length=limits.MAX_VALUE)]
Cell = Scalar | None
Row = list[Cell] | dict[str, Cell]
Parameter = Annotated[float, Field(ge=-limits.MAX_PARAMETER, le=limits.MAX_PARAMETER)]
Name = Annotated[str, Field(max_length=limits.MAX_NAME), Storable]
TableName = Annotated[str, Field(max_length=2 * limits.MAX_NAME + 1), Storable]
RuleName = Annotated[str, Field(max_length=limits.MAX_RULE_NAME), Storable]
Locale = Annotated[str, Field(max_length=limits.MAX_LOCALE), Storable]
Comment = Annotated[str, Field(max_length=limits.MAX_COMMENT), Storable]
Condition = Annotated[str, Field(max_length=limits.MAX_EXPRESSION), Storable]
Check = Annotated[str, Field(min_length=1, max_length=limits.MAX_EXPRESSION), Storable]
KeyColumns = Annotated[list[Name], Field(max_length=limits.MAX_KEY_COLUMNS)]
Fraction = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[float, Field(ge=0, le=limits.MAX_PARAMETER)]


class Model(BaseModel):
    """A part of a schema: no unknown keys, no changes; a copy with changed fields does not keep what was cached."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        found = handler(core_schema)
        properties = handler.resolve_ref_schema(found).get("properties", {})
        for name, text in field_documentation(cls).items():
            if name in properties:
                properties[name].setdefault("description", text)
        return found

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy with changed fields, without the values cached from the old fields."""
        copied = super().model_copy(update=update, deep=deep)
        for name in copied.__dict__.keys() - type(self).model_fields.keys():
            del copied.__dict__[name]
        return copied
