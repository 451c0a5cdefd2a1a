-- Car rental: fleet, rates, reservations, contracts and damage.
USE WAREHOUSE LOAD_WH;
CREATE DATABASE IF NOT EXISTS RENTAL;
USE SCHEMA RENTAL.PUBLIC;

CREATE OR REPLACE TABLE Location (
    LocationID          NUMBER(5,0)    NOT NULL PRIMARY KEY,
    LocationCode        VARCHAR(6)     NOT NULL UNIQUE,
    LocationName        VARCHAR(80)    NOT NULL,
    AirportCode         VARCHAR(3)     COMMENT 'IATA',
    AddressLine1        VARCHAR(100),
    City                VARCHAR(60),
    StateCode           VARCHAR(3),
    PostalCode          VARCHAR(10),
    CountryCode         VARCHAR(2)     NOT NULL,
    Latitude            NUMBER(9,6),
    Longitude           NUMBER(9,6),
    PhoneNumber         VARCHAR(20),
    OpensAt             TIME,
    ClosesAt            TIME,
    Is24Hours           BOOLEAN        DEFAULT FALSE
);

CREATE OR REPLACE TABLE VehicleClass (
    ClassCode           VARCHAR(4)     NOT NULL PRIMARY KEY COMMENT 'ACRISS code, such as ECMR',
    ClassName           VARCHAR(30)    NOT NULL,
    Doors               NUMBER(1,0),
    Seats               NUMBER(2,0),
    Bags                NUMBER(2,0),
    Transmission        VARCHAR(9)     COMMENT 'manual, automatic',
    MinimumAge          NUMBER(2,0)    DEFAULT 21,
    DailyRateLow        NUMBER(8,2)    NOT NULL,
    DailyRateHigh       NUMBER(8,2)    NOT NULL,
    DepositAmount       NUMBER(8,2)
);

INSERT INTO VehicleClass VALUES
    ('ECMR', 'Economy', 4, 5, 2, 'manual', 21, 29.00, 59.00, 200.00),
    ('CDAR', 'Compact', 4, 5, 2, 'automatic', 21, 35.00, 75.00, 250.00),
    ('IFAR', 'Intermediate SUV', 5, 5, 3, 'automatic', 23, 49.00, 110.00, 300.00),
    ('LDAR', 'Luxury', 4, 5, 3, 'automatic', 25, 120.00, 260.00, 800.00);

CREATE OR REPLACE TABLE Vehicle (
    VehicleID           NUMBER(9,0)    NOT NULL PRIMARY KEY,
    VIN                 VARCHAR(17)    NOT NULL UNIQUE,
    LicensePlate        VARCHAR(12)    NOT NULL,
    ClassCode           VARCHAR(4)     NOT NULL REFERENCES VehicleClass (ClassCode),
    Make                VARCHAR(30)    NOT NULL,
    Model               VARCHAR(40)    NOT NULL,
    ModelYear           NUMBER(4,0)    NOT NULL,
    Color               VARCHAR(20),
    FuelType            VARCHAR(10)    COMMENT 'petrol, diesel, hybrid, electric',
    TankLiters          NUMBER(4,1),
    OdometerKm          NUMBER(7,0)    NOT NULL,
    HomeLocationID      NUMBER(5,0)    REFERENCES Location (LocationID),
    PurchaseDate        DATE           NOT NULL,
    PurchasePrice       NUMBER(10,2)   NOT NULL,
    ResidualValue       NUMBER(10,2),
    SoldDate            DATE,
    Status              VARCHAR(12)    DEFAULT 'available'
);

