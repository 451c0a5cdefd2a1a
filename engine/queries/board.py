"""The board of an experiment: saved queries shown as charts and tables, computed from what is loaded now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import ConflictError, NotFoundError, WorkbenchError, did_you_mean
from engine.queries.board_cells import BoardCell
from engine.queries.board_page import board_body, board_page
from engine.queries.home_queries import Querying
from engine.queries.saved_queries import ExperimentQueries
from engine.store.catalog import Catalog
from engine.store.query_rows import SavedQuery
from engine.store.workplace_rows import BoardItem
from engine.system.user_files import check_target, write_user_file
from engine.warehouse.querying.handle import QueryHandle
from engine.warehouse.querying.page import Page

MAX_WIDTH = 3
"""The columns of the board's grid."""

MAX_ITEMS = 60
VIEWS = ("chart", "table")
SHOWN_ROWS = 10_000


@dataclass(frozen=True)
class Board:
    """The board of one experiment; a saved query that is deleted leaves it."""

    catalog: Catalog
    querying: Querying
    experiment: str

    @property
    def items(self) -> list[BoardItem]:
        """What is on the board, in order: `.query`, `.view`, `.width`."""
        return self.catalog.board_items(self.experiment)

    def pin(self, query: str, view: str | None = None, *, width: int = 1) -> BoardItem:
        """Put a saved query on the board, last, and return the item; one that is there gets the width.

        `view` is "chart" or "table", by default what the query was saved with; `width` is 1 to 3 columns. Raises
        `NotFoundError` for a query that is not saved, and `ConflictError` on a full board.
        """
        saved = ExperimentQueries(self.catalog, self.experiment).saved_query(query)
        item = BoardItem(
            saved.name, _checked_view(view or ("chart" if saved.view in ("chart", "both") else "table")), 1
        )
        item = replace(item, width=_checked_width(width))

        def put(items: list[BoardItem]) -> list[BoardItem]:
            if any(_is(other, item) for other in items):
                return [item if _is(other, item) else other for other in items]
            if len(items) >= MAX_ITEMS:
                raise ConflictError(f"The board is full: it has {MAX_ITEMS} items.", hint="Unpin one first.")
            return [*items, item]

        self.catalog.change_board(self.experiment, put)
        return item

    def unpin(self, query: str, view: str | None = None) -> None:
        """Take a saved query off the board, in one view or in both; raises `NotFoundError` when it is not there."""
        self._change(query, view, lambda items, found: [item for item in items if item not in found])

    def resize(self, query: str, width: int, view: str | None = None) -> None:
        """Set the width of an item, 1 to 3 columns."""
        checked = _checked_width(width)
        self._change(
            query,
            view,
            lambda items, found: [replace(item, width=checked) if item in found else item for item in items],
        )

    def move(self, query: str, position: int, view: str | None = None) -> None:
        """Move an item to a position, counted from 1; beyond the end it becomes the last."""
        if position < 1:
            raise WorkbenchError(f"The position {position} is below 1.", hint="The first position is 1.")

        def moved(items: list[BoardItem], found: list[BoardItem]) -> list[BoardItem]:
            others = [item for item in items if item not in found]
            return [*others[: position - 1], *found, *others[position - 1 :]]

        self._change(query, view, moved)

    def cells(self, *, handle: QueryHandle | None = None) -> list[BoardCell]:
        """Run the queries of the board and return each item with its result or error."""
        saved = {query.name.casefold(): query for query in ExperimentQueries(self.catalog, self.experiment).saved()}
        return [
            self._cell(item, saved[item.query.casefold()], handle)
            for item in self.items
            if item.query.casefold() in saved
        ]

    def html(self, *, handle: QueryHandle | None = None) -> str:
        """Return the board as one HTML page that loads nothing: charts are SVG, and there is no script."""
        record = self.catalog.experiment(self.experiment)
        return board_page(record, self.cells(handle=handle), columns=MAX_WIDTH)

    def export(self, path: str | Path) -> Path:
        """Write the board as one HTML file that needs no network, whole or not at all; return its path."""
        target = check_target(path)
        page = self.html()
        with write_user_file(target) as unfinished:
            unfinished.write_text(page, "utf-8")
        return target

    def _repr_html_(self) -> str:
        return board_body(self.cells(), columns=MAX_WIDTH)

    def _cell(self, item: BoardItem, query: SavedQuery, handle: QueryHandle | None) -> BoardCell:
        try:
            result = self.querying.query(
                query.sql,
                dialect=query.dialect,
                experiment=self.experiment,
                page=Page(SHOWN_ROWS),
                handle=handle,
            )
        except WorkbenchError as error:
            if handle is not None and handle.is_cancelled:
                raise
            return BoardCell(item, query, error=error)
        return BoardCell(item, query, result)

    def _change(
        self,
        query: str,
        view: str | None,
        change: Callable[[list[BoardItem], list[BoardItem]], Sequence[BoardItem]],
    ) -> None:
        checked = None if view is None else _checked_view(view)

        def changed(items: list[BoardItem]) -> Sequence[BoardItem]:
            found = [
                item for item in items if item.query.casefold() == query.casefold() and checked in (None, item.view)
            ]
            if not found:
                hint = did_you_mean(query, [item.query for item in items]) or "Pin it first."
                raise NotFoundError(f'"{query}" is not on the board of "{self.experiment}".', hint=hint)
            return change(items, found)

        self.catalog.change_board(self.experiment, changed)


def _is(first: BoardItem, second: BoardItem) -> bool:
    return (first.query.casefold(), first.view) == (second.query.casefold(), second.view)


def _checked_view(view: str) -> str:
    if view not in VIEWS:
        raise WorkbenchError(f'A board has no view "{view}".', hint=f"Use one of: {', '.join(VIEWS)}.")
    return view


def _checked_width(width: int) -> int:
    if not 1 <= width <= MAX_WIDTH:
        raise WorkbenchError(f"The width {width} does not fit.", hint=f"Use 1 to {MAX_WIDTH} columns.")
    return width
