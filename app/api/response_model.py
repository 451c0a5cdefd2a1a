"""Base of the response models of the routes, as OpenAPI describes them.

Most are read from the engine's records by attribute (`model_validate`); only the attributes that a model lists are
exposed.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class ResponseModel(BaseModel):
    """Base of the responses: read from a record by attribute, with field docstrings as descriptions."""

    model_config = ConfigDict(from_attributes=True, use_attribute_docstrings=True)
