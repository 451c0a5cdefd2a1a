"""Templates are found in one pass, also where none of them ends."""

import pytest

from engine.workload.template_spans import ends_of_blocks, template_spans


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a {{ x }} b", [("{{ x }}", "x", None)]),
        ("{{- x -}}{%- if a -%}", [("{{- x -}}", "x", None), ("{%- if a -%}", None, "if a")]),
        ("{# {{ x }} #}{{ y }}", [("{# {{ x }} #}", None, None), ("{{ y }}", "y", None)]),
        ("{{ a {% b %}", [("{% b %}", None, "b")]),
        ("{{ {{ a }}", [("{{ {{ a }}", "{{ a", None)]),
        ("{% {# {{", []),
        ("", []),
    ],
)
def test_templates_are_found(text: str, found: list[tuple[str, str | None, str | None]]):
    spans = template_spans(text)

    assert [(span.text, span.value, span.block) for span in spans] == found
    assert all(text[span.start : span.end] == span.text for span in spans)


def test_blocks_end_where_their_depth_does():
    words = ["for", "if", "", "endif", "else", "endfor", "endif", "macro", "for", "endmacro"]

    assert ends_of_blocks(words, {"for", "if", "macro"}) == [5, 3, 2, 3, 4, 5, 6, 7, 9, 9]


class Steps(str):
    """A text that counts how far it is searched."""

    searched = 0

    def find(self, sub: str, start: int = 0, *rest: int) -> int:
        found = super().find(sub, start, *rest)
        Steps.searched += (len(self) if found < 0 else found) - start
        return found


@pytest.mark.parametrize("unit", ["{{ ", "{% ", "{# ", "{{ {% {# ", "{{ a }} {% "])
def test_what_never_ends_is_searched_once(unit: str):
    text = Steps(unit * 2000)
    Steps.searched = 0

    template_spans(text)

    assert Steps.searched <= 4 * len(text)
