-- Looker: explore "orders", tile "Revenue by store, last 90 days"
SELECT
    stores.store_name  AS "stores.store_name",
    (DATE(DATE_TRUNC('week', orders.ordered_at ))) AS "orders.ordered_week",
    COALESCE(SUM(CAST(order_items.quantity * order_items.unit_price AS DOUBLE PRECISION)), 0) AS "order_items.total_revenue",
    COUNT(DISTINCT orders.order_id ) AS "orders.count"
FROM public.order_items  AS order_items
LEFT JOIN public.orders  AS orders ON order_items.order_id = orders.order_id
LEFT JOIN public.stores  AS stores ON orders.store_id = stores.store_id
WHERE ((( orders.ordered_at ) >= ((DATEADD(day,-89, DATE_TRUNC('day',TIMESTAMP '2024-09-30 08:00:00') ))) AND ( orders.ordered_at ) < ((DATEADD(day,90, DATEADD(day,-89, DATE_TRUNC('day',TIMESTAMP '2024-09-30 08:00:00') ) ))))) AND (stores.region ) = 'Pacific Northwest' AND (orders.status ) <> 'cancelled'
GROUP BY
    1,
    2
ORDER BY
    2 DESC
LIMIT 500;

-- Looker: tile "Loyalty tiers by age bucket"
WITH customer_facts AS (SELECT
        customer_id,
        COUNT(*) AS lifetime_orders,
        MIN(ordered_at) AS first_order,
        MAX(ordered_at) AS latest_order
      FROM public.orders
      WHERE status IN ('complete','shipped')
      GROUP BY customer_id
      )
SELECT
    CASE
WHEN customer_facts.lifetime_orders  < 2  THEN 'Below 2'
WHEN customer_facts.lifetime_orders  >= 2 AND customer_facts.lifetime_orders  < 5 THEN '2 to 4'
WHEN customer_facts.lifetime_orders  >= 5  THEN '5 or Above'
ELSE 'Undefined'
END AS "customer_facts.lifetime_orders_tier",
    customers.loyalty_tier AS "customers.loyalty_tier",
    COUNT(DISTINCT customers.customer_id ) AS "customers.count"
FROM public.customers AS customers
INNER JOIN customer_facts ON customers.customer_id = customer_facts.customer_id
WHERE (customers.loyalty_tier  IN ('Platinum', 'Black Card')) AND (customers.signup_channel = 'in-store kiosk')
GROUP BY 1,2
HAVING COUNT(DISTINCT customers.customer_id ) > 0
ORDER BY 3 DESC
LIMIT 500;

-- Looker: pivot with a row limit
SELECT * FROM (
SELECT *, DENSE_RANK() OVER (ORDER BY z___min_rank) as z___pivot_row_rank, RANK() OVER (PARTITION BY z__pivot_col_rank ORDER BY z___min_rank) as z__pivot_col_ordering FROM (
SELECT *, MIN(z___rank) OVER (PARTITION BY "products.category") as z___min_rank FROM (
SELECT *, RANK() OVER (ORDER BY CASE WHEN z__pivot_col_rank=1 THEN (CASE WHEN "order_items.total_quantity" IS NOT NULL THEN 0 ELSE 1 END) ELSE 2 END, "order_items.total_quantity" DESC, "products.category") AS z___rank FROM (
SELECT *, DENSE_RANK() OVER (ORDER BY "orders.payment_method") AS z__pivot_col_rank FROM (
SELECT
    orders.payment_method AS "orders.payment_method",
    products.category AS "products.category",
    COALESCE(SUM(order_items.quantity ), 0) AS "order_items.total_quantity"
FROM public.order_items AS order_items
LEFT JOIN public.orders AS orders ON order_items.order_id = orders.order_id
LEFT JOIN public.products AS products ON order_items.product_id = products.product_id
WHERE (products.brand  = 'Hario' OR products.brand LIKE 'Fellow%') AND (orders.payment_method IN ('apple_pay','klarna'))
GROUP BY 1,2) ww
) bb WHERE z__pivot_col_rank <= 16384
) aa
) xx
) zz
WHERE (z__pivot_col_rank <= 50 OR z__is_total = 1) AND (z___pivot_row_rank <= 500 OR z__pivot_col_ordering = 1) ORDER BY z___pivot_row_rank;

-- Looker: return rate of a campaign
SELECT
    products.subcategory AS "products.subcategory",
    COUNT(DISTINCT returns.return_id) AS "returns.count",
    1.0 * COUNT(DISTINCT returns.return_id) / NULLIF(COUNT(DISTINCT order_items.order_item_id), 0) AS "returns.rate"
FROM public.order_items AS order_items
LEFT JOIN public.returns AS returns ON returns.order_item_id = order_items.order_item_id
LEFT JOIN public.products AS products ON order_items.product_id = products.product_id
LEFT JOIN public.orders AS orders ON order_items.order_id = orders.order_id
WHERE (UPPER(orders.promo_code ) LIKE UPPER('SPRING24%')) AND (returns.reason_code IN ('DAMAGED', 'WRONG_SIZE'))
GROUP BY 1
HAVING (COUNT(DISTINCT returns.return_id) >= 2)
ORDER BY 2 DESC
LIMIT 10;

-- Looker: filter on a weekday and an hour
SELECT
    EXTRACT(HOUR FROM orders.ordered_at) AS "orders.ordered_hour_of_day",
    AVG(orders.total_amount) AS "orders.average_total"
FROM public.orders AS orders
WHERE (EXTRACT(DOW FROM orders.ordered_at) IN (0, 6)) AND (EXTRACT(HOUR FROM orders.ordered_at) BETWEEN 18 AND 21) AND (orders.total_amount >= 750)
  AND (TO_CHAR(orders.ordered_at, 'YYYY-MM') = '2024-07')
GROUP BY 1
ORDER BY 1;

-- Looker: symmetric aggregate
SELECT
    stores.city AS "stores.city",
    COALESCE(COALESCE(CAST((SUM(DISTINCT (CAST(FLOOR(COALESCE(orders.shipping_cost, 0) * 1000000) AS DECIMAL(38,0))) + CAST(STRTOL(LEFT(MD5(CAST(orders.order_id AS VARCHAR)), 15), 16) AS DECIMAL(38,0)) * 1.0e8) - SUM(DISTINCT CAST(STRTOL(LEFT(MD5(CAST(orders.order_id AS VARCHAR)), 15), 16) AS DECIMAL(38,0)) * 1.0e8)) AS DOUBLE PRECISION) / 1000000.0, 0), 0) AS "orders.total_shipping"
FROM public.order_items AS order_items
LEFT JOIN public.orders AS orders ON order_items.order_id = orders.order_id
LEFT JOIN public.stores AS stores ON orders.store_id = stores.store_id
WHERE stores.city IN ('Portland', 'Seattle', 'Spokane') AND stores.format = 'flagship'
GROUP BY 1
ORDER BY 2 DESC
LIMIT 500;
