"""Drafts of the schema editor: what a browser has typed and not saved, which survives a reload of the page."""

from __future__ import annotations

from dataclasses import dataclass

from engine.review.review import Review
from engine.store.catalog import Catalog
from engine.store.draft_rows import EditorDraft


@dataclass(frozen=True)
class EditorDrafts:
    """The drafts of one browser, of an experiment or of a new one (None)."""

    catalog: Catalog
    browser: str
    experiment: str | None

    def latest(self) -> EditorDraft | None:
        """Return the draft that was changed last: `.content`, `.changed_at`."""
        return self.catalog.editor_draft(self.browser, self.experiment)

    def save(self, draft: EditorDraft) -> EditorDraft:
        """Save a draft and return it with its next revision.

        One that another window has changed or discarded meanwhile is saved under a new id.
        """
        return self.catalog.save_editor_draft(self.browser, self.experiment, draft)

    def discard(self, draft: EditorDraft) -> None:
        """Delete a draft; does nothing when it is gone."""
        self.catalog.remove_editor_draft(self.browser, draft.id)

    def read_review(self, text: str) -> Review:
        """Return the review that `Review.to_draft` wrote; raises `WorkbenchError` when the text is damaged."""
        return Review.from_draft(text)
