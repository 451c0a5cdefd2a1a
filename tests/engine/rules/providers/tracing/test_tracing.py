"""Tracing of functions that draw."""

import json

import pytest

from engine.rules.providers.tracing.symbolic_random import SymbolicRandom
from engine.rules.providers.tracing.symbols import NumberSymbol, TextSymbol, UntraceableError, has_mark, is_known
from engine.rules.providers.tracing.units import Units, to_text
from engine.rules.text.grammar.alternatives import list_texts


def traced(function):
    units = Units(str)
    random = SymbolicRandom(lambda: units.run)
    return units.form("it", lambda: function(random))


def texts_of(function):
    found = list_texts(traced(function).node, 10_000)
    return dict(zip(found[0], found[1], strict=True))


NAMES = ["ann", "bob", "cy"]


def test_a_pick_and_its_weights():
    assert texts_of(lambda random: random.choices(NAMES, [2, 1, 1])[0]) == {"ann": 0.5, "bob": 0.25, "cy": 0.25}


def test_parts_joined():
    found = texts_of(lambda random: f"{random.choice(NAMES)}@{random.choice(['x', 'y'])}.org")
    assert len(found) == 6
    assert found["bob@y.org"] == pytest.approx(1 / 6)


def test_one_draw_used_twice():
    def twice(random):
        name = random.choice(NAMES)
        return f"{name} {name.upper()}"

    assert set(texts_of(twice)) == {"ann ANN", "bob BOB", "cy CY"}


def test_a_fork_on_a_text():
    def looked(random):
        name = random.choice(NAMES)
        return "short" if len(name) < 3 else name.capitalize()

    assert texts_of(looked) == {"short": pytest.approx(1 / 3), "Ann": pytest.approx(1 / 3), "Bob": pytest.approx(1 / 3)}


def test_numbers_fork_where_they_are_compared():
    def graded(random):
        points = random.randint(1, 10)
        return "low" if points < 4 else f"p{points:02d}"

    found = texts_of(graded)
    assert found["low"] == pytest.approx(0.3)
    assert found["p10"] == pytest.approx(0.1)
    assert len(found) == 8


def test_arithmetic():
    assert set(texts_of(lambda random: f"{(random.randint(0, 4) * 3 + 1) % 7:d}!")) == {"1!", "4!", "0!", "3!", "6!"}
    assert set(texts_of(lambda random: str(-abs(2 - random.randrange(4))))) == {"-2", "-1", "0"}
    assert set(texts_of(lambda random: "abc"[random.randrange(3)])) == {"a", "b", "c"}


def test_a_long_range_is_a_number():
    assert traced(lambda random: random.randint(1, 10**9)).numbers == range(1, 10**9 + 1)
    found = traced(lambda random: f"id-{random.randint(0, 10**9 - 1):09d}").node
    assert list_texts(found, 100) is None


def test_numbers_passed_to_other_code():
    found = traced(lambda random: random.choice([True, False]))
    assert (found.values, found.weights) == ((True, False), (0.5, 0.5))


def test_structures_become_json():
    form = traced(lambda random: {"name": random.choice(NAMES), "age": random.randint(1, 3), "tags": ["a"]})
    texts = list_texts(form.node, 100)[0]
    assert form.is_structure
    assert {"name": "bob", "age": 2, "tags": ["a"]} in [json.loads(text) for text in texts]
    assert len(texts) == 9


def test_text_methods():
    def changed(random):
        name = random.choice(["a b", "c d"])
        return "|".join([name.title(), name.replace(" ", ""), name.strip(), name[0], name.upper(), name.lower()])

    assert set(texts_of(changed)) == {"A B|ab|a b|a|A B|a b", "C D|cd|c d|c|C D|c d"}


def test_a_whole_text_changed_later():
    assert set(texts_of(lambda random: f"X {random.choice(NAMES)} Y".lower())) == {"x ann y", "x bob y", "x cy y"}


def test_a_sample_without_replacement():
    assert set(texts_of(lambda random: "".join(random.sample("abc", 2)))) == {"ab", "ac", "ba", "bc", "ca", "cb"}


def test_a_loop_until_the_value_is_right():
    def looped(random):
        while True:
            value = random.choice(NAMES)
            if value != "cy":
                return value

    with pytest.raises(UntraceableError):
        traced(looped)


@pytest.mark.parametrize(
    "function",
    [
        lambda random: random.random(),
        lambda random: str(random.uniform(0, 1)),
        lambda random: random.shuffle([1, 2]),
        lambda random: random.choices("ab", cum_weights=[1, 2]),
        lambda random: random.sample(range(100), 5),
        lambda random: 1 / 0,
        lambda random: str(hash(f"{random.choice(NAMES)}!")),
    ],
)
def test_untraceable_methods(function):
    with pytest.raises(UntraceableError):
        traced(function)


def test_a_refusal_is_cached():
    units = Units(str)
    random = SymbolicRandom(lambda: units.run)
    for _ in range(2):
        with pytest.raises(UntraceableError, match="a fraction"):
            units.form("f", random.random)


def test_methods_inside_others():
    units = Units(str)
    random = SymbolicRandom(lambda: units.run)

    def inner():
        call = lambda: random.choice(NAMES)  # noqa: E731
        return units.nested("inner", lambda: units.form("inner", call), call, is_known_call=True)

    outer = units.form("outer", lambda: f"{inner()} and {inner()}")
    assert len(list_texts(outer.node, 100)[0]) == 9
    looking = units.form("looking", lambda: inner().split("n")[0])
    assert set(list_texts(looking.node, 100)[0]) == {"a", "bob", "cy"}


def test_generators_are_lists():
    assert traced(lambda random: (value for value in "ab")).values == (["a", "b"],)


def test_known_values():
    units = Units(str)
    random = SymbolicRandom(lambda: units.run)
    seen = []

    def watched():
        name, age = random.choice(NAMES), random.randint(1, 9)
        seen.append((name, age, {"a": [name]}, (age,), f"{name}!"))
        return name

    units.form("w", watched)
    name, age, *structures = seen[0]
    assert isinstance(name, TextSymbol)
    assert isinstance(age, NumberSymbol)
    assert not any(map(is_known, [name, age, *structures]))
    assert all(map(is_known, ["x", 1, {"a": [1]}, b"ab"]))
    assert has_mark(str.__str__(name))


def test_results_as_text():
    assert to_text("a") == "a"
    assert to_text({"a": 1}) == '{"a": 1}'
    assert to_text(2.5) == "2.5"
