from datetime import date, datetime, time
from decimal import Decimal
from random import Random

import pytest

from engine.rules.providers.faker.compiling import form_of
from engine.rules.providers.form_cache import decoded_form, encoded_form
from engine.rules.providers.forms.form import Decimals, Form, Span
from engine.rules.text.grammar.nodes import Choice, Draw, Joined, Made, Number, Pick, sample_text

DRAW = Draw(2, (0.25, 0.75))
NODE = Joined(
    ("a ", Pick(("x", "y"), (0.1, 0.9)), Pick(("p", "q"), draw=DRAW), Pick(("r", "s"), draw=DRAW), Number(1, 9, 2))
)


@pytest.mark.parametrize(
    "form",
    [
        Form(values=("a", 1, 0.1, True, None, Decimal("1.10")), weights=(0.5, 0.1, 0.1, 0.1, 0.1, 0.1)),
        Form(values=(date(2024, 2, 29), datetime(2024, 1, 1, 12, 30, 0, 5), time(1, 2))),
        Form(numbers=range(3, 30, 3)),
        Form(span=Span("date", -5, 10**17, " ")),
        Form(decimals=Decimals(-100, 100, 2), pool_size=10, is_structure=True),
    ],
)
def test_a_form_is_read_as_it_was_written(form: Form):
    assert decoded_form(encoded_form(form)) == form


def test_types_are_kept():
    form = Form(values=(1, 1.0, True, Decimal(1)))

    assert [type(value) for value in decoded_form(encoded_form(form)).values] == [int, float, bool, Decimal]


def test_nodes_are_read_with_what_they_share():
    node = decoded_form(encoded_form(Form(node=Choice((NODE, "b", NODE), (0.5, 0.25, 0.25))))).node

    assert node.alternatives[0] is node.alternatives[2]
    first, second = node.alternatives[0].parts[2:4]
    assert first.draw is second.draw
    assert (first.draw.size, first.draw.weights) == (2, (0.25, 0.75))
    assert [sample_text(node, Random(seed)) for seed in range(50)] == [
        sample_text(Choice((NODE, "b", NODE), (0.5, 0.25, 0.25)), Random(seed)) for seed in range(50)
    ]


def test_code_is_not_stored():
    made = Made(lambda site, purpose: site.row, lambda random: "", 1)

    assert encoded_form(Form(node=Joined(("a", made)))) is None
    assert encoded_form(Form(values=(object(),))) is None


@pytest.mark.parametrize(
    "name", ["city", "name", "email", "phone_number", "company", "street_address", "date_of_birth"]
)
def test_a_method_makes_the_same_from_the_cache(name: str):
    form = form_of("en_US", name)
    again = decoded_form(encoded_form(form))

    assert (again.span, again.numbers, again.weights, again.values) == (
        form.span,
        form.numbers,
        form.weights,
        form.values,
    )
    if form.node is not None:
        texts = [[sample_text(node, Random(seed)) for seed in range(200)] for node in (form.node, again.node)]
        assert texts[0] == texts[1]
