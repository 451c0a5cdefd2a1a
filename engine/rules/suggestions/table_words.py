"""What the names of tables say about their size: lookups, entities, events, and the affixes of warehouse layers."""

from __future__ import annotations


def _read_sizes(text: str) -> dict[str, int]:
    """Return the number after each name: `"region 5 | rate code 6"`."""
    pairs = (entry.strip().rpartition(" ") for entry in text.split("|"))
    return {name: int(number) for name, _, number in pairs}


LOOKUPS = _read_sizes(
    "region 5 | nation 25 | country 50 | continent 7 | state 50 | province 20 | borough 6 | zone 100 | territory 50 "
    "| currency 30 | language 30 | culture 8 | locale 30 | timezone 30 | time zone 30 | gender 3 | sex 3 | race 6 "
    "| ethnicity 3 | marital status 5 | status 6 | state code 50 | type 8 | category 20 | subcategory 40 | class 10 "
    "| kind 6 | group 12 | segment 5 | tier 4 | level 6 | grade 10 | rank 10 | priority 5 | severity 5 | reason 12 "
    "| reason code 12 | response code 20 | error code 30 | rate code 6 | diagnosis code 500 | procedure code 500 "
    "| merchant category 100 | mcc 100 | gl account 100 | ledger account 100 | code 20 | payment method 6 | method 6 "
    "| payment type 6 | mode 6 | ship mode 20 | channel 6 | network 6 | source 10 | medium 6 | media type 5 | genre 25 "
    "| format 8 | unit 12 | unit measure 38 | measure unit 12 | uom 12 | color 12 | colour 12 | size 8 | scale 10 "
    "| grade scale 12 | band 20 | income band 20 | weekday 7 | day of week 7 | month 12 | quarter 4 | season 4 "
    "| shift 3 | role 8 | permission 30 | title type 6 | industry 20 | sector 11 | department 12 | dept 12 | job 20 "
    "| job title 20 | position type 10 | term 20 | period 48 | fiscal period 48 | shipper 3 | service level 5 "
    "| tax rate 20 | relationship 30 | domain 20 | vocabulary 20 | concept class 20 | dictionary 50 | lookup 20 "
    "| definition 30 | event definition 30 | plan 6 | feature flag 20 | holiday 100 | flag 10 | outcome 6 "
    "| result code 10 | stage 6 | phase 5 | rating 5 | condition type 10 | body type 8 | fuel type 5"
)
"""Lookups by the end of their name, with as many rows as such a list usually has."""

ENTITIES = _read_sizes(
    "customer 10000 | client 10000 | user 10000 | person 10000 | people 10000 | patient 10000 | subscriber 10000 "
    "| member 10000 | account 10000 | contact 10000 | guest 10000 | passenger 10000 | policyholder 10000 "
    "| policy holder 10000 | policy 10000 | cardholder 8000 | card 10000 | household 5000 | visitor 10000 "
    "| player 10000 | profile 10000 | lead 5000 | opportunity 5000 | subscription 10000 | address 10000 "
    "| party 10000 | donor 5000 | voter 10000 | consumer 10000 | shopper 10000 | student 5000 | borrower 5000 "
    "| loan 5000 | vehicle 1000 | car 1000 | device 2000 | sensor 2000 | meter 2000 | machine 200 | equipment 200 "
    "| requester 2000 | applicant 3000 | candidate 3000 | listing 2000 | concept 1000 | property 1000 "
    "| product 2000 | item 2000 | part 2000 | sku 2000 | article 2000 | good 2000 | variant 4000 | film 1000 "
    "| movie 1000 | track 3500 | song 3500 | title 1000 | album 350 | book 1000 | asset 500 | security 500 "
    "| instrument 500 | stock 500 | symbol 500 | drug 500 | medication 500 | medicine 500 | component 1000 "
    "| material 500 | ingredient 200 | recipe 200 | dish 200 | video 1000 | content 1000 | page 500 | post 5000 "
    "| document 2000 | course 200 | course section 600 | section 300 | campaign 100 | ad 1000 "
    "| ad group 500 | keyword 2000 | creative 500 | promotion 100 | offer 100 | coupon 200 | template 50 "
    "| list 50 | audience 50 | experiment 50 | project 200 | task 5000 | ticket 10000 "
    "| employee 500 | staff 200 | worker 500 | driver 500 | rider 5000 | courier 500 | agent 200 | supplier 100 "
    "| vendor 100 | seller 500 | merchant 500 | provider 500 | doctor 200 | physician 200 | practitioner 200 "
    "| nurse 300 | instructor 200 | teacher 200 | author 300 | artist 275 | actor 200 | manager 50 | owner 200 "
    "| company 500 | organization 500 | organisation 500 | partner 100 | team 30 | brand 100 | manufacturer 100 "
    "| store 100 | shop 100 | branch 100 | warehouse 20 | hotel 50 | hospital 20 | facility 50 | location 100 "
    "| site 50 | care site 100 | station 100 | plant 10 | factory 10 | office 20 | gl account 100 | ledger account 100 "
    "| ad account 20 "
    "| restaurant 200 | clinic 50 "
    "| school 50 | center 20 | centre 20 | cost center 50 | airport 300 | aircraft 100 | airline 20 | carrier 20 "
    "| route 200 | line 30 | stop 500 | depot 10 | bin 500 | room 500 | bank 20 | fund 50 | exchange 10 | entity 20 "
    "| university 20 | program 30 | city 500 | county 200 | market 20 | district 100 | neighborhood 200 "
    "| postcode 1000 | zipcode 1000 | zip 1000 | portfolio 200 | model 50 | tag 50 | topic 50"
)
"""Entities by the end of their name, with their rows beside 50,000 orders."""

