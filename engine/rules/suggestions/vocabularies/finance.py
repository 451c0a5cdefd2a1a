"""Banks, cards, markets, ledgers and taxes."""

from __future__ import annotations

from engine.rules.suggestions.vocabularies.vocabulary import composed, formed, listed

_STOCKS = (
    "Apple Inc.:AAPL, Microsoft Corp.:MSFT, Amazon.com Inc.:AMZN, NVIDIA Corp.:NVDA, Alphabet Inc.:GOOGL, Tesla "
    "Inc.:TSLA, JPMorgan Chase & Co.:JPM, Visa Inc.:V, Johnson & Johnson:JNJ, Walmart Inc.:WMT, Procter & Gamble:PG, "
    "Exxon Mobil:XOM, Coca-Cola Co.:KO, Walt Disney Co.:DIS, Intel Corp.:INTC, Cisco Systems:CSCO, Pfizer Inc.:PFE, "
    "Nike Inc.:NKE, Boeing Co.:BA, McDonald's Corp.:MCD"
)
_EXCHANGES = (
    "New York Stock Exchange:XNYS, Nasdaq:XNAS, London Stock Exchange:XLON, Xetra:XETR, Tokyo Stock Exchange:XTKS, "
    "Euronext Paris:XPAR, Hong Kong Exchange:XHKG"
)
FINANCE = (
    listed("a currency",
           "currency | currency code | currency cd | ccy | curr | base currency | quote currency | currency iso | "
           "currency iso code | iso currency code | ccy code | functional currency | settlement currency | "
           "transaction currency", "USD, EUR, GBP, JPY, CHF, CAD, AUD, CNY, SEK, PLN, INR, BRL, MXN"),
    listed("the symbol of a currency", "currency symbol | ccy symbol", "$, €, £, ¥, Fr, kr, zł"),
    listed("a stock", "security name | stock name | instrument name | company name | issuer name | fund name", _STOCKS,
           tables="security stock instrument listing share equity ticker holding position"),
    listed("a ticker",
           "ticker | ticker symbol | stock symbol | symbol | stock code | security symbol | underlying symbol",
           _STOCKS),
    formed("a security number", "isin | isin code", "US##########"),
    formed("a security number", "cusip | cusip number", "#########"),
    formed("a security number", "sedol", "B######"),
    formed("a security number", "figi", "BBG00???####", "BBG00#######"),
    listed("how a card is funded", "funding | card funding | funding type", "credit, debit, prepaid",
           tables="card payment charge"),
    formed("a merchant category code", "mcc | merchant category code", "####"),
    listed("an exchange",
           "exchange name | exchange | stock exchange | market name | exchange code | mic | mic code | market "
           "identifier code", _EXCHANGES,
           tables="exchange stock security listing quote trade market instrument price"),
    listed("a type of security", "security type | instrument type | asset class | asset type",
           "Stock:EQ, ETF:ETF, Bond:BND, Fund:FND, Options:OPT, Futures:FUT",
           tables="security instrument stock portfolio holding position asset trade listing"),
    listed("a sector", "sector | sector name | gics sector",
           "Technology, Health Care, Financials, Consumer Discretionary, Industrials, Energy, Consumer Staples, "
           "Utilities, Materials, Real Estate, Communication Services"),
    listed("a kind of action", "action type | corporate action type | event type",
           "dividend:DIV, split:SPL, merger:MRG, spinoff:SPN", tables="corporate dividend action"),
    listed("a side", "side | trade side | order side | buy sell | direction", "buy:B, sell:S",
           tables="trade order execution transaction fill"),
    composed("the name of a portfolio", "portfolio name", "Global, US, European, Emerging Markets, Sustainable",
             "Growth, Income, Balanced, Value, Small Cap", "Fund, Portfolio"),
    listed("a card scheme",
           "card scheme | card brand | card network | card issuer | credit card type | card company | card type",
           "Visa:VI, Mastercard:MC, American Express:AX, Discover:DS",
           tables="card payment transaction authorisation authorization order checkout customer"),
    formed("the last digits of a card",
           "last4 | last 4 | card last4 | card last 4 | last four | ssn last4 | ssn last 4 | last 4 digits | card "
           "last four", "####"),
    formed("the first digits of a card", "bin | card bin | iin", "4#####",
           tables="card payment authorisation transaction"),
    formed("an authorization code", "auth code | authorization code | authorisation code | approval code", "######",
           "####"),
    formed("a retrieval number", "rrn | retrieval reference number | stan", "############", "######"),
    listed("a way to read a card", "entry mode | pos entry mode | capture method | entry method",
           "chip, contactless, ecommerce, swipe, manual"),
    listed("a result of a check",
           "avs result | avs code | avs result code | cvv result | cvv result code | cvc result",
           "Match:M, No match:N, Unavailable:U, Partial:P"),
    listed("an indicator of e-commerce", "eci | eci code", "05, 06, 07"),
    listed("a decision", "decision | fraud decision | review decision", "approve, review, decline"),
    listed("a reason of a dispute", "reason code | dispute reason | chargeback reason | reason | dispute reason code",
           "Fraud:10.4, Not received:13.1, Not as described:13.3, Duplicate:12.6, Cancelled:13.7",
           tables="chargeback dispute"),
    listed("an outcome", "outcome | dispute outcome", "won, lost, pending", tables="chargeback dispute case"),
    listed("a category of merchants",
           "merchant category | mcc description | mcc desc | merchant type | merchant category description | "
           "merchant category name",
           "Grocery stores, Restaurants, Gas stations, Department stores, Hotels, Airlines, Pharmacies, Clothing "
           "stores, Electronics, Utilities"),
    listed("a merchant category code", "mcc | mcc code | merchant category code",
           "5411, 5812, 5541, 5311, 7011, 5912, 5651, 5732, 4111, 4900",
           tables="merchant card transaction payment authorisation category terminal store"),
    listed("a purpose of a transaction",
           "transaction description | transaction type | txn type | transaction type code | txn desc | narrative | "
           "transaction name | txn type name",
           "Card payment:CARD, Direct debit:DD, Salary:SAL, Transfer:TRF, ATM withdrawal:ATM, Fee:FEE, Interest:INT",
           tables="bank account transaction txn posting card payment"),
    listed("a type of account", "account type | account type name | account type code | product type | account kind",
           "Checking:CHK, Savings:SAV, Credit Card:CC, Loan:LN, Mortgage:MTG",
           tables="bank account deposit branch customer acct product"),
    listed("a type of account of a ledger", "account type | account class | account category | gl account type",
           "Expense:EXP, Revenue:REV, Asset:AST, Liability:LIA, Equity:EQU", tables="ledger gl finance chart journal"),
    listed("an account of a ledger", "account name | gl account name | account description | ledger account name",
           "Cash, Accounts Receivable, Inventory, Accounts Payable, Sales Revenue, Cost of Goods Sold, Salaries "
           "Expense, Rent Expense, Marketing Expense, Travel Expense, Depreciation, Retained Earnings, Interest "
           "Income, Office Supplies, Prepaid Expenses, Accrued Liabilities", tables="ledger gl chart journal"),
    formed("an account of a ledger",
           "gl account | gl account number | gl account no | account no | account code | gl code | gl account code "
           "| parent account no | ledger account", "######", "####", tables="ledger gl chart journal finance posting"),
    formed("an account number",
           "account number | account no | acct no | acct nbr | acct number | acct num | bank account number | "
           "account nbr | customer account no", "##########", "########", "######"),
    formed("a sort code", "sort code | bank sort code", "##-##-##", "######"),
    formed("a routing number", "routing number | aba | routing no | aba number | routing transit number", "0########"),
    formed("a bank", "bank code | branch code | branch cd | bank no | branch number", "B######", "######", "####",
           "###", tables="bank branch account loan teller"),
    listed("a normal balance",
           "normal balance | debit credit | dr cr | debit credit indicator | debit credit flag | dc indicator | "
           "shkzg", "Debit:D, Credit:C"),
    listed("a period", "period name | fiscal period name | accounting period",
           "2024-01, 2024-02, 2024-03, 2024-04, 2024-05, 2024-06, 2023-10, 2023-11, 2023-12"),
    listed("a tax code", "tax code | tax cd | vat code | tax category | tax class",
           "Standard:S1, Reduced:R1, Exempt:E0, Zero:Z0"),
    formed("a tax number",
           "vat number | vat no | vat id | tax number | vat registration number | tax id | ein | employer "
           "identification number", "##-#######", "#########",
           tables="company vendor supplier provider entity merchant account organization ledger business"),
    listed("a purpose of a loan", "loan purpose | purpose | loan type | loan product",
           "Home, Car, Debt consolidation, Home improvement, Education, Business",
           tables="loan mortgage credit application lending"),
    listed("a collateral", "collateral type | collateral", "Property:PROP, Vehicle:VEH, Deposit:DEP, None:NONE"),
    listed("a role of a holder", "holder role | account role | ownership type",
           "Primary:PRI, Joint:JNT, Guarantor:GUA"),
    listed("a channel of a bank", "channel | channel code | channel cd | transaction channel",
           "Mobile:MOB, Online:WEB, ATM:ATM, Branch:BRN, Phone:TEL",
           tables="bank txn account transaction loan posting"),
    listed("a state of a check", "kyc status | kyc | verification status | aml status",
           "verified, pending, rejected, expired"),
    listed("terms of payment", "payment terms | payment term | terms | terms of payment | zterm",
           "Net 30:N30, Net 60:N60, Net 14:N14, Due on receipt:DUE, 2/10 Net 30:2N30"),
    composed("a legal entity", "legal entity name | legal name | entity name | company legal name",
             "Northwind, Alder, Brightline, Kestrel, Oakhurst, Pinecrest, Tandem, Westbrook",
             "Holdings, Services, Trading, Finance, Manufacturing", "Ltd, Inc, GmbH, LLC"),
)  # fmt: skip
"""The vocabularies of money."""
