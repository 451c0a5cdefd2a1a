-- Tableau: top N set joined back
SELECT "t0"."product_name" AS "product_name",
  SUM("order_items"."quantity") AS "sum:quantity:ok"
FROM "public"."order_items" "order_items"
  INNER JOIN "public"."products" "products" ON ("order_items"."product_id" = "products"."product_id")
  INNER JOIN (
  SELECT "products"."product_name" AS "product_name",
    SUM("order_items"."unit_price" * "order_items"."quantity") AS "$__alias__0"
  FROM "public"."order_items" "order_items"
    INNER JOIN "public"."products" "products" ON ("order_items"."product_id" = "products"."product_id")
  WHERE ("products"."category" = 'Espresso Machines')
  GROUP BY 1
  ORDER BY 2 DESC
  LIMIT 10
) "t0" ON ("products"."product_name" = "t0"."product_name")
WHERE ("products"."category" = 'Espresso Machines')
GROUP BY 1;

-- Tableau: quick filter of relative dates
SELECT CAST(TRUNC("orders"."ordered_at") AS DATE) AS "tdy:ordered_at:ok",
  COUNT(1) AS "cnt:Number of Records:ok",
  SUM("orders"."total_amount") AS "sum:total_amount:ok"
FROM "public"."orders" "orders"
WHERE (("orders"."status" IN ('backordered', 'partially_shipped')) AND (CAST("orders"."ordered_at" AS TIMESTAMP WITHOUT TIME ZONE) >= DATEADD(MONTH, -2, DATE_TRUNC('MONTH', TIMESTAMP '2024-11-17 00:00:00.000'))) AND ("orders"."ordered_at" < DATEADD(MONTH, 1, DATE_TRUNC('MONTH', TIMESTAMP '2024-11-17 00:00:00.000'))))
GROUP BY 1;

-- Tableau: running total
SELECT "t0"."month" AS "tmn:ordered_at:ok",
  SUM("t0"."revenue") OVER (ORDER BY "t0"."month" ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS "usr:Running Revenue:ok"
FROM (
  SELECT DATE_TRUNC('MONTH', "o"."ordered_at") AS "month",
    SUM("o"."total_amount") AS "revenue"
  FROM "public"."orders" "o"
    INNER JOIN "public"."customers" "c" ON "o"."customer_id" = "c"."customer_id"
  WHERE "c"."country" = 'NZ' AND DATE_PART('year', "o"."ordered_at") = 2023
  GROUP BY 1
) "t0"
WHERE "t0"."revenue" > 1000
ORDER BY 1;

-- Tableau: fixed level of detail
SELECT "t1"."cohort" AS "mn:cohort:ok", COUNT(DISTINCT "t0"."customer_id") AS "ctd:customer_id:ok"
FROM (
  SELECT "orders"."customer_id" AS "customer_id", "orders"."ordered_at" AS "ordered_at"
  FROM "public"."orders" "orders"
  WHERE "orders"."promo_code" = 'WELCOME10'
) "t0"
INNER JOIN (
  SELECT "orders"."customer_id" AS "customer_id", DATE_TRUNC('month', MIN("orders"."ordered_at")) AS "cohort"
  FROM "public"."orders" "orders"
  GROUP BY 1
) "t1" ON ("t0"."customer_id" = "t1"."customer_id")
WHERE "t1"."cohort" BETWEEN DATE '2024-02-01' AND DATE '2024-04-01'
GROUP BY 1;

-- Tableau: group of values and a wildcard filter
SELECT (CASE WHEN "products"."subcategory" IN ('Burr Grinders', 'Hand Grinders') THEN 'Grinders' WHEN "products"."subcategory" = 'Gooseneck Kettles' THEN 'Kettles' ELSE 'Other' END) AS "Subcategory (group)",
  MIN("products"."list_price") AS "min:list_price:ok", MAX("products"."list_price") AS "max:list_price:ok"
FROM "public"."products" "products"
WHERE (CASE WHEN "products"."subcategory" IN ('Burr Grinders', 'Hand Grinders') THEN 'Grinders' WHEN "products"."subcategory" = 'Gooseneck Kettles' THEN 'Kettles' ELSE 'Other' END) IN ('Grinders', 'Kettles')
  AND (STRPOS(LOWER("products"."sku"), LOWER('bg-')) > 0 OR LEFT("products"."sku", 3) = 'KT-')
  AND NOT "products"."discontinued"
GROUP BY 1;

-- Tableau: stock below its threshold
SELECT "s"."store_name", "p"."product_name", "i"."on_hand"
FROM "public"."inventory_snapshots" "i"
  JOIN "public"."stores" "s" ON "i"."store_id" = "s"."store_id"
  JOIN "public"."products" "p" ON "i"."product_id" = "p"."product_id"
WHERE "i"."snapshot_date" = DATE '2024-10-31' AND "i"."on_hand" <= 3 AND "i"."on_order" = 0
  AND "s"."format" = 'outlet' AND "p"."list_price" > 499.00
ORDER BY 3, 1
LIMIT 100;

-- Tableau: parameter, percent of a total
SELECT "web_sessions"."utm_source" AS "utm_source",
  SUM(CASE WHEN "web_sessions"."converted" THEN 1 ELSE 0 END) AS "conversions",
  SUM(1)::FLOAT / SUM(SUM(1)) OVER () AS "share"
FROM "public"."web_sessions" "web_sessions"
WHERE "web_sessions"."utm_campaign" ILIKE 'bfcm_2024_%' AND "web_sessions"."device" = 'tablet' AND "web_sessions"."pageviews" >= 12
GROUP BY "web_sessions"."utm_source";

-- Tableau: postal codes of a state
SELECT LEFT("c"."postal_code", 3) AS "sector", COUNT(*) AS "n"
FROM "public"."customers" "c"
WHERE "c"."postal_code" SIMILAR TO '97[0-9]{3}' AND "c"."country" = 'US' AND "c"."email" LIKE '%@gmail.com'
GROUP BY 1
ORDER BY 2 DESC;
