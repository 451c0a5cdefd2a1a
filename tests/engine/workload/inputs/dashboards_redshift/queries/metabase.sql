-- Metabase: question 118 "Orders per day, previous quarter"
SELECT DATE_TRUNC('day', "source"."ordered_at") AS "ordered_at", COUNT(*) AS "count", SUM("source"."net") AS "sum"
FROM (SELECT "public"."orders"."order_id" AS "order_id", "public"."orders"."ordered_at" AS "ordered_at", "public"."orders"."status" AS "status", ("public"."orders"."total_amount" - "public"."orders"."shipping_cost") AS "net" FROM "public"."orders") "source"
WHERE ("source"."net" > 300 AND "source"."status" = 'awaiting_pickup' AND DATE_TRUNC('quarter', "source"."ordered_at") = DATE_TRUNC('quarter', DATEADD(quarter, -1, DATE '2024-08-20')))
GROUP BY DATE_TRUNC('day', "source"."ordered_at")
ORDER BY DATE_TRUNC('day', "source"."ordered_at") ASC;

-- Metabase: joined question with generated aliases
SELECT "Stores"."region" AS "Stores__region", "Customers - Customer"."loyalty_tier" AS "Customers - Customer__loyalty_tier", SUM("public"."orders"."total_amount") AS "sum"
FROM "public"."orders"
LEFT JOIN "public"."stores" "Stores" ON "public"."orders"."store_id" = "Stores"."store_id"
LEFT JOIN "public"."customers" "Customers - Customer" ON "public"."orders"."customer_id" = "Customers - Customer"."customer_id"
WHERE ("Stores"."region" = 'Mountain West' AND "Customers - Customer"."loyalty_tier" IS NOT NULL AND "Customers - Customer"."signup_channel" = 'referral_program' AND "public"."orders"."ordered_at" >= timestamp '2024-01-01 00:00:00' AND "public"."orders"."ordered_at" < timestamp '2025-01-01 00:00:00')
GROUP BY "Stores"."region", "Customers - Customer"."loyalty_tier"
ORDER BY "sum" DESC;

-- Metabase: period over period
WITH monthly AS (
  SELECT DATE_TRUNC('month', o.ordered_at)::date AS month, p.category, SUM(i.quantity * i.unit_price * (1 - i.discount_pct / 100)) AS revenue
  FROM order_items i
  JOIN orders o ON o.order_id = i.order_id
  JOIN products p ON p.product_id = i.product_id
  WHERE p.category IN ('Pour Over', 'Cold Brew')
  GROUP BY 1, 2
)
SELECT cur.month, cur.category, cur.revenue, prev.revenue AS revenue_last_year, cur.revenue / NULLIF(prev.revenue, 0) - 1 AS growth
FROM monthly cur
JOIN monthly prev ON prev.category = cur.category AND prev.month = DATEADD(year, -1, cur.month)
WHERE cur.month >= '2024-01-01' AND cur.month < '2024-07-01'
ORDER BY 1, 2;

-- Metabase: month over month by a self join of numbers
SELECT a.m, a.n, b.n AS n_before
FROM (SELECT DATEDIFF(month, '2020-01-01', created_at) AS m, COUNT(*) AS n FROM customers WHERE signup_channel = 'podcast_ad' GROUP BY 1) a
JOIN (SELECT DATEDIFF(month, '2020-01-01', created_at) AS m, COUNT(*) AS n FROM customers WHERE signup_channel = 'podcast_ad' GROUP BY 1) b ON b.m = a.m - 1
WHERE a.n >= 1;

-- Metabase: repeat buyers within 30 days
SELECT c.customer_id, c.first_name || ' ' || c.last_name AS name, COUNT(*) AS repeats
FROM customers c
JOIN orders o1 ON o1.customer_id = c.customer_id
JOIN orders o2 ON o2.customer_id = c.customer_id AND o2.ordered_at > o1.ordered_at AND o2.ordered_at <= DATEADD(day, 30, o1.ordered_at)
WHERE o1.promo_code = 'FRIENDS-FAMILY' AND c.last_name IN ('Okafor', 'Lindqvist', 'Nguyen')
GROUP BY 1, 2
ORDER BY 3 DESC
LIMIT 25;

-- Metabase: customers who never came back
SELECT COUNT(*) AS lost
FROM customers c
WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.customer_id AND o.ordered_at >= '2023-11-24' AND o.ordered_at < '2023-11-28' AND o.payment_method = 'gift_card')
  AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.customer_id AND o.ordered_at >= '2024-01-01')
HAVING COUNT(*) > 0;

-- Metabase: top three products of each store
SELECT store_name, product_name, units, rnk
FROM (
  SELECT s.store_name, p.product_name, SUM(i.quantity) AS units, ROW_NUMBER() OVER (PARTITION BY s.store_name ORDER BY SUM(i.quantity) DESC) AS rnk
  FROM orders o
  JOIN order_items i ON i.order_id = o.order_id
  JOIN stores s ON s.store_id = o.store_id
  JOIN products p ON p.product_id = i.product_id
  WHERE s.opened_on < '2015-06-01' AND p.brand NOT IN ('House Brand') AND s.store_name ILIKE '%downtown%'
  GROUP BY 1, 2
) ranked
WHERE rnk <= 3;

-- Metabase: landing pages and orders on the same day
SELECT SPLIT_PART(w.landing_page, '?', 1) AS page, COUNT(DISTINCT o.order_id) AS orders
FROM web_sessions w
JOIN orders o ON o.customer_id = w.customer_id AND TRUNC(o.ordered_at) = TRUNC(w.started_at)
WHERE w.utm_source = 'newsletter' AND SPLIT_PART(w.landing_page, '?', 1) = '/collections/holiday-gifts' AND w.converted = true
GROUP BY 1;

-- Metabase: moving average of returns
SELECT d.day, d.refunds, AVG(d.refunds) OVER (ORDER BY d.day ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) AS ma7
FROM (
  SELECT r.returned_at::date AS day, SUM(r.refund_amount) AS refunds
  FROM returns r
  JOIN order_items i ON i.order_item_id = r.order_item_id
  WHERE r.reason_code = 'NOT_AS_DESC' AND r.refund_amount > 0.8 * i.unit_price AND i.discount_pct = 0
    AND r.returned_at BETWEEN '2024-05-01' AND '2024-05-31 23:59:59'
  GROUP BY 1
) d
ORDER BY d.day;

-- Metabase: share of big baskets
SELECT SUM(CASE WHEN basket >= 5 THEN 1 ELSE 0 END)::float / COUNT(*) AS share
FROM (SELECT o.order_id, SUM(i.quantity) AS basket FROM orders o JOIN order_items i USING (order_id) WHERE o.status = 'complete' AND o.promo_code IS NULL GROUP BY o.order_id HAVING SUM(i.quantity) >= 3) b
HAVING COUNT(*) > 1;
