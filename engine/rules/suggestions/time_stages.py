"""What happens after what: stages by the words of column names, and how long the next one takes.

A family is one sequence of stages, from the first to the last; a table's columns that are of one family follow each
other. The special families stand before the general ones.
"""

from __future__ import annotations

from dataclasses import dataclass

SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "month": 30 * 86_400, "year": 365 * 86_400}


@dataclass(frozen=True)
class Gap:
    """A span between two moments, both ends inclusive, in a unit."""

    low: int
    high: int
    unit: str

    def __str__(self) -> str:
        return f"{self.low} to {self.high} {self.unit}s"

    @property
    def seconds(self) -> tuple[int, int]:
        """The span in seconds, a month being 30 days."""
        return self.low * SECONDS[self.unit], self.high * SECONDS[self.unit]


@dataclass(frozen=True)
class Stage:
    """A stage: the words for it, the gap after the stage before it, and the share of rows that have not reached it.

    Nothing follows a promise, such as a due date: what comes later follows the stage before it.
    """

    words: tuple[str, ...]
    gap: Gap
    is_promise: bool = False
    null_fraction: float = 0.05


@dataclass(frozen=True)
class Family:
    """A sequence of stages. `key_ranks` are those of which columns need one to be of this family; empty: none."""

    stages: tuple[Stage, ...]
    key_ranks: frozenset[int] = frozenset()


def _stage(text: str) -> Stage:
    """Return a stage of a line `gap: words`, such as `1-14 day ~0.1: delivered received`; `!` marks a promise."""
    head, _, listed = text.partition(":")
    if not listed:
        head, listed = "0-0 day", head
    fields = head.split()
    low, high = fields[0].lstrip("!").split("-")
    share = float(fields[2].lstrip("~")) if len(fields) > 2 else 0.05
    return Stage(tuple(listed.split()), Gap(int(low), int(high), fields[1]), head.startswith("!"), share)


def _family(line: str) -> Family:
    """Return the family of a line; a stage after `*` is one that its columns need."""
    parts = [part.strip() for part in line.split("|")]
    keys = frozenset(rank for rank, part in enumerate(parts) if part.startswith("*"))
    return Family(tuple(_stage(part.lstrip("*")) for part in parts), keys)


def _families(text: str) -> tuple[Family, ...]:
    lines = text.strip().replace("\n    ", " ").splitlines()
    return tuple(map(_family, lines))


SCHEDULES = (
    "scheduled planned estimated expected promised target forecast sched est".split(),
    "actual real".split(),
)
"""The words of a plan, and of what came of it: `scheduled_departure` and `actual_departure`, or `departure` alone."""

