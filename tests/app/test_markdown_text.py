import pytest

from app.markdown_text import code, plain


def test_plain_text_is_no_markdown():
    assert plain("a_b *c* :red[d] $e$") == r"a\_b \*c\* \:red\[d\] \$e\$"


@pytest.mark.parametrize("text", ["a@example.com", "https://example.com", "`a` ``b``", "`", "", "a*b*"])
def test_code_keeps_the_text_inside_its_fence(text: str):
    written = code(text)
    fence = written[: len(written) - len(written.lstrip("`"))]
    assert written.endswith(fence)
    assert fence not in written[len(fence) : -len(fence)]
    assert written[len(fence) : -len(fence)].strip() == text