CREATE OR REPLACE TABLE Customer (
    CustomerID          NUMBER(12,0)   IDENTITY(1, 1) PRIMARY KEY,
    Salutation          VARCHAR(5),
    FirstName           VARCHAR(40)    NOT NULL,
    LastName            VARCHAR(60)    NOT NULL,
    DateOfBirth         DATE           NOT NULL,
    Email               VARCHAR(160)   NOT NULL,
    MobilePhone         VARCHAR(20),
    DriverLicenseNo     VARCHAR(20)    NOT NULL,
    LicenseCountry      VARCHAR(2),
    LicenseIssuedDate   DATE,
    LicenseExpiryDate   DATE,
    Nationality         VARCHAR(2),
    CorporateAccountNo  VARCHAR(12),
    IsBlacklisted       BOOLEAN        DEFAULT FALSE,
    CreatedDate         TIMESTAMP_NTZ  DEFAULT CURRENT_TIMESTAMP(),
    ModifiedDate        TIMESTAMP_NTZ
);

CREATE OR REPLACE TABLE Reservation (
    ReservationID       NUMBER(14,0)   NOT NULL PRIMARY KEY,
    ConfirmationCode    VARCHAR(8)     NOT NULL UNIQUE,
    CustomerID          NUMBER(12,0)   NOT NULL REFERENCES Customer (CustomerID),
    ClassCode           VARCHAR(4)     NOT NULL REFERENCES VehicleClass (ClassCode),
    PickupLocationID    NUMBER(5,0)    NOT NULL REFERENCES Location (LocationID),
    ReturnLocationID    NUMBER(5,0)    NOT NULL REFERENCES Location (LocationID),
    BookedAt            TIMESTAMP_NTZ  NOT NULL,
    PickupAt            TIMESTAMP_NTZ  NOT NULL,
    ReturnAt            TIMESTAMP_NTZ  NOT NULL,
    RentalDays          NUMBER(3,0)    NOT NULL,
    DailyRate           NUMBER(8,2)    NOT NULL,
    DiscountPct         NUMBER(4,2)    DEFAULT 0,
    EstimatedTotal      NUMBER(10,2)   NOT NULL,
    CurrencyCode        VARCHAR(3)     DEFAULT 'EUR',
    BookingChannel      VARCHAR(12)    COMMENT 'web, app, phone, desk, broker',
    FlightNumber        VARCHAR(7),
    IsCancelled         BOOLEAN        DEFAULT FALSE,
    CancelledAt         TIMESTAMP_NTZ,
    CHECK (ReturnAt > PickupAt)
);

CREATE OR REPLACE TABLE RentalContract (
    ContractID          NUMBER(14,0)   NOT NULL PRIMARY KEY,
    ReservationID       NUMBER(14,0)   REFERENCES Reservation (ReservationID),
    VehicleID           NUMBER(9,0)    NOT NULL REFERENCES Vehicle (VehicleID),
    CheckedOutAt        TIMESTAMP_NTZ  NOT NULL,
    CheckedInAt         TIMESTAMP_NTZ,
    OdometerOutKm       NUMBER(7,0)    NOT NULL,
    OdometerInKm        NUMBER(7,0),
    FuelLevelOutPct     NUMBER(3,0),
    FuelLevelInPct      NUMBER(3,0),
    RentalCharge        NUMBER(10,2)   NOT NULL,
    InsuranceCharge     NUMBER(10,2)   DEFAULT 0,
    FuelCharge          NUMBER(10,2)   DEFAULT 0,
    NetAmount           NUMBER(10,2)   NOT NULL,
    VatRate             NUMBER(4,3)    DEFAULT 0.190,
    VatAmount           NUMBER(10,2)   NOT NULL,
    GrossAmount         NUMBER(10,2)   NOT NULL,
    CardLast4           VARCHAR(4),
    AgentName           VARCHAR(60)
);

CREATE OR REPLACE TABLE DamageReport (
    DamageID            NUMBER(12,0)   NOT NULL PRIMARY KEY,
    ContractID          NUMBER(14,0)   NOT NULL REFERENCES RentalContract (ContractID),
    ReportedAt          TIMESTAMP_NTZ  NOT NULL,
    Severity            VARCHAR(8),
    Description         VARCHAR(400),
    PhotoUrl            VARCHAR(300),
    EstimatedCost       NUMBER(9,2),
    ActualCost          NUMBER(9,2),
    RepairedDate        DATE,
    ChargedToCustomer   BOOLEAN        DEFAULT FALSE
);
