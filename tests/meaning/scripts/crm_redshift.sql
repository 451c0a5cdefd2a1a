-- Objects of a hosted CRM, replicated with their own names: 18-character ids, IsDeleted, audit dates.
CREATE TABLE crm."User" (
    "Id"                CHAR(18)      NOT NULL ENCODE raw,
    "Username"          VARCHAR(80)   NOT NULL,
    "FirstName"         VARCHAR(40),
    "LastName"          VARCHAR(80)   NOT NULL,
    "Email"             VARCHAR(128)  NOT NULL,
    "Alias"             VARCHAR(8),
    "Title"             VARCHAR(80),
    "Department"        VARCHAR(80),
    "TimeZoneSidKey"    VARCHAR(40),
    "LanguageLocaleKey" VARCHAR(5),
    "IsActive"          BOOLEAN       NOT NULL DEFAULT TRUE,
    "ManagerId"         CHAR(18),
    "LastLoginDate"     TIMESTAMP,
    "CreatedDate"       TIMESTAMP     NOT NULL,
    PRIMARY KEY ("Id"),
    FOREIGN KEY ("ManagerId") REFERENCES crm."User" ("Id")
)
DISTSTYLE ALL;

CREATE TABLE crm.Account (
    Id                  CHAR(18)      NOT NULL ENCODE raw,
    IsDeleted           BOOLEAN       NOT NULL DEFAULT FALSE,
    Name                VARCHAR(255)  NOT NULL ENCODE zstd,
    Type                VARCHAR(40)   ENCODE bytedict,
    ParentId            CHAR(18),
    Industry            VARCHAR(40)   ENCODE bytedict,
    AnnualRevenue       NUMERIC(18,2),
    NumberOfEmployees   INTEGER,
    Phone               VARCHAR(40),
    Fax                 VARCHAR(40),
    Website             VARCHAR(255),
    BillingStreet       VARCHAR(255),
    BillingCity         VARCHAR(40),
    BillingState        VARCHAR(80),
    BillingPostalCode   VARCHAR(20),
    BillingCountry      VARCHAR(80),
    BillingLatitude     NUMERIC(18,15),
    BillingLongitude    NUMERIC(18,15),
    Rating              VARCHAR(4),
    OwnerId             CHAR(18)      NOT NULL,
    CreatedDate         TIMESTAMP     NOT NULL,
    CreatedById         CHAR(18)      NOT NULL,
    LastModifiedDate    TIMESTAMP     NOT NULL,
    SystemModstamp      TIMESTAMP     NOT NULL,
    LastActivityDate    DATE,
    PRIMARY KEY (Id)
)
DISTKEY (Id)
SORTKEY (SystemModstamp);

CREATE TABLE crm.Contact (
    Id                  CHAR(18)      NOT NULL PRIMARY KEY,
    IsDeleted           BOOLEAN       NOT NULL DEFAULT FALSE,
    AccountId           CHAR(18)      DISTKEY REFERENCES crm.Account (Id),
    Salutation          VARCHAR(5),
    FirstName           VARCHAR(40),
    LastName            VARCHAR(80)   NOT NULL,
    Email               VARCHAR(128),
    MobilePhone         VARCHAR(40),
    Title               VARCHAR(128),
    Birthdate           DATE,
    LeadSource          VARCHAR(40),
    HasOptedOutOfEmail  BOOLEAN,
    EmailBouncedDate    TIMESTAMP,
    EmailBouncedReason  VARCHAR(255),
    OwnerId             CHAR(18),
    CreatedDate         TIMESTAMP     NOT NULL SORTKEY,
    LastModifiedDate    TIMESTAMP     NOT NULL
);

CREATE TABLE crm.Lead (
    Id                  CHAR(18)      NOT NULL PRIMARY KEY,
    IsDeleted           BOOLEAN       NOT NULL DEFAULT FALSE,
    FirstName           VARCHAR(40),
    LastName            VARCHAR(80)   NOT NULL,
    Company             VARCHAR(255)  NOT NULL,
    Email               VARCHAR(128),
    Status              VARCHAR(20),
    Rating              VARCHAR(4),
    IsConverted         BOOLEAN       NOT NULL,
    ConvertedDate       DATE,
    ConvertedAccountId  CHAR(18),
    ConvertedContactId  CHAR(18),
    CountryCode         CHAR(2),
    CreatedDate         TIMESTAMP     NOT NULL
)
DISTSTYLE EVEN;

CREATE TABLE crm.Opportunity (
    Id                  CHAR(18)      NOT NULL PRIMARY KEY,
    IsDeleted           BOOLEAN       NOT NULL DEFAULT FALSE,
    AccountId           CHAR(18)      DISTKEY REFERENCES crm.Account (Id),
    Name                VARCHAR(120)  NOT NULL,
    StageName           VARCHAR(40)   NOT NULL,
    Amount              NUMERIC(18,2),
    Probability         NUMERIC(3,0),
    ExpectedRevenue     NUMERIC(18,2),
    TotalOpportunityQuantity NUMERIC(18,2),
    CloseDate           DATE          NOT NULL,
    IsClosed            BOOLEAN       NOT NULL,
    IsWon               BOOLEAN       NOT NULL,
    ForecastCategory    VARCHAR(12),
    FiscalYear          SMALLINT,
    FiscalQuarter       SMALLINT,
    CurrencyIsoCode     CHAR(3),
    OwnerId             CHAR(18)      NOT NULL,
    CreatedDate         TIMESTAMP     NOT NULL SORTKEY
);

-- Bridge: which contact plays which part in an opportunity.
CREATE TABLE crm.OpportunityContactRole (
    Id                  CHAR(18)      NOT NULL PRIMARY KEY,
    OpportunityId       CHAR(18)      NOT NULL DISTKEY REFERENCES crm.Opportunity (Id),
    ContactId           CHAR(18)      NOT NULL REFERENCES crm.Contact (Id),
    Role                VARCHAR(20),
    IsPrimary           BOOLEAN       NOT NULL DEFAULT FALSE,
    CreatedDate         TIMESTAMP     NOT NULL
);
