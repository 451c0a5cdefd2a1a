from engine.sql.importing.note_groups import group_notes
from engine.sql.importing.notes import ImportNote


def test_warnings_come_first_and_equal_notes_are_one():
    ignored = [ImportNote(line, f"t{line}", "info", "Ignored: DISTKEY.") for line in (3, 9, 12, 20, 21)]
    rows = ImportNote(0, "", "info", "Suggested 12 rows.")
    skipped = ImportNote(2, "", "skipped", "SET: not imported.")
    warning = ImportNote(7, "t7.c", "warning", "NOT NULL added.")

    groups = group_notes([*ignored, rows, skipped, warning])

    assert [(group.level, group.place) for group in groups] == [
        ("warning", "line 7, t7.c"),
        ("skipped", "line 2"),
        ("info", ""),
        ("info", "lines 3, 9, 12 and 2 more"),
    ]
    assert [note.object for note in groups[-1].notes] == ["t3", "t9", "t12", "t20", "t21"]
