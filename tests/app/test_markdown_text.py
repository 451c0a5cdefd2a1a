from app.markdown_text import plain


def test_plain_text_is_no_markdown():
    assert plain("a_b *c* :red[d] $e$") == r"a\_b \*c\* \:red\[d\] \$e\$"
