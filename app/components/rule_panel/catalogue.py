"""The catalogue of rules: a search, the categories, and each rule with its samples and a button to use it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from app.markdown_text import plain
from engine.display.wording import counted
from engine.types import CatalogueRule

_PAGE = 10
_HEIGHT = 440


def rule_catalogue(
    find: Callable[[str], list[CatalogueRule]],
    with_samples: Callable[[CatalogueRule], CatalogueRule],
    place: str,
    current: str,
    choose: Callable[[str], None],
) -> None:
    """Draw the catalogue; `choose` gets the name of the rule whose button is pressed."""
    search = st.text_input(
        "Search rules",
        key=f"rule_search:{place}",
        placeholder="full name, zip code, skewed …",
        icon=":material/search:",
        label_visibility="collapsed",
    )
    found = find(search)
    categories = list(dict.fromkeys(rule.category for rule in found))
    if not found:
        st.caption(f'No rule for "{plain(search)}" fits this type. Try another word, or clear the search.')
        return
    key = f"rule_category:{place}"
    if st.session_state.get(key) not in categories:
        st.session_state[key] = None
    category = st.selectbox(
        "Category",
        categories,
        key=key,
        placeholder=f"All categories: {counted(len(found), 'rule')}",
        label_visibility="collapsed",
    )
    shown = [rule for rule in found if category in (None, rule.category)]
    limit_key = f"rule_limit:{place}:{search}:{category}"
    limit = st.session_state.get(limit_key, _PAGE)
    with st.container(height=_HEIGHT, border=False, key=f"rule_list:{place}"):
        _list(shown[:limit], with_samples, place, current, choose, is_grouped=not search and category is None)
        if len(shown) > limit:
            st.button(
                f"Show {min(2 * _PAGE, len(shown) - limit)} more of {len(shown) - limit}",
                key=f"rule_more:{place}",
                type="tertiary",
                on_click=lambda: st.session_state.update({limit_key: limit + 2 * _PAGE}),
            )


def _list(
    rules: Sequence[CatalogueRule],
    with_samples: Callable[[CatalogueRule], CatalogueRule],
    place: str,
    current: str,
    choose: Callable[[str], None],
    *,
    is_grouped: bool,
) -> None:
    category = ""
    for rule in rules:
        if is_grouped and rule.category != category:
            category = rule.category
            st.markdown(f"**{plain(category)}**")
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            with st.container(gap=None, width="stretch"):
                group = "" if is_grouped else f" :small[{plain(_group(rule))}]"
                st.markdown(f"{plain(rule.label)}{group}")
                samples = ", ".join(with_samples(rule).samples)
                st.caption(plain(samples[:90] + "…" if len(samples) > 90 else samples or rule.description))
            st.button(
                "Used" if rule.name == current else "Use",
                key=f"use_rule:{place}:{rule.name}",
                disabled=rule.name == current,
                help=plain(rule.description) or None,
                on_click=choose,
                args=(rule.name,),
            )


def _group(rule: CatalogueRule) -> str:
    library = {"faker_rule": " · Faker", "mimesis_rule": " · Mimesis"}.get(rule.rule, "")
    return f"{rule.category}{library}"