EVENTS = frozenset(
    "order sale transaction txn event log click view pageview hit session visit trip ride journey payment invoice bill "
    "receipt shipment delivery claim call booking reservation reading measurement observation sample metric message "
    "impression conversion rental return refund purchase transfer trade quote price balance inventory snapshot posting "
    "journal entry encounter appointment admission exposure occurrence enrollment review feedback survey movement stay "
    "flight play playback stream search request alert alarm notification send email open activity usage charge deposit "
    "withdrawal repayment settlement authorisation authorization chargeback dispute donation vote match game workout "
    "attendance absence payslip salary payroll timesheet telemetry ping position location_event scan pick count "
    "inspection test defect incident fault outage workorder adjustment accrual fee spend performance traffic rate "
    "forecast budget target score prediction history audit change cdr recharge topup download install bid auction "
    "interaction engagement response run execution job_run span trace holding subscription_event redemption lease "
    "lineitem contract report attempt subscription_change spend daily intraday".split()
)
"""The last words of the names of what happens again and again, in the singular."""

FOLLOW_UPS = frozenset("settlement payment shipment invoice receipt fulfillment delivery posting".split())
"""Events of which another event has about one."""

SMALL_EVENTS = frozenset("return refund chargeback dispute complaint cancellation churn".split())
"""Events that follow only some of the events before them."""

HEADERS = frozenset(
    "order sale invoice receipt bill claim ticket basket cart shipment quote purchase requisition journal payroll "
    "transaction booking reservation visit trip delivery po check header hdr".split()
)
"""Events that have lines."""

DETAILS = frozenset(
    "line item detail dtl lineitem linedetail leg segment lap component comment attachment note entry allocation split "
    "step milestone stop answer modifier row coupon charge tax discount tag position element package parcel".split()
)
"""The last words of the names of lines of something."""

SURE_DETAILS = frozenset("line item detail dtl lineitem".split())

LINE_NUMBERS = frozenset(
    "linenumber lineno linenum linenbr line line_number line_no line_num line_nbr line_id line_seq lineid seq seqno "
    "seqnum seq_no seq_num seq_nbr sequence sequence_number sequence_no sequence_num item_no item_num item_number "
    "item_seq item_nbr itemno position pos position_no ordinal idx index row_no row_num row_number leg_no leg_number "
    "leg_seq leg segment_no segment_number lap_no lap_number lap coupon_no coupon_number step_no step_number step "
    "stop_no stop_number stop_sequence detail_no detail_id detail_number version version_no version_number entry_no "
    "entry_number installment_no item_id order_line_id order_item_id".split()
)
"""Names of columns that count the rows of each parent."""

SETTINGS = frozenset(
    "config configuration setting parameter param property_setting migration changelog databasechangelog flyway "
    "watermark control".split()
)

LAYERS = {
    "dim": "dimension", "dimension": "dimension", "d": "dimension", "dm": "dimension",
    "fact": "fact", "fct": "fact", "f": "fact", "ft": "fact",
    "stg": "landing", "staging": "landing", "stage": "landing", "raw": "landing", "src": "landing",
    "landing": "landing", "lnd": "landing", "ods": "landing",
    "hub": "hub", "h": "hub", "link": "link", "lnk": "link", "l": "link", "sat": "satellite", "s": "satellite",
    "bridge": "bridge", "brg": "bridge", "b": "bridge", "br": "bridge", "xref": "bridge", "map": "bridge",
    "ref": "lookup", "lkp": "lookup", "lkup": "lookup", "lu": "lookup", "lookup": "lookup",
    "agg": "summary", "tbl": "", "tb": "", "t": "", "v": "", "int": "", "mart": "", "tmp": "", "hist": "",
}  # fmt: skip
"""First words of names that say the layer of a warehouse, and what they say."""

ENDINGS = {
    "dim": "dimension", "dimension": "dimension", "fact": "fact", "fct": "fact", "bridge": "bridge", "xref": "bridge",
    "map": "bridge", "mapping": "bridge", "assignment": "bridge", "membership": "bridge", "hub": "hub", "link": "link",
    "sat": "satellite", "satellite": "satellite", "summary": "summary", "aggregate": "summary", "hourly": "summary",
    "daily": "summary", "weekly": "summary", "monthly": "summary", "lookup": "lookup", "ref": "lookup", "lkp": "lookup",
    "agg": "summary", "tbl": "",
    "table": "", "hist": "history", "history": "history", "scd": "history", "archive": "", "staging": "landing",
    "raw": "landing", "stg": "landing", "hdr": "", "header": "",
}  # fmt: skip
"""Last words of names that say a layer or a kind, and what they say."""

LANDING_SCHEMAS = frozenset("raw stg staging stage landing src source bronze lnd ods ingest".split())
