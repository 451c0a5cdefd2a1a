-- Raw copies of procurement tables of an SAP-like ERP. The names are the source's: short, upper case,
-- so the comments say what they hold. Dates are text (YYYYMMDD) as the source sends them, amounts are numbers.
USE SCHEMA RAW.ERP;

CREATE OR REPLACE TRANSIENT TABLE T001 (
    MANDT   VARCHAR(3)    NOT NULL COMMENT 'Client',
    BUKRS   VARCHAR(4)    NOT NULL COMMENT 'Company code',
    BUTXT   VARCHAR(25)   NOT NULL COMMENT 'Name of the company',
    ORT01   VARCHAR(25)   COMMENT 'City',
    LAND1   VARCHAR(3)    COMMENT 'Country key',
    WAERS   VARCHAR(5)    NOT NULL COMMENT 'Currency key',
    SPRAS   VARCHAR(1)    COMMENT 'Language key, E for English, D for German',
    PRIMARY KEY (MANDT, BUKRS)
) COMMENT = 'Company codes';

CREATE OR REPLACE TRANSIENT TABLE LFA1 (
    MANDT   VARCHAR(3)    NOT NULL COMMENT 'Client',
    LIFNR   VARCHAR(10)   NOT NULL COMMENT 'Vendor number, with leading zeros',
    NAME1   VARCHAR(35)   NOT NULL COMMENT 'Name of the vendor',
    STRAS   VARCHAR(35)   COMMENT 'Street and house number',
    PSTLZ   VARCHAR(10)   COMMENT 'Postal code',
    ORT01   VARCHAR(35)   COMMENT 'City',
    REGIO   VARCHAR(3)    COMMENT 'Region (state, province)',
    LAND1   VARCHAR(3)    NOT NULL COMMENT 'Country key',
    TELF1   VARCHAR(16)   COMMENT 'First telephone number',
    SMTP_ADDR VARCHAR(241) COMMENT 'E-mail address',
    STCEG   VARCHAR(20)   COMMENT 'VAT registration number',
    KTOKK   VARCHAR(4)    COMMENT 'Vendor account group',
    SPERR   VARCHAR(1)    COMMENT 'Blocked for posting, X or blank',
    LOEVM   VARCHAR(1)    COMMENT 'Deletion flag, X or blank',
    ERDAT   VARCHAR(8)    COMMENT 'Date on which the record was created, YYYYMMDD',
    ERNAM   VARCHAR(12)   COMMENT 'User who created the record',
    PRIMARY KEY (MANDT, LIFNR)
) COMMENT = 'Vendor master';

CREATE OR REPLACE TRANSIENT TABLE MARA (
    MANDT   VARCHAR(3)    NOT NULL COMMENT 'Client',
    MATNR   VARCHAR(18)   NOT NULL COMMENT 'Material number',
    MTART   VARCHAR(4)    NOT NULL COMMENT 'Material type: ROH, HALB, FERT, HAWA',
    MATKL   VARCHAR(9)    COMMENT 'Material group',
    MEINS   VARCHAR(3)    NOT NULL COMMENT 'Base unit of measure',
    BRGEW   NUMBER(13,3)  COMMENT 'Gross weight',
    NTGEW   NUMBER(13,3)  COMMENT 'Net weight',
    GEWEI   VARCHAR(3)    COMMENT 'Weight unit',
    EAN11   VARCHAR(18)   COMMENT 'International article number',
    LVORM   VARCHAR(1)    COMMENT 'Deletion flag at client level, X or blank',
    ERSDA   VARCHAR(8)    COMMENT 'Created on, YYYYMMDD',
    LAEDA   VARCHAR(8)    COMMENT 'Date of last change, YYYYMMDD',
    PRIMARY KEY (MANDT, MATNR)
) COMMENT = 'General material data';

CREATE OR REPLACE TRANSIENT TABLE MAKT (
    MANDT   VARCHAR(3)    NOT NULL COMMENT 'Client',
    MATNR   VARCHAR(18)   NOT NULL COMMENT 'Material number',
    SPRAS   VARCHAR(1)    NOT NULL COMMENT 'Language key',
    MAKTX   VARCHAR(40)   COMMENT 'Material description',
    PRIMARY KEY (MANDT, MATNR, SPRAS),
    FOREIGN KEY (MANDT, MATNR) REFERENCES MARA (MANDT, MATNR)
) COMMENT = 'Material descriptions';

