from html.parser import HTMLParser
from pathlib import Path

import pytest

import engine
from engine.errors import ConflictError, NotFoundError, WorkbenchError
from engine.queries import board as board_module

SHOP = {
    "name": "shop",
    "tables": [
        {
            "name": "orders",
            "target_rows": 40,
            "columns": [
                {"name": "order_id", "data_type": "INT", "is_unique": True},
                {"name": "status", "data_type": "VARCHAR(20)", "values": ["<b>new</b>", "paid"]},
            ],
        }
    ],
}
BY_STATUS = "select status, count(*) as orders from orders group by status order by orders desc"


@pytest.fixture
def shop(home):
    with engine.Workbench(home) as workbench:
        made = workbench.create(SHOP)
        made.generate(seed=1, progress=lambda _progress: None)
        made.queries.save("by status", BY_STATUS, view="chart", chart={"mark": "point"})
        made.queries.save(
            "total", "select count(*) as n, 0.10::decimal(9,2) as d, null as none from orders", view="table"
        )
        yield made


def items(shop: engine.Experiment):
    return [(item.query, item.view, item.width) for item in shop.board().items]


def test_saved_queries_are_pinned_moved_sized_and_unpinned(shop: engine.Experiment):
    board = shop.board()
    board.pin("BY status", width=2)
    board.pin("total")
    board.pin("by status", "table")
    board.move("total", 1)
    board.resize("by status", 3, "table")

    assert items(shop) == [("total", "table", 1), ("by status", "chart", 2), ("by status", "table", 3)]
    board.unpin("by status", "table")
    board.pin("by status", width=1)
    assert items(shop) == [("total", "table", 1), ("by status", "chart", 1)]
    board.unpin("by status")
    assert items(shop) == [("total", "table", 1)]


def test_a_query_saved_again_stays_pinned_and_a_deleted_one_leaves(shop: engine.Experiment):
    shop.board().pin("total")
    shop.queries.save("Total", "select 1 as one")
    assert items(shop) == [("Total", "table", 1)]

    shop.queries.remove("total")
    assert items(shop) == []


def test_what_cannot_be_pinned_is_refused(shop: engine.Experiment, monkeypatch: pytest.MonkeyPatch):
    board = shop.board()
    with pytest.raises(NotFoundError, match='no saved query "totals"'):
        board.pin("totals")
    with pytest.raises(WorkbenchError, match='no view "pie"'):
        board.pin("total", "pie")
    with pytest.raises(WorkbenchError, match="The width 4 does not fit"):
        board.pin("total", width=4)
    with pytest.raises(NotFoundError, match="is not on the board"):
        board.unpin("total")
    monkeypatch.setattr(board_module, "MAX_ITEMS", 1)
    board.pin("total")
    with pytest.raises(ConflictError, match="The board is full"):
        board.pin("by status")


def test_the_board_shows_what_is_loaded_now(shop: engine.Experiment):
    shop.board().pin("total")
    assert shop.board().cells()[0].result.frame["n"].item() == 40

    shop.generate(rows=7, seed=1, progress=lambda _progress: None)

    assert shop.board().cells()[0].result.frame["n"].item() == 7


class Loads(HTMLParser):
    """Collects what a page would load or run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "link", "img", "iframe", "object", "embed", "image", "b"):
            self.found.append(tag)
        self.found += [name for name, _ in attributes if name in ("src", "href", "xlink:href") or name.startswith("on")]


def test_the_exported_page_loads_nothing(shop: engine.Experiment, tmp_path: Path):
    board = shop.board()
    board.pin("by status", width=2)
    board.pin("total")
    shop.queries.save("broken", "select nothing from orders")
    board.pin("broken")

    path = board.export(tmp_path / "board.html")

    page, loads = path.read_text("utf-8"), Loads()
    loads.feed(page)
    assert loads.found == []
    assert "@import" not in page and "url(http" not in page
    assert page.count("<svg") == 1
    assert "&lt;b&gt;new&lt;/b&gt;" in page
    assert '<td class="number">0.10</td><td class="null">NULL</td>' in page
    assert '"nothing"' in page.replace("&quot;", '"')


def test_an_empty_board_says_so(shop: engine.Experiment):
    assert "Nothing is pinned yet." in shop.board().html()


def test_a_board_is_not_written_into_a_folder_or_nowhere(shop: engine.Experiment, tmp_path: Path):
    with pytest.raises(WorkbenchError, match="This is a folder"):
        shop.board().export(tmp_path)
    with pytest.raises(WorkbenchError, match="There is no folder"):
        shop.board().export(tmp_path / "none" / "board.html")
