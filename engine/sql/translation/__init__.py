"""Query translation: a SELECT in a warehouse's dialect as DuckDB's, with the places of its names in the user's text.

The way of a query: `grammar` reads it, `queries` walks it from the innermost source outwards with the types of all
columns known, `rules` say which rewrite belongs to which node, `functions` what each function means, and `writing`
writes it down. What has no faithful answer is refused by name and place.
"""

from __future__ import annotations

from engine.sql.translation.pipeline import DIALECTS, translate
from engine.sql.translation.reading.variables import Variables, texts_in
from engine.sql.translation.translated import Translation

__all__ = ["DIALECTS", "Translation", "Variables", "texts_in", "translate"]
