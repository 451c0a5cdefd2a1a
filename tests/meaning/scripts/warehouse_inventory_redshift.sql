-- Stock in distribution centres: where each item lies, what moves, what is counted.
CREATE SCHEMA IF NOT EXISTS wms;

CREATE TABLE wms.dim_warehouse (
    warehouse_key      INTEGER       NOT NULL ENCODE raw,
    warehouse_code     VARCHAR(6)    NOT NULL,
    warehouse_name     VARCHAR(60)   NOT NULL,
    address_line_1     VARCHAR(100),
    address_line_2     VARCHAR(100),
    city               VARCHAR(60),
    state_province     VARCHAR(40),
    zip_code           VARCHAR(10),
    country_iso3       CHAR(3),
    latitude           DECIMAL(9,6),
    longitude          DECIMAL(9,6),
    floor_area_sqm     INTEGER,
    dock_door_count    SMALLINT,
    manager_name       VARCHAR(80),
    manager_phone      VARCHAR(20),
    is_bonded          BOOLEAN       DEFAULT FALSE,
    PRIMARY KEY (warehouse_key)
) DISTSTYLE ALL;

CREATE TABLE wms.dim_bin (
    bin_key            INTEGER       NOT NULL,
    warehouse_key      INTEGER       NOT NULL REFERENCES wms.dim_warehouse (warehouse_key),
    bin_code           VARCHAR(14)   NOT NULL,             -- A-03-12-2
    zone               CHAR(1)       NOT NULL,
    aisle_no           SMALLINT      NOT NULL,
    rack_no            SMALLINT      NOT NULL,
    shelf_level        SMALLINT      NOT NULL,
    storage_type       VARCHAR(12),                        -- ambient, chilled, frozen, hazmat
    max_weight_kg      DECIMAL(8,2),
    max_volume_m3      DECIMAL(8,4),
    min_temp_c         DECIMAL(4,1),
    max_temp_c         DECIMAL(4,1),
    PRIMARY KEY (bin_key)
) DISTSTYLE ALL;

CREATE TABLE wms.dim_item (
    item_key           INTEGER       NOT NULL,
    sku                VARCHAR(20)   NOT NULL UNIQUE,
    upc                CHAR(12),
    ean13              CHAR(13),
    item_description   VARCHAR(160)  NOT NULL,
    brand              VARCHAR(40),
    category_name      VARCHAR(40),
    abc_class          CHAR(1),                            -- A, B, C by turnover
    unit_of_measure    VARCHAR(4)    DEFAULT 'EA',
    case_pack_qty      SMALLINT      DEFAULT 1,
    unit_cost          DECIMAL(12,4) NOT NULL,
    unit_list_price    DECIMAL(12,2) NOT NULL,
    unit_weight_kg     DECIMAL(9,3),
    shelf_life_days    SMALLINT,
    min_stock_qty      INTEGER       NOT NULL,
    max_stock_qty      INTEGER       NOT NULL,
    reorder_point_qty  INTEGER,
    lead_time_days     SMALLINT,
    country_of_origin  CHAR(2),
    hs_code            VARCHAR(10),
    is_discontinued    BOOLEAN       NOT NULL DEFAULT FALSE,
    discontinued_date  DATE,
    row_effective_date DATE          NOT NULL,
    row_expiry_date    DATE          NOT NULL DEFAULT '9999-12-31',
    row_is_current     BOOLEAN       NOT NULL DEFAULT TRUE,
    PRIMARY KEY (item_key)
) DISTKEY (item_key) SORTKEY (item_key);

CREATE TABLE wms.dim_movement_type (
    movement_type_code SMALLINT      NOT NULL PRIMARY KEY,
    movement_type_name VARCHAR(30)   NOT NULL,
    direction          SMALLINT      NOT NULL             -- 1 into stock, -1 out of stock
) DISTSTYLE ALL;

INSERT INTO wms.dim_movement_type VALUES
    (101, 'Goods receipt', 1),
    (201, 'Picked for an order', -1),
    (301, 'Transfer in', 1),
    (302, 'Transfer out', -1),
    (701, 'Count gain', 1),
    (702, 'Count loss', -1);

CREATE TABLE wms.fact_stock_movement (
    movement_id        BIGINT        IDENTITY(1, 1) NOT NULL,
    movement_ts        TIMESTAMP     NOT NULL ENCODE az64,
    movement_date_key  INTEGER       NOT NULL,             -- 20240131
    item_key           INTEGER       NOT NULL REFERENCES wms.dim_item (item_key),
    warehouse_key      INTEGER       NOT NULL REFERENCES wms.dim_warehouse (warehouse_key),
    from_bin_key       INTEGER       REFERENCES wms.dim_bin (bin_key),
    to_bin_key         INTEGER       REFERENCES wms.dim_bin (bin_key),
    movement_type_code SMALLINT      NOT NULL REFERENCES wms.dim_movement_type (movement_type_code),
    quantity           INTEGER       NOT NULL,
    unit_cost          DECIMAL(12,4) NOT NULL,
    extended_cost      DECIMAL(16,4) NOT NULL,             -- quantity times unit_cost
    lot_number         VARCHAR(20),
    expiry_date        DATE,
    reference_doc      VARCHAR(20),
    operator_id        VARCHAR(10),
    PRIMARY KEY (movement_id)
) DISTKEY (item_key) COMPOUND SORTKEY (movement_date_key, warehouse_key);

CREATE TABLE wms.fact_stock_snapshot (
    snapshot_date_key  INTEGER       NOT NULL,
    item_key           INTEGER       NOT NULL REFERENCES wms.dim_item (item_key),
    warehouse_key      INTEGER       NOT NULL REFERENCES wms.dim_warehouse (warehouse_key),
    on_hand_qty        INTEGER       NOT NULL,
    allocated_qty      INTEGER       NOT NULL DEFAULT 0,
    available_qty      INTEGER       NOT NULL,             -- on hand minus allocated
    on_order_qty       INTEGER       NOT NULL DEFAULT 0,
    stock_value_amt    DECIMAL(16,2) NOT NULL,
    days_of_supply     DECIMAL(7,1),
    stockout_flag      SMALLINT      DEFAULT 0,            -- 0 or 1
    PRIMARY KEY (snapshot_date_key, item_key, warehouse_key)
) DISTKEY (item_key) SORTKEY (snapshot_date_key);

CREATE TABLE wms.fact_cycle_count (
    count_id           BIGINT        NOT NULL PRIMARY KEY,
    bin_key            INTEGER       NOT NULL REFERENCES wms.dim_bin (bin_key),
    item_key           INTEGER       NOT NULL REFERENCES wms.dim_item (item_key),
    counted_at         TIMESTAMP     NOT NULL,
    system_qty         INTEGER       NOT NULL,
    counted_qty        INTEGER       NOT NULL,
    variance_qty       INTEGER       NOT NULL,             -- counted minus system
    variance_pct       DECIMAL(7,2),
    counted_by         VARCHAR(40),
    approved_by        VARCHAR(40),
    approved_at        TIMESTAMP
) DISTKEY (item_key);
