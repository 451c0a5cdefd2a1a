import engine
from engine.types import EditorDraft


def test_a_draft_is_of_a_browser_and_an_experiment(workbench: engine.Workbench, shop: engine.Experiment):
    mine, new = workbench.editor_drafts("a", "shop"), workbench.editor_drafts("a")
    mine.save(EditorDraft("one"))
    new.save(EditorDraft("two"))

    found = mine.latest()
    assert found is not None
    assert found.content == "one"
    assert found.changed_at is not None
    found = new.latest()
    assert found is not None
    assert found.content == "two"
    assert workbench.editor_drafts("b", "shop").latest() is None


def test_two_windows_that_go_on_from_one_draft_lose_nothing(workbench: engine.Workbench):
    drafts = workbench.editor_drafts("a")
    first = drafts.save(EditorDraft("typed"))
    kept = drafts.save(EditorDraft("typed more", first.id, first.revision))
    other = drafts.save(EditorDraft("typed elsewhere", first.id, first.revision))
    assert other.id != kept.id

    drafts.discard(other)
    found = drafts.latest()
    assert found is not None
    assert found.content == "typed more"


def test_a_draft_follows_a_rename_and_goes_with_its_experiment(workbench: engine.Workbench, shop: engine.Experiment):
    workbench.editor_drafts("a", "shop").save(EditorDraft("one"))
    shop.rename("store")
    assert workbench.editor_drafts("a", "store").latest() is not None

    workbench.delete("store")
    workbench.create({"name": "store", "tables": [{"name": "t", "columns": [COLUMN]}]})
    assert workbench.editor_drafts("a", "store").latest() is None


COLUMN = {"name": "a", "data_type": "INT"}
