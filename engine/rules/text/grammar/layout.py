"""The layout of a grammar: tables of texts, and how draws add up to an index into each table.

Each alternative is split into groups of adjacent atoms with few enough combinations to be listed. The j-th groups of
all alternatives share one table, the slot j: a row gathers once from it, at

    base[alternative] + index of each draw * stride[alternative, draw]

so that the cost of a row does not grow with the number of alternatives. Alternatives with a draw in common share its
column.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

from engine.rules.text.grammar.alternatives import Alternative, Atom, Closed, list_alternatives
from engine.rules.text.grammar.nodes import Choice, Draw, Made, Node, Number, Pick

_FEW_COLUMNS = 6


@dataclass
class Column:
    """Indexes drawn for each row: below `size`, or below `sizes[alternative]` where alternatives differ."""

    size: int
    weights: tuple[float, ...] | None = None
    draw: Draw | None = None
    sizes: dict[int, int] = field(default_factory=dict)

    @property
    def name(self) -> str | None:
        """The name under which a caller can supply the indexes."""
        return None if self.draw is None else self.draw.name


@dataclass
class Slot:
    """A table of texts; by alternative, the base and the (column, stride) pairs that make its index.

    `closed` holds the nodes with their own expressions, and the alternatives they belong to.
    """

    texts: list[str]
    bases: list[int]
    strides: list[dict[int, int]]
    closed: list[tuple[Closed, list[int]]]


@dataclass
class Layout:
    """The weights of the alternatives (None: even), the columns drawn and the slots gathered."""

    count: int
    weights: tuple[float, ...] | None
    columns: list[Column]
    slots: list[Slot]


def make_layout(node: Node) -> Layout:
    """Return the layout of a grammar."""
    rows = list_alternatives(node)
    columns = _Columns()
    most = 131_072 if len(rows) <= 8 else 32_768 if len(rows) <= 16 else 4_096 if len(rows) <= 64 else 1_024
    grouped = [_groups(row.atoms, most) for row in rows]
    slots = [
        _make_slot([groups[j] if j < len(groups) else [] for groups in grouped], columns)
        for j in range(max(map(len, grouped), default=0))
    ]
    _share_columns(columns.all, slots, len(rows))
    return Layout(len(rows), _weights(rows), columns.all, slots)


def _weights(rows: Sequence[Alternative]) -> tuple[float, ...] | None:
    weights = [row.weight for row in rows]
    is_even = max(weights) - min(weights) < 1e-12 * max(weights)
    return None if is_even else tuple(weights)


def _groups(atoms: Sequence[Atom], most: int) -> list[list[Atom]]:
    groups: list[list[Atom]] = []
    size = most + 1
    for atom in atoms:
        if isinstance(atom, Choice | Number | Made):
            groups.append([atom])
            size = most + 1
            continue
        count = 1 if isinstance(atom, str) else len(atom.texts)
        if groups and size * count <= most:
            groups[-1].append(atom)
            size *= count
        else:
            groups.append([atom])
            size = count
    return groups


class _Columns:
    """The columns so far, by what they draw and their turn within an alternative."""

    def __init__(self) -> None:
        self.all: list[Column] = []
        self._places: dict[Hashable, int] = {}
        self._turns: dict[tuple[int, Hashable], int] = {}

    def place(self, pick: Pick, alternative: int) -> int:
        """Return the column of a pick in an alternative."""
        if pick.draw is not None:
            return self._found(id(pick.draw), Column(pick.draw.size, pick.draw.weights, pick.draw))
        kind: Hashable = len(pick.texts) if pick.weights is None else pick.weights
        turn = self._turns.get((alternative, kind), 0)
        self._turns[alternative, kind] = turn + 1
        return self._found((kind, turn), Column(len(pick.texts), pick.weights))

    def _found(self, key: Hashable, column: Column) -> int:
        if key not in self._places:
            self._places[key] = len(self.all)
            self.all.append(column)
        return self._places[key]


def _make_slot(groups: Sequence[list[Atom]], columns: _Columns) -> Slot:
    """Return the table of one slot, with a group of each alternative; equal groups are stored once."""
    slot = Slot([], [], [], [])
    starts: dict[Hashable, int] = {}
    closed: dict[int, tuple[Closed, list[int]]] = {}
    for alternative, group in enumerate(groups):
        atoms: list[str | Pick] = []
        for atom in group:
            if isinstance(atom, Choice | Number | Made):
                closed.setdefault(id(atom), (atom, []))[1].append(alternative)
            else:
                atoms.append(atom)
        key = tuple(atom if isinstance(atom, str) else atom.texts for atom in atoms)
        if key not in starts:
            starts[key] = len(slot.texts)
            slot.texts += _texts(atoms)
        slot.bases.append(starts[key])
        slot.strides.append(_strides(atoms, alternative, columns))
    slot.closed = list(closed.values())
    return slot


def _texts(atoms: Sequence[str | Pick]) -> list[str]:
    texts = [""]
    for atom in atoms:
        ends = (atom,) if isinstance(atom, str) else atom.texts
        texts = [text + end for text in texts for end in ends]
    return texts


def _strides(atoms: Sequence[str | Pick], alternative: int, columns: _Columns) -> dict[int, int]:
    picks = [atom for atom in atoms if isinstance(atom, Pick)]
    places = [columns.place(pick, alternative) for pick in picks]
    strides: dict[int, int] = {}
    stride = 1
    for pick, place in zip(reversed(picks), reversed(places), strict=True):
        strides[place] = strides.get(place, 0) + stride
        stride *= len(pick.texts)
    return strides


def _share_columns(columns: list[Column], slots: Sequence[Slot], count: int) -> None:
    """Merge uniform columns that no alternative uses together into one whose size depends on the alternative."""
    if len(columns) <= _FEW_COLUMNS:
        return
    users = [{a for slot in slots for a in range(count) if c in slot.strides[a]} for c in range(len(columns))]
    target: dict[int, int] = {}
    kept: list[int] = []
    for c, column in enumerate(columns):
        if column.weights is None and column.draw is None and len(users[c]) < count:
            host = next((k for k in kept if columns[k].sizes and not users[k] & users[c]), None)
            if host is not None:
                columns[host].sizes.update(dict.fromkeys(users[c], column.size))
                users[host] |= users[c]
                target[c] = host
                continue
            column.sizes = dict.fromkeys(users[c], column.size)
        kept.append(c)
    number = {c: place for place, c in enumerate(kept)}
    for slot in slots:
        slot.strides = [{number[target.get(c, c)]: s for c, s in strides.items()} for strides in slot.strides]
    for k in kept:
        if len(set(columns[k].sizes.values())) <= 1:
            columns[k].sizes = {}
    columns[:] = [columns[k] for k in kept]