CREATE OR REPLACE TRANSIENT TABLE EKKO (
    MANDT   VARCHAR(3)    NOT NULL COMMENT 'Client',
    EBELN   VARCHAR(10)   NOT NULL COMMENT 'Purchase order number',
    BUKRS   VARCHAR(4)    NOT NULL COMMENT 'Company code',
    BSTYP   VARCHAR(1)    COMMENT 'Document category, F is a purchase order',
    BSART   VARCHAR(4)    COMMENT 'Document type',
    LIFNR   VARCHAR(10)   NOT NULL COMMENT 'Vendor number',
    EKORG   VARCHAR(4)    COMMENT 'Purchasing organisation',
    EKGRP   VARCHAR(3)    COMMENT 'Purchasing group',
    BEDAT   VARCHAR(8)    NOT NULL COMMENT 'Purchase order date, YYYYMMDD',
    WAERS   VARCHAR(5)    NOT NULL COMMENT 'Currency key',
    WKURS   NUMBER(9,5)   COMMENT 'Exchange rate',
    ZTERM   VARCHAR(4)    COMMENT 'Terms of payment key',
    ZBD1T   NUMBER(3,0)   COMMENT 'Cash discount days 1',
    ZBD1P   NUMBER(5,3)   COMMENT 'Cash discount percentage 1',
    INCO1   VARCHAR(3)    COMMENT 'Incoterms, part 1',
    FRGKE   VARCHAR(1)    COMMENT 'Release indicator',
    PRIMARY KEY (MANDT, EBELN),
    FOREIGN KEY (MANDT, LIFNR) REFERENCES LFA1 (MANDT, LIFNR),
    FOREIGN KEY (MANDT, BUKRS) REFERENCES T001 (MANDT, BUKRS)
) COMMENT = 'Purchase order header';

CREATE OR REPLACE TRANSIENT TABLE EKPO (
    MANDT   VARCHAR(3)    NOT NULL COMMENT 'Client',
    EBELN   VARCHAR(10)   NOT NULL COMMENT 'Purchase order number',
    EBELP   NUMBER(5,0)   NOT NULL COMMENT 'Item number of the order: 10, 20, 30',
    MATNR   VARCHAR(18)   COMMENT 'Material number',
    TXZ01   VARCHAR(40)   COMMENT 'Short text',
    WERKS   VARCHAR(4)    COMMENT 'Plant',
    LGORT   VARCHAR(4)    COMMENT 'Storage location',
    MENGE   NUMBER(13,3)  NOT NULL COMMENT 'Order quantity',
    MEINS   VARCHAR(3)    NOT NULL COMMENT 'Order unit',
    NETPR   NUMBER(11,2)  NOT NULL COMMENT 'Net price per price unit',
    PEINH   NUMBER(5,0)   DEFAULT 1 COMMENT 'Price unit',
    NETWR   NUMBER(13,2)  NOT NULL COMMENT 'Net order value: quantity times net price',
    BRTWR   NUMBER(13,2)  NOT NULL COMMENT 'Gross order value',
    MWSKZ   VARCHAR(2)    COMMENT 'Tax code',
    ELIKZ   VARCHAR(1)    COMMENT 'Delivery completed, X or blank',
    LOEKZ   VARCHAR(1)    COMMENT 'Deletion indicator, L or blank',
    PRIMARY KEY (MANDT, EBELN, EBELP),
    FOREIGN KEY (MANDT, EBELN) REFERENCES EKKO (MANDT, EBELN)
) COMMENT = 'Purchase order item';

CREATE OR REPLACE TRANSIENT TABLE EKBE (
    MANDT   VARCHAR(3)    NOT NULL COMMENT 'Client',
    EBELN   VARCHAR(10)   NOT NULL COMMENT 'Purchase order number',
    EBELP   NUMBER(5,0)   NOT NULL COMMENT 'Item number of the order',
    VGABE   VARCHAR(1)    NOT NULL COMMENT 'Event type: 1 goods receipt, 2 invoice receipt',
    GJAHR   NUMBER(4,0)   NOT NULL COMMENT 'Year of the material document',
    BELNR   VARCHAR(10)   NOT NULL COMMENT 'Material document number',
    BUZEI   NUMBER(4,0)   NOT NULL COMMENT 'Item in the material document',
    BWART   VARCHAR(3)    COMMENT 'Movement type, 101 receipt and 102 its reversal',
    BUDAT   VARCHAR(8)    NOT NULL COMMENT 'Posting date, YYYYMMDD',
    MENGE   NUMBER(13,3)  COMMENT 'Quantity',
    DMBTR   NUMBER(13,2)  COMMENT 'Amount in local currency',
    WRBTR   NUMBER(13,2)  COMMENT 'Amount in document currency',
    WAERS   VARCHAR(5)    COMMENT 'Currency key',
    SHKZG   VARCHAR(1)    COMMENT 'Debit or credit: S or H',
    CPUDT   VARCHAR(8)    COMMENT 'Entry date, YYYYMMDD',
    CPUTM   VARCHAR(6)    COMMENT 'Entry time, HHMMSS',
    PRIMARY KEY (MANDT, EBELN, EBELP, VGABE, GJAHR, BELNR, BUZEI)
) COMMENT = 'Purchase order history';
