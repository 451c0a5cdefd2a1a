-- A booking engine written in JavaScript: quoted camelCase, UUID keys, soft deletes.
CREATE OR REPLACE TABLE "hotels" (
    "hotelId"           VARCHAR(36)     NOT NULL DEFAULT UUID_STRING(),
    "hotelName"         VARCHAR(120)    NOT NULL,
    "chainCode"         CHAR(2),
    "starRating"        NUMBER(1,0),
    "reviewScore"       NUMBER(3,1)     COMMENT 'Average of guest reviews, 0 to 10',
    "reviewCount"       NUMBER(7,0),
    "addressLine1"      VARCHAR(120),
    "city"              VARCHAR(80),
    "postalCode"        VARCHAR(12),
    "countryCode"       CHAR(2)         NOT NULL,
    "geo"               GEOGRAPHY,
    "lat"               NUMBER(9,6),
    "lng"               NUMBER(9,6),
    "phoneNumber"       VARCHAR(24),
    "contactEmail"      VARCHAR(120),
    "websiteUrl"        VARCHAR(300),
    "checkInTime"       TIME            DEFAULT '15:00:00',
    "checkOutTime"      TIME            DEFAULT '11:00:00',
    "createdAt"         TIMESTAMP_NTZ   NOT NULL DEFAULT CURRENT_TIMESTAMP(),
    "deletedAt"         TIMESTAMP_NTZ,
    CONSTRAINT "pkHotels" PRIMARY KEY ("hotelId")
);

CREATE OR REPLACE TABLE "roomTypes" (
    "roomTypeId"        VARCHAR(36)     NOT NULL PRIMARY KEY,
    "hotelId"           VARCHAR(36)     NOT NULL REFERENCES "hotels" ("hotelId"),
    "roomTypeName"      VARCHAR(40)     NOT NULL,
    "bedType"           VARCHAR(6),
    "maxOccupancy"      NUMBER(2,0),
    "sizeSqm"           NUMBER(5,1),
    "hasBalcony"        BOOLEAN,
    "isSmoking"         BOOLEAN         DEFAULT FALSE,
    "baseRate"          NUMBER(10,2),
    "amenities"         ARRAY
);

CREATE OR REPLACE TABLE "rooms" (
    "roomId"            NUMBER(10,0)    AUTOINCREMENT PRIMARY KEY,
    "hotelId"           VARCHAR(36)     NOT NULL,
    "roomTypeId"        VARCHAR(36)     NOT NULL REFERENCES "roomTypes" ("roomTypeId"),
    "roomNumber"        VARCHAR(5)      NOT NULL,
    "floor"             NUMBER(2,0),
    "housekeepingStatus" VARCHAR(9)
);

CREATE OR REPLACE TABLE "guests" (
    "guestId"           VARCHAR(36)     NOT NULL PRIMARY KEY,
    "firstName"         VARCHAR(60),
    "lastName"          VARCHAR(60)     NOT NULL,
    "fullName"          VARCHAR(121) AS ("firstName" || ' ' || "lastName"),
    "emailAddress"      VARCHAR(160),
    "mobileNumber"      VARCHAR(24),
    "dateOfBirth"       DATE,
    "nationality"       CHAR(2),
    "preferredLanguage" VARCHAR(5),
    "loyaltyNumber"     VARCHAR(10),
    "loyaltyPoints"     NUMBER(9,0)     DEFAULT 0,
    "vipFlag"           BOOLEAN,
    "passwordHash"      CHAR(64),
    "lastLoginIp"       VARCHAR(45),
    "createdAt"         TIMESTAMP_NTZ   NOT NULL,
    "updatedAt"         TIMESTAMP_NTZ
);

CREATE OR REPLACE TABLE "reservations" (
    "reservationId"     VARCHAR(36)     NOT NULL PRIMARY KEY,
    "confirmationCode"  CHAR(8)         NOT NULL UNIQUE,
    "hotelId"           VARCHAR(36)     NOT NULL REFERENCES "hotels" ("hotelId"),
    "roomTypeId"        VARCHAR(36)     NOT NULL REFERENCES "roomTypes" ("roomTypeId"),
    "guestId"           VARCHAR(36)     NOT NULL REFERENCES "guests" ("guestId"),
    "bookedAt"          TIMESTAMP_NTZ   NOT NULL,
    "arrivalDate"       DATE            NOT NULL,
    "departureDate"     DATE            NOT NULL,
    "nights"            NUMBER(3,0)     NOT NULL,
    "leadTimeDays"      NUMBER(4,0),
    "adults"            NUMBER(2,0)     NOT NULL DEFAULT 1,
    "children"          NUMBER(2,0)     DEFAULT 0,
    "mealPlan"          CHAR(2)         COMMENT 'RO, BB, HB, FB or AI',
    "marketSegment"     VARCHAR(12),
    "depositType"       VARCHAR(12),
    "averageDailyRate"  NUMBER(10,2),
    "roomTotal"         NUMBER(12,2),
    "vatRate"           NUMBER(4,3),
    "vatAmount"         NUMBER(12,2),
    "cityTax"           NUMBER(8,2),
    "grandTotal"        NUMBER(12,2),
    "currencyCode"      CHAR(3)         NOT NULL,
    "reservationStatus" VARCHAR(10)     NOT NULL,
    "isCancelled"       BOOLEAN         NOT NULL DEFAULT FALSE,
    "cancelledAt"       TIMESTAMP_NTZ,
    "checkedInAt"       TIMESTAMP_NTZ,
    "checkedOutAt"      TIMESTAMP_NTZ,
    "specialRequests"   VARCHAR(500)
)
CLUSTER BY ("arrivalDate");

CREATE OR REPLACE TABLE "reservationNights" (
    "reservationId"     VARCHAR(36)     NOT NULL REFERENCES "reservations" ("reservationId"),
    "stayDate"          DATE            NOT NULL,
    "roomId"            NUMBER(10,0)    REFERENCES "rooms" ("roomId"),
    "nightlyRate"       NUMBER(10,2)    NOT NULL,
    "discountPercent"   NUMBER(5,2)     DEFAULT 0,
    PRIMARY KEY ("reservationId", "stayDate")
);

-- Reviews arrive from a partner; nothing is declared.
CREATE OR REPLACE TABLE "guestReviews" (
    "reviewId"          VARCHAR(36),
    "reservationId"     VARCHAR(36),
    "overallScore"      NUMBER(2,0),
    "reviewTitle"       VARCHAR(80),
    "reviewText"        VARCHAR(4000),
    "reviewLanguage"    CHAR(2),
    "submittedAt"       TIMESTAMP_NTZ
);