FAMILIES = _families("""
birth born dob birthdate birthday | 6570-16500 day: hire hired employed hiredate
    | 60-3600 day ~0.7: termination terminated term left resigned separation
    | 3650-14600 day ~0.9: death deceased died dod
birth born dob birthdate birthday
    | 6570-16500 day: registered registration signup joined enrolled enrollment onboarded
    | 3650-14600 day ~0.9: death deceased died dod
birth born dob birthdate birthday | 14600-32000 day ~0.9: death deceased died dod
hire hired employed joined | 365-1500 day: promoted promotion
    | 60-3600 day ~0.7: termination terminated term left resigned separation leaving
applied application | 1-10 day: screened | 3-20 day ~0.3: interviewed interview | 2-15 day ~0.4: offered offer
    | 7-60 day ~0.6: hired hire
applied application submitted filed | 1-20 day: reviewed review
    | 1-30 day ~0.1: approved approval decided decision granted
    | 1-20 day ~0.2: disbursed disbursement funded funding | 1-10 year: maturity matures matured
queued scheduled | 5-600 second: sent | 1-90 second ~0.03: delivered
    | 60-172800 second ~0.5: opened open read viewed | 5-600 second ~0.8: clicked click
    | 60-3600 second ~0.95: converted unsubscribed complained
sent | 1-90 second ~0.97: bounced
impression served | 1-600 second ~0.9: clicked click | 60-86400 second ~0.97: converted conversion
requested request placed ordered created order | 10-180 second: accepted confirmed assigned
    | *60-900 second ~0.02: preparing arrived | *5-30 minute ~0.03: prepared ready
    | *3-25 minute ~0.04: pickup | 5-45 minute ~0.06: delivered dropoff delivery
requested request | 20-900 second: pickup | 4-90 minute: dropoff
rental rented pickup | 1-14 day: dropoff return returned
pickup collected | 4-90 minute: dropoff
reserved reservation booked booking | 1-120 day: checkin | 1-14 day: checkout
borrowed loan loaned checkout issued issue | !14-28 day: due | 1-40 day ~0.2: returned return
checkin | 1-14 day: checkout
booked booking | 1-120 day: departure departed depart
boarding | 20-60 minute: departure departed depart takeoff | 40-720 minute: landing landed arrival arrived arrive
admission admitted admit | 1-14 day: discharge discharged disch dischg
onset | 1-60 day: diagnosed diagnosis | 1-30 day: treated treatment
prescribed prescription | 0-7 day ~0.1: dispensed filled
collected collection sampled drawn | 30-600 minute: received | 1-48 hour ~0.05: resulted result reported
loss incident accident occurrence | 1-30 day: reported report filed claim notified
    | 1-20 day ~0.1: assessed assigned | 3-60 day ~0.2: approved settled settlement paid
    | 1-30 day ~0.3: closed close
service | 1-30 day: submitted submission claim received | 5-45 day ~0.1: adjudicated processed paid payment
trade traded | 1-3 day: settlement settled settle | 1-10 year: maturity matures matured
transaction txn authorized auth | 0-3 day: posted posting posting settled | 1-5 day ~0.05: cleared clearing
announcement announced declared declaration | 5-30 day: exdividend ex | 1-2 day: record
    | 7-30 day: payment paid payable
invoice invoiced billed bill billing issue issued | !14-60 day: due | 1-45 day ~0.15: paid payment settled
manufactured manufacture production produced mfg packed | 30-720 day: expiry expiration expires expired
effective inception incepted | 3-36 month: expiration expiry expires expired expire | 1-60 day ~0.7: renewed renewal
issue issued granted origination originated activated activation
    | 6-60 month: expiration expiry expires expired expire maturity matures matured
requisition requested | 1-10 day: approved | 1-5 day: ordered order po | !5-40 day: promised required need
    | 5-45 day ~0.1: received receipt | 1-20 day ~0.2: invoiced
quoted quote offered | 1-30 day: ordered order
cart carted | 60-7200 second: ordered order purchased purchase placed checkout
ordered order purchased purchase placed booked sold sale | 0-2 day: approved confirmed | 0-3 day: paid payment
    | 1-3 day ~0.05: picked | 0-2 day ~0.05: packed
    | 1-10 day ~0.08: shipped ship shipping shipment dispatched dispatch fulfilled
    | !0-20 day: commit committed required expected promised estimated due
    | 1-14 day ~0.12: delivered delivery received receipt arrived | 3-30 day ~0.9: returned return
    | 1-10 day ~0.92: refunded refund | 1-30 day ~0.2: completed closed
ordered order seated placed | 3-40 minute: served | 20-90 minute: paid closed
created creation opened reported raised logged open submitted received | 1-240 minute: assigned triaged
    | 1-240 minute ~0.05: acknowledged responded response answered answer replied reply
    | 1-120 hour ~0.25: resolved resolution solved fixed | 1-72 hour ~0.3: closed close completed
released listed listing | 5-180 day ~0.4: contract pending | 10-60 day ~0.5: sold closed sale
detected detection triggered alarm raised fired | 1-30 minute: acknowledged | 5-600 minute ~0.1: cleared resolved
event occurred captured measured generated observed recorded sampled read reading
    click session produced emitted device client
    | 1-30 second: received collected sent server | 1-60 second: ingested ingestion arrival
    | 1-120 second: processed | 1-300 second: loaded load inserted
*queued enqueued submitted scheduled | 1-300 second: started start dequeued
    | 5-3600 second ~0.1: completed finished ended end finish failed
request requested sent | 1-5 second: response responded replied
signed signing | 1-60 day: movein | 6-24 month ~0.4: moveout
*signed signing | 1-30 day: start effective | 6-36 month: end expiration
*trial | 7-30 day ~0.4: subscribed converted activated | 1-24 month ~0.7: cancelled canceled churned
signup registered registration joined enrolled enrollment subscribed
    | 0-7 day: verified confirmed activated activation | 1-365 day ~0.1: login
    | 30-900 day ~0.7: cancelled canceled churned unsubscribed deactivated withdrawn dropped graduated graduation
    completed
founded established opened open launched introduced installed commissioned acquired acquisition purchased
    | 1-10 year ~0.8: closed close retired discontinued decommissioned disposed sunset sold uninstalled
planted sown | 60-150 day: harvested harvest
created drafted | 1-30 day ~0.1: published posted released | 30-900 day ~0.7: unpublished archived retired
issued issue | 0-5 day: received | 14-60 day: due
started start from entered entry login clockin arrival open opened on connected takeoff kickoff sunrise
    movein onset since effective incepted commenced commencement
    | 1-8 hour ~0.15: ended end finished finish to until till thru through exited exit left logout clockout stopped stop
    completed completion closed close departure off disconnected landing whistle sunset moveout resolution expired
    expiration expiry expires
old previous before | 0-5 day: new current after
created inserted insert creation create entered registered added
    | 1-720 hour ~0.3: updated update modified modification changed edited lastmodified upd
    | 1-1440 hour ~0.9: deleted delete archived removed purged cancelled canceled deactivated
""")

AUDIT_WORDS = frozenset(
    "loaded load ingested inserted processed synced extracted etl refreshed exported replicated".split()
)
"""Stages of the warehouse itself: after everything that the row tells."""
UPDATE_WORDS = frozenset("updated update modified modification changed edited upd".split())
END_WORDS = frozenset("deleted delete archived removed purged".split())

STAY_WORDS = frozenset(
    "stay stays reservation reservations booking bookings guest guests hotel room rooms port portcall call vessel dock "
    "berth stop stops stopover".split()
)
"""Tables in which one arrives first and departs later."""

_SPANS = (
    ("trip ride call session page request job task run meeting chat pageview play stream execution query step viewing "
     "conversation journey sync load batch", Gap(1, 90, "minute")),
    ("shift class lesson game match charge charging parking event show work workout activity outage reservation slot "
     "appointment flight leg course_meeting sleep downtime maintenance surgery", Gap(1, 9, "hour")),
    ("visit encounter stay rental promotion promo sprint incident vacation leave absence discount sale cycle exposure "
     "treatment drug condition prescription episode hospitalization care therapy device", Gap(1, 14, "day")),
    ("contract subscription campaign project lease membership coverage enrollment employment assignment plan agreement "
     "observation program budget season semester term tenancy warranty phase position role", Gap(1, 24, "month")),
    ("policy", Gap(6, 12, "month")),
    ("license licence certificate certification valid validity row version record effective eff scd dw dim loan "
     "mortgage bond account passport registration patent", Gap(3, 48, "month")),
)  # fmt: skip
SPANS = {word: gap for listed, gap in _SPANS for word in listed.split()}
"""How long what a word names lasts: for starts and ends."""
