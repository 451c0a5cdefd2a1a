"""The words of names of texts in one spelling: `nm_product`, `PROD_NM` and `productname` are (product, name).

A glued word is split only where all of it is known, or where it ends with `name`, `code`, `type` and the like.
"""

from __future__ import annotations

from functools import lru_cache

from engine.rules.name_words import singular, split_glued, words, words_without_prefix

_SPELLINGS = {
    "nm": "name", "cd": "code", "nbr": "number", "no": "number", "num": "number", "nr": "number", "desc": "description",
    "descr": "description", "dscr": "description", "addr": "address", "flg": "flag", "yn": "flag", "typ": "type",
    "cntry": "country", "ctry": "country", "cust": "customer", "prod": "product", "acct": "account",
    "dept": "department", "lvl": "level", "lang": "language", "wh": "warehouse", "src": "source", "mfr": "manufacturer",
    "veh": "vehicle", "trx": "transaction", "txn": "transaction", "emp": "employee", "cat": "category",
    "prov": "province", "ccy": "currency", "licence": "license", "centre": "center", "colour": "color",
    "loc": "location", "tx": "text", "ds": "description", "tp": "type", "tel": "phone", "mob": "mobile",
    "serialno": "serial", "zip5": "zip", "regn": "registration",
}  # fmt: skip
_LEADING = frozenset("nm cd no flg tx ds tp".split())
_TAILS = "name code number type status country address channel level model version currency plate".split()
_WHOLE = frozenset(
    """surname username nickname filename hostname barcode zipcode postcode rename prototype lastname firstname fullname
    middlename datatype genotype phenotype statecode""".split()
)
_WORDS = frozenset(
    """account address advertising agent airport app area author avatar battery billing birth body booking brand browser
    bundle business buyer campaign card carrier category center channel city class client code color company condition
    confirmation contact contract cost country county coupon course currency customer damage department description
    device difficulty discount driver email employee engine error event exchange fare file flight fuel game gender guest
    guild hotel house image industry invoice item journal language lead legal level license line list location lot
    loyalty machine market material meal member menu merchant meter method mobile model name nationality network number
    operator order os owner package page parent partner passenger passport path payment phone photo plan plate platform
    player policy position postal product program promo property provider purchase rarity reason receipt record
    reference region registration reservation role room route sales seat security segment sensor serial service session
    shipping shop sku source stage state station status stop store storage street subject supplier system tag tariff
    tax team terminal ticket time title token tracking transaction transmission type unit url user vehicle vendor
    version visit voucher warehouse website zone zip id no""".split()
)
_SHORTEST_GLUED = 6
_NOTHING_SAID = (("source", "value"), ("source", "concept"))


@lru_cache(maxsize=100_000)
def text_names(name: str, table: str) -> tuple[tuple[str, ...], ...]:
    """Return the words of a name in one spelling: without the table's prefix, whole, and after the table's noun."""
    bare, whole = spell(words_without_prefix(name, table)), spell(words(name))
    noun = spell(words(table))[-1:]
    named = (*(singular(word) for word in noun), *bare)
    return tuple(dict.fromkeys(each for each in (bare, whole, named) if each))


def spell(found: tuple[str, ...]) -> tuple[str, ...]:
    """Return words in one spelling, a leading abbreviation such as `nm` at the end, glued words apart."""
    if len(found) > 1 and found[0] in _LEADING:
        found = (*found[1:], found[0])
    split = [piece for word in found for piece in _pieces(word)]
    spelled = tuple(_SPELLINGS.get(word, word) for word in split)
    for ending in _NOTHING_SAID:
        if len(spelled) > len(ending) and spelled[-len(ending) :] == ending:
            spelled = spelled[: -len(ending)]
    return spelled


def table_words(name: str) -> frozenset[str]:
    """Return the words of a table's name in the singular, glued ones apart."""
    return frozenset(singular(word) for word in spell(words(name)))


def _pieces(word: str) -> list[str]:
    if len(word) < _SHORTEST_GLUED or word in _WORDS or word in _WHOLE:
        return [word]
    if (found := split_glued(word, _WORDS)) != [word]:
        return found
    for tail in _TAILS:
        if word.endswith(tail) and len(word) - len(tail) > 2:
            return [word[: -len(tail)], tail]
    return [word]
