"""Witnesses: for one query, rows of its tables that it finds together, and the scenarios that place them."""

from engine.workload.witnesses.facts import Facts, make_facts
from engine.workload.witnesses.finding import ATTEMPTS, find_witness
from engine.workload.witnesses.placing import is_placed, place_witnesses
from engine.workload.witnesses.records import Unsolved, Witness, WitnessRow

__all__ = [
    "ATTEMPTS",
    "Facts",
    "Unsolved",
    "Witness",
    "WitnessRow",
    "find_witness",
    "is_placed",
    "make_facts",
    "place_witnesses",
]
