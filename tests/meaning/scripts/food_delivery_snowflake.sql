-- Meals brought home: an order passes from requested to delivered, and every step has its own timestamp.
CREATE OR REPLACE TABLE order_status (
    status_id           NUMBER(2,0)     NOT NULL PRIMARY KEY,
    status_code         VARCHAR(12)     NOT NULL,
    status_label        VARCHAR(40)     NOT NULL,
    is_terminal         BOOLEAN         NOT NULL
);

CREATE OR REPLACE TABLE restaurants (
    restaurant_id       NUMBER(10,0)    NOT NULL PRIMARY KEY,
    restaurant_name     VARCHAR(100)    NOT NULL,
    cuisine             VARCHAR(20),
    price_level         NUMBER(1,0)     COMMENT '1 to 4',
    rating              NUMBER(2,1)     COMMENT '1.0 to 5.0',
    rating_count        NUMBER(7,0),
    phone               VARCHAR(20),
    street_address      VARCHAR(120),
    city                VARCHAR(60),
    zip_code            VARCHAR(10),
    latitude            NUMBER(10,7),
    longitude           NUMBER(10,7),
    opens_at            TIME,
    closes_at           TIME,
    avg_prep_minutes    NUMBER(3,0),
    commission_rate     NUMBER(4,3),
    onboarded_on        DATE,
    is_open             BOOLEAN
);

CREATE OR REPLACE TABLE menu_items (
    menu_item_id        NUMBER(12,0)    NOT NULL PRIMARY KEY,
    restaurant_id       NUMBER(10,0)    NOT NULL REFERENCES restaurants (restaurant_id),
    item_name           VARCHAR(80)     NOT NULL,
    item_description    VARCHAR(300),
    category            VARCHAR(20),
    unit_price          NUMBER(7,2)     NOT NULL,
    calories_kcal       NUMBER(5,0),
    is_vegetarian       BOOLEAN,
    spice_level         NUMBER(1,0)
);

CREATE OR REPLACE TABLE customers (
    customer_id         VARCHAR(36)     NOT NULL PRIMARY KEY,
    full_name           VARCHAR(100),
    email               VARCHAR(160),
    phone               VARCHAR(20),
    home_address        VARCHAR(200),
    home_lat            NUMBER(10,7),
    home_lng            NUMBER(10,7),
    signup_date         DATE,
    referral_code       CHAR(8),
    device_os           VARCHAR(7),
    lifetime_orders     NUMBER(6,0)     DEFAULT 0
);

CREATE OR REPLACE TABLE couriers (
    courier_id          VARCHAR(36)     NOT NULL PRIMARY KEY,
    first_name          VARCHAR(40),
    last_name           VARCHAR(40),
    phone               VARCHAR(20),
    vehicle_type        VARCHAR(7),
    plate_number        VARCHAR(10),
    rating              NUMBER(3,2),
    acceptance_rate     NUMBER(4,3),
    hired_on            DATE,
    left_on             DATE
);

CREATE OR REPLACE TABLE deliveries (
    order_id            NUMBER(14,0)    IDENTITY START 1 INCREMENT 1,
    order_code          VARCHAR(10)     NOT NULL,
    customer_id         VARCHAR(36)     NOT NULL,
    restaurant_id       NUMBER(10,0)    NOT NULL,
    courier_id          VARCHAR(36),
    status_id           NUMBER(2,0)     NOT NULL,
    requested_at        TIMESTAMP_NTZ   NOT NULL,
    accepted_at         TIMESTAMP_NTZ,
    prepared_at         TIMESTAMP_NTZ,
    picked_up_at        TIMESTAMP_NTZ,
    delivered_at        TIMESTAMP_NTZ,
    cancelled_at        TIMESTAMP_NTZ,
    promised_at         TIMESTAMP_NTZ,
    is_cancelled        BOOLEAN         NOT NULL DEFAULT FALSE,
    is_late             BOOLEAN,
    prep_duration_sec   NUMBER(6,0),
    delivery_duration_sec NUMBER(6,0),
    distance_km         NUMBER(5,2),
    pickup_lat          NUMBER(10,7),
    pickup_lng          NUMBER(10,7),
    dropoff_lat         NUMBER(10,7),
    dropoff_lng         NUMBER(10,7),
    subtotal            NUMBER(9,2)     NOT NULL,
    delivery_fee        NUMBER(7,2),
    service_fee         NUMBER(7,2),
    discount            NUMBER(7,2)     DEFAULT 0,
    tip                 NUMBER(7,2)     DEFAULT 0,
    tax                 NUMBER(7,2),
    total               NUMBER(9,2)     NOT NULL,
    currency_code       CHAR(3)         DEFAULT 'USD',
    payment_method      VARCHAR(6),
    promo_code          VARCHAR(12),
    customer_rating     NUMBER(1,0),
    customer_comment    VARCHAR(500),
    CONSTRAINT pk_deliveries PRIMARY KEY (order_id),
    CONSTRAINT fk_deliveries_customer FOREIGN KEY (customer_id) REFERENCES customers (customer_id),
    CONSTRAINT fk_deliveries_restaurant FOREIGN KEY (restaurant_id) REFERENCES restaurants (restaurant_id),
    CONSTRAINT fk_deliveries_courier FOREIGN KEY (courier_id) REFERENCES couriers (courier_id),
    CONSTRAINT fk_deliveries_status FOREIGN KEY (status_id) REFERENCES order_status (status_id)
)
CLUSTER BY (TO_DATE(requested_at), restaurant_id);

CREATE OR REPLACE TABLE delivery_items (
    order_id            NUMBER(14,0)    NOT NULL REFERENCES deliveries (order_id),
    line_no             NUMBER(3,0)     NOT NULL,
    menu_item_id        NUMBER(12,0)    NOT NULL REFERENCES menu_items (menu_item_id),
    quantity            NUMBER(3,0)     NOT NULL DEFAULT 1,
    unit_price          NUMBER(7,2)     NOT NULL,
    line_amount         NUMBER(9,2)     NOT NULL,
    note                VARCHAR(140),
    PRIMARY KEY (order_id, line_no)
);
