"""Damaged queries: a statement with tokens lost, doubled, swapped or replaced, by a seeded generator."""

import re
from random import Random

_TOKEN = re.compile(r"\s+|'(?:[^']|'')*'|\"[^\"]*\"|\w+|\{\{|\}\}|\{%|%\}|::|=>|<=|>=|<>|\|\||.", re.S)
_LITERALS = (
    "NULL", "'x'", "''", "0", "-1", "1e308", "9" * 60, "0.0000001", "TRUE", "DATE '2024-02-30'", "'2024-13-45'",
    "INTERVAL '1 day'", "ARRAY[1, 2]", "'\x00'", "'ünï\u202eçødé 😀'", "X'00ff'", "$1", ":name", "?", "CURRENT_DATE",
    "'%_\\'", "'[a-'", "(SELECT 1)", "PARSE_JSON('{\"a\":[1]}')",
)  # fmt: skip
_PIECES = (
    "/* c */", "-- c\n", "/*", "--", "'", '"', "(", ")", ",", ";", "{{ x }}", "{% if a %}", "{% endif %}", "{{", "%}",
    "{% for i in range(3) %}{{ i }}{% endfor %}", "{{ ref('gone') }}", "{{ config(a=1) }}", "{# c #}", "::", ":a.b",
    "[0]",
    "\u00a0", "\ufeff", "\u200b", "ß", "名前", "😀", "\x00", "\r", "\\", "$$", "@", "#", "DISTINCT", "QUALIFY", "NOT",
    "UNION ALL", "OVER ()", "IS NULL", "LATERAL FLATTEN(input => a)", "BETWEEN", "LIKE ANY", "EXCEPT", "RECURSIVE",
)  # fmt: skip


def mutate(text: str, random: Random) -> str:
    """Return a text with one to four changes; half of the texts only have other literals and names, so most parse."""
    tokens = _TOKEN.findall(text)
    changes = random.choice((_MILD, _CHANGES))
    for _ in range(random.randint(1, 4)):
        if not tokens:
            break
        random.choice(changes)(tokens, random)
    return "".join(tokens)


def _at(tokens: list[str], random: Random) -> int:
    return random.randrange(len(tokens))


def _drop(tokens: list[str], random: Random) -> None:
    start = _at(tokens, random)
    del tokens[start : start + random.choice((1, 1, 1, 2, 5, 20))]


def _double(tokens: list[str], random: Random) -> None:
    start = _at(tokens, random)
    piece = tokens[start : start + random.choice((1, 3, 10))]
    tokens[start:start] = piece * random.choice((1, 1, 2, 30))


def _swap(tokens: list[str], random: Random) -> None:
    first, second = _at(tokens, random), _at(tokens, random)
    tokens[first], tokens[second] = tokens[second], tokens[first]


def _change_literal(tokens: list[str], random: Random) -> None:
    places = [place for place, token in enumerate(tokens) if token[0] == "'" or token.isdigit()]
    if places:
        tokens[random.choice(places)] = random.choice(_LITERALS)


def _rename(tokens: list[str], random: Random) -> None:
    places = [place for place, token in enumerate(tokens) if token.isidentifier()]
    if places:
        place = random.choice(places)
        tokens[place] = random.choice((f"{tokens[place]}_x", tokens[random.choice(places)], '"A b"', "*", "select"))


def _cut(tokens: list[str], random: Random) -> None:
    place = _at(tokens, random)
    if random.random() < 0.5:
        del tokens[place:]
    else:
        del tokens[:place]


def _nest(tokens: list[str], random: Random) -> None:
    depth = random.choice((1, 1, 2, 40, 300))
    kind = random.choice(("query", "parentheses", "cte", "operand"))
    if kind == "query":
        tokens[:] = ["select * from ("] * min(depth, 40) + tokens + [") n"] * min(depth, 40)
    elif kind == "cte":
        tokens[:] = ["with c as (", *tokens, ") select * from c c1 join c c2 on c1.x = c2.x"]
    elif kind == "parentheses":
        tokens[:] = ["("] * depth + tokens + [")"] * depth
    else:
        tokens[_at(tokens, random)] = "(" * depth + "1" + ")" * depth


def _insert(tokens: list[str], random: Random) -> None:
    tokens.insert(_at(tokens, random), random.choice((f" {random.choice(_PIECES)} ", random.choice(_PIECES))))


_CHANGES = (_drop, _double, _swap, _change_literal, _change_literal, _rename, _rename, _cut, _nest, _insert, _insert)
_MILD = (_change_literal, _change_literal, _rename)
