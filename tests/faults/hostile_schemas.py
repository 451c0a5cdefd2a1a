"""Small schemas that ask for a huge effect, by a name that says what each of them asks for.

A schema is a mapping, or JSON text where a mapping cannot say it. They are made when asked for, since some are long.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

Source = dict[str, Any] | str
Maker = Callable[[], Source]

HUGE_NUMBERS = {
    "a huge exponent": '"-1e99999999"',
    "a tiny exponent": '"1e-99999999"',
    "an exponent of 18 digits": '"1e999999999999999999"',
    "a bare huge exponent": "1e99999999",
    "a bare tiny exponent": "-1e-99999999",
    "10,000 digits": "9" * 10_000,
    "5 million digits": "1" * 5_000_000,
    "5 million digits in quotes": f'"{"1" * 5_000_000}"',
    "a long fraction": f"0.{'1' * 1_000_000}",
    "a number that is none": "NaN",
    "an infinite number": '"Infinity"',
}
DISTRIBUTIONS: dict[str, dict[str, float]] = {
    "binomial": {"n": 1e12, "p": 0.5},
    "poisson": {"lambda": 1e300},
    "negative_binomial": {"n": 1e15, "p": 1e-12},
    "geometric": {"p": 1e-300},
    "zipf": {"s": 1e300},
    "normal": {"mean": 1e308, "stddev": 1e308},
    "lognormal": {"mean": 1e300, "sigma": 1e300},
    "exponential": {"lambda": 1e-300},
    "beta": {"alpha": 1e-300, "beta": 1e300},
    "gamma": {"shape": 1e300, "scale": 1e300},
    "pareto": {"alpha": 1e-300, "xm": 1e300},
    "weibull": {"shape": 1e-300, "scale": 1e300},
    "student_t": {"df": 1e-300},
    "chi_square": {"df": 1e300},
    "triangular": {"min": -1e308, "mode": 0, "max": 1e308},
    "uniform": {"min": -1e308, "max": 1e308},
    "hypergeom": {"M": 1e12, "n": 5e11, "N": 5e11},
    "betabinom": {"n": 1e12, "a": 1, "b": 1},
    "nhypergeom": {"M": 1e12, "n": 5e11, "r": 5e11},
    "boltzmann": {"lambda_": 1e-9, "N": 1e15},
    "zipfian": {"a": 1.5, "n": 1e15},
    "skellam": {"mu1": 1e15, "mu2": 1e15},
    "logser": {"p": 0.999999999999},
    "planck": {"lambda_": 1e-15},
    "studentized_range": {"k": 1e9, "df": 1e9},
    "levy_stable": {"alpha": 1e-9, "beta": 0},
    "nct": {"df": 1e9, "nc": 1e9},
    "ncx2": {"df": 1e9, "nc": 1e12},
    "ncf": {"dfn": 1e9, "dfd": 1e9, "nc": 1e12},
    "ksone": {"n": 1e9},
    "kstwo": {"n": 1e9},
    "genhyperbolic": {"p": 1e9, "a": 1e9, "b": 1},
    "nchypergeom_fisher": {"M": 1e9, "n": 5e8, "N": 5e8, "odds": 1e9},
    "nchypergeom_wallenius": {"M": 1e9, "n": 5e8, "N": 5e8, "odds": 1e9},
    "poisson_binom": {"p": 0.5},
    "randint": {"low": 0, "high": 1e18},
}
FAKER: dict[str, dict[str, Any]] = {
    "text": {"max_nb_chars": 10**9},
    "pystr": {"min_chars": 10**9, "max_chars": 10**9 + 1},
    "password": {"length": 10**10},
    "words": {"nb": 10**9},
    "sentence": {"nb_words": 10**9},
    "paragraph": {"nb_sentences": 10**9},
    "paragraphs": {"nb": 10**9},
    "pylist": {"nb_elements": 10**9},
    "pydict": {"nb_elements": 10**9},
    "random_elements": {"elements": ["a", "b"], "length": 10**10},
    "random_number": {"digits": 10**9},
    "random_int": {"min": 0, "max": 10**400},
    "numerify": {"text": "#" * 1_000_000},
    "lexify": {"text": "?" * 1_000_000},
    "bothify": {"text": "!" * 1_000_000},
    "binary": {"length": 10**10},
    "image": {"size": [100_000, 100_000]},
    "json": {"num_rows": 10**9},
    "csv": {"num_rows": 10**9},
    "pydecimal": {"left_digits": 10**9},
    "pyfloat": {"left_digits": 10**6, "right_digits": 10**6},
    "uri": {"deep": 10**9},
    "uri_path": {"deep": 10**9},
    "file_path": {"depth": 10**9},
    "domain_name": {"levels": 10**9},
    "regexify": {"text": "(a{999999999}){999999999}"},
    "pystr_format": {"string_format": "{{text}}" * 100_000},
    "parse": {"text": "{{text}}" * 100_000},
    "fixed_width": {"num_rows": 10**9},
    "xml": {"nb_elements": 10**9},
    "zip": {"uncompressed_size": 10**11, "num_files": 1},
    "tar": {"uncompressed_size": 10**11, "num_files": 1},
    "texts": {"nb_texts": 10**9},
    "hexify": {"text": "^" * 1_000_000},
    "time_series": {"start_date": "-9999999d", "precision": 1},
}
MIMESIS: dict[str, dict[str, Any]] = {
    "text.text": {"quantity": 10**9},
    "text.words": {"quantity": 10**9},
    "text.sentence": {},
    "person.password": {"length": 10**10},
    "numeric.integers": {"n": 10**9},
    "cryptographic.token_hex": {"entropy": 10**10},
    "cryptographic.token_bytes": {"entropy": 10**10},
    "internet.slug": {"parts_count": 10**10},
    "code.pin": {"mask": "#" * 1_000_000},
    "payment.credit_card_number": {},
    "datetime.bulk_create_datetimes": {},
    "binaryfile.image": {},
}
EXPRESSIONS = {
    "nested parentheses": "(" * 100_000 + "1" + ")" * 100_000,
    "a long sum": "1" + "+1" * 100_000,
    "nested calls": "abs(" * 5_000 + "1" + ")" * 5_000,
    "nested cases": "case when true then " * 2_000 + "1" + " end" * 2_000,
    "a repeated text": "repeat('a', 1000000000)",
    "a repeated repetition": "repeat(repeat('a', 100000), 100000)",
    "a padded text": "lpad('a', 2000000000, 'b')",
    "a huge literal": "1e99999999",
    "a literal of 10,000 digits": "9" * 10_000,
    "a power of powers": "power(power(10, 308), power(10, 308))",
    "a text of 10 MB": f"'{'a' * 10_000_000}'",
    "spaces": f"space({10**9})",
    "a huge interval": "date '2024-01-01' + interval '999999999999 years'",
    "a wide cast": "cast(1 as decimal(99999999, 9999))",
    "a long IN": f"id in ({','.join(map(str, range(100_000)))})",
    "nested NOT": "not " * 50_000 + "true",
    "nested minus": "- " * 50_000 + "1",
    "a rounding": "round(1.5, 999999999)",
    "concatenation": "'a'" + "||'a'" * 20_000,
    "doubling text": "replace(" * 60 + "'a'" + ", 'a', 'aa')" * 60,
}


def _schema(*columns: dict[str, Any], **table: Any) -> dict[str, Any]:
    rows = {"target_rows": 10, **table}
    return {
        "name": "hostile",
        "tables": [
            {
                "name": "t",
                "columns": [{"name": "id", "data_type": "INT", "is_unique": True}, *columns],
                **rows,
            }
        ],
    }


def _column(data_type: str, **rule: Any) -> dict[str, Any]:
    return _schema({"name": "x", "data_type": data_type, **rule})


def _raw(data_type: str, key: str, text: str) -> str:
    return json.dumps(_column(data_type, **{key: "PLACE"})).replace('"PLACE"', text)


def _child(**key: Any) -> dict[str, Any]:
    schema = _column("INT")
    reference = {"references_table": "t", "references_column": "id", **key}
    columns = [{"name": "t_id", "data_type": "INT", "foreign_key": reference}]
    schema["tables"].append({"name": "child", "columns": columns})
    return schema


def _wide(width: int) -> dict[str, Any]:
    columns = [{"name": f"c{number}", "data_type": "INT"} for number in range(width)]
    return _schema(*columns, composite_keys=[[column["name"] for column in columns]])


def _chain(length: int) -> dict[str, Any]:
    columns = [{"name": "c0", "data_type": "INT"}]
    columns += [{"name": f"c{n}", "data_type": "INT", "expression": f"c{n - 1}+c{n - 1}"} for n in range(1, length)]
    return _schema(*columns)


def _fans(length: int) -> dict[str, Any]:
    tables: list[dict[str, Any]] = [
        {"name": "t0", "columns": [{"name": "id", "data_type": "BIGINT", "is_unique": True}]}
    ]
    for number in range(1, length):
        key = {"references_table": f"t{number - 1}", "references_column": "id", "fan_out": [10**6, 10**6]}
        columns = [
            {"name": "id", "data_type": "BIGINT", "is_unique": True},
            {"name": "p", "data_type": "BIGINT", "foreign_key": key},
        ]
        tables.append({"name": f"t{number}", "columns": columns})
    return {"name": "hostile", "tables": tables}


def _tables(count: int) -> dict[str, Any]:
    columns = [{"name": "id", "data_type": "INT"}]
    return {"name": "hostile", "tables": [{"name": f"t{n}", "columns": columns} for n in range(count)]}


def _cases() -> Iterator[tuple[str, Maker]]:
    for label, text in HUGE_NUMBERS.items():
        for key in ("min_value", "max_value", "precision", "varchar_length", "null_fraction", "values"):
            data_type = {"varchar_length": "VARCHAR", "precision": "DECIMAL"}.get(key, "DECIMAL(38,10)")
            written = f"[{text}]" if key == "values" else text
            yield f"{key}: {label}", lambda d=data_type, k=key, w=written: _raw(d, k, w)
        yield f"min_value of a FLOAT: {label}", lambda w=text: _raw("DOUBLE", "min_value", w)
        yield f"min_value of an INT: {label}", lambda w=text: _raw("INT", "min_value", w)
        yield f"weights: {label}", lambda w=text: _raw("INT", "weekday_weights", f"[{','.join([w] * 7)}]")
        yield (
            f"target_rows: {label}",
            lambda w=text: json.dumps(_schema(target_rows="PLACE")).replace('"PLACE"', w),
        )
        yield (
            f"a parameter: {label}",
            lambda w=text: _raw("INT", "distribution", f'{{"type": "poisson", "parameters": {{"lambda": {w}}}}}'),
        )
        yield (
            f"faker_args: {label}",
            lambda w=text: json.dumps(_column("TEXT", faker_rule="text", faker_args={"max_nb_chars": "PLACE"})).replace(
                '"PLACE"', w
            ),
        )
        yield (
            f"fan_out: {label}",
            lambda w=text: json.dumps(_child(fan_out=[0, "PLACE"])).replace('"PLACE"', w),
        )
    for name, parameters in DISTRIBUTIONS.items():
        rule = {"type": name, "parameters": parameters}
        for data_type in ("BIGINT", "DOUBLE", "DECIMAL(38,18)", "TIMESTAMP"):
            yield f"distribution {name} of {data_type}", lambda d=data_type, r=rule: _column(d, distribution=r)
        yield f"popularity {name}", lambda r=rule: _child(distribution=r)
    for method, arguments in FAKER.items():
        yield f"faker {method}", lambda m=method, a=arguments: _column("TEXT", faker_rule=m, faker_args=a)
    for method, arguments in MIMESIS.items():
        yield f"mimesis {method}", lambda m=method, a=arguments: _column("TEXT", mimesis_rule=m, faker_args=a)
    for label, sql in EXPRESSIONS.items():
        yield f"expression: {label}", lambda s=sql: _column("DOUBLE", expression=s)
        yield f"expression of text: {label}", lambda s=sql: _column("TEXT", expression=s)
    yield "a long pattern", lambda: _column("TEXT", pattern="#?" * 1_000_000)
    yield "a unique long pattern", lambda: _column("TEXT", pattern="#?" * 2_000, is_unique=True)
    yield "a long template", lambda: _column("TEXT", template="{id}" * 1_000_000)
    yield "a template of thousands", lambda: _column("TEXT", template="{id}" * 2_000)
    yield "braces without end", lambda: _column("TEXT", template="{" * 1_000_000)
    yield "a long name", lambda: _schema({"name": "a" * 10_000_000, "data_type": "INT"})
    yield "a long type", lambda: _column("DECIMAL" + " " * 10_000_000 + "(1")
    yield "a type of many words", lambda: _column("A " * 50_000 + "(")
    yield "a type with huge sizes", lambda: _column(f"DECIMAL({'9' * 5000},{'9' * 5000})")
    yield "a type with a huge scale", lambda: _column(f"NUMBER(38,{'9' * 10_000})")
    yield "a VARCHAR of 20 digits", lambda: _column("VARCHAR(99999999999999999999)")
    yield "a CHAR of a terabyte", lambda: _column("CHAR(1000000000000)")
    yield "a unique CHAR of a gigabyte", lambda: _column("CHAR(1000000000)", is_unique=True)
    yield "a BINARY of a gigabyte", lambda: _column("BINARY(1000000000)")
    yield "a long comment", lambda: _column("INT", comment="a" * 20_000_000)
    yield "a long locale", lambda: _column("TEXT", faker_rule="city", locale="a" * 10_000_000)
    yield "a locale that is a path", lambda: _column("TEXT", faker_rule="city", locale="../../../etc")
    yield "a long description", lambda: {**_column("INT"), "description": "a" * 20_000_000}
    yield "a long warning", lambda: _schema(warnings=["a" * 20_000_000])
    yield "many warnings", lambda: _schema(warnings=["a"] * 1_000_000)
    yield "many values", lambda: _column("INT", values=list(range(1_000_000)))
    yield "many weights", lambda: _column("INT", values=[1], weights=[1.0] * 1_000_000)
    yield "a value of 10 MB", lambda: _column("TEXT", values=["a" * 10_000_000])
    yield "a JSON value nested deeply", lambda: _column("JSON", values=["[" * 100_000 + "]" * 100_000])
    yield "many columns", lambda: _schema(*({"name": f"c{n}", "data_type": "INT"} for n in range(20_000)))
    yield "the same column often", lambda: _schema(*({"name": "c", "data_type": "INT"} for _ in range(20_000)))
    yield "many tables", lambda: _tables(20_000)
    yield "a wide composite key", lambda: _wide(1_000)
    yield (
        "many composite keys",
        lambda: {
            **_schema(composite_keys=[["id", "id"] for _ in range(100_000)]),
        },
    )
    yield "a long primary key", lambda: _schema(primary_key=["id"] * 1_000_000)
    yield "a long chain of expressions", lambda: _chain(300)
    yield "a chain of fan-outs", lambda: _fans(10)
    yield "a long chain of fan-outs", lambda: _fans(60)
    yield "a fan-out to a billion", lambda: _child(fan_out=[10**9, 10**9])
    yield "a fan-out of 1e18", lambda: _child(fan_out=[0, 10**18])
    yield "rows beyond a BIGINT", lambda: _schema(target_rows=10**30)
    yield "a trillion rows", lambda: _schema(target_rows=10**12)
    yield "1e18 rows", lambda: _schema(target_rows=10**18)
    yield "growth of 1e308", lambda: _column("DATE", trend={"type": "exponential", "growth": 1e308})
    yield "growth of 1e-308", lambda: _column("TIMESTAMP", trend={"type": "linear", "growth": 1e-308})
    yield "weights of 1e308", lambda: _column("INT", values=[1, 2], weights=[1e308, 1e308])
    yield "weights of 1e-320", lambda: _column("INT", values=[1, 2], weights=[1e-320, 1e-320])
    yield "dates of all time", lambda: _column("DATE", date_start="0001-01-01", date_end="9999-12-31")
    yield "year 0", lambda: _column("DATE", date_start="0000-01-01")
    yield "year 10000", lambda: _column("DATE", date_start="10000-01-01")
    yield "a date of 400 digits", lambda: _column("DATE", date_start="9" * 400)
    yield "a date as a huge number", lambda: _column("DATE", date_start=10**300)
    for kind in ("TIMESTAMP", "TIMESTAMPTZ"):
        for start in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+23:59"):
            yield f"{kind} from {start}", lambda k=kind, s=start: _column(k, timestamp_start=s)
            yield f"{kind} to {start}", lambda k=kind, s=start: _column(k, timestamp_end=s)
            yield f"{kind} value {start}", lambda k=kind, s=start: _column(k, values=[s])
    yield "nested arrays", lambda: "[" * 1_000_000
    yield "nested objects", lambda: '{"a":' * 1_000_000
    yield (
        "nested faker_args",
        lambda: json.dumps(_column("TEXT", faker_rule="text", faker_args={"a": 1})).replace(
            '{"a": 1}', '{"a":' * 900 + "1" + "}" * 900
        ),
    )
    yield "many keys", lambda: json.dumps({**_column("INT"), **{f"k{n}": 1 for n in range(200_000)}})
    yield (
        "many unknown keys in columns",
        lambda: _schema(*({"name": f"c{n}", "data_type": "INT", "a": 1, "b": 2, "c": 3} for n in range(2_000))),
    )
    yield (
        "a key twice at the end",
        lambda: '{"name": "a", ' + ", ".join(f'"k{n}": 1' for n in range(100_000)) + ', "name": 1}',
    )
    yield "a long key", lambda: json.dumps({**_column("INT"), "k" * 5_000_000: 1})
    yield "a lone surrogate", lambda: _column("TEXT", values=["\ud800"])
    yield "a NUL", lambda: _column("TEXT", values=["a\0b"])
    yield "a JSON file of spaces", lambda: "{" + " " * 40_000_000 + "}"


CASES: dict[str, Maker] = dict(_cases())
