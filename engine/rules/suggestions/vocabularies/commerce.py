"""Shops and restaurants: products, categories, orders, shipping, payments and marketing."""

from __future__ import annotations

from engine.rules.suggestions.vocabularies.vocabulary import composed, formed, listed

_ADJECTIVES = (
    "Classic, Compact, Portable, Premium, Essential, Lightweight, Adjustable, Foldable, Heavy Duty, Slim, Modern, "
    "Rustic, Everyday, Outdoor, Deluxe, Mini"
)
_MATERIALS = "Steel, Cotton, Bamboo, Leather, Oak, Ceramic, Wool, Linen, Glass, Aluminum, Rubber, Canvas, Copper"
_GOODS = (
    "Backpack, Lamp, Mug, Chair, Desk, Jacket, Bottle, Knife, Blanket, Wallet, Speaker, Tray, Shelf, Bowl, Gloves, "
    "Shirt, Clock, Basket, Stool, Table, Hat, Frame"
)
_DISHES = (
    "Chicken, Beef, Salmon, Tofu, Mushroom, Vegetable, Shrimp, Pork, Lamb, Spinach, Cheese, Tomato, Pumpkin, Duck",
    "Curry, Burger, Salad, Soup, Tacos, Pasta, Risotto, Wrap, Stew, Noodles, Sandwich, Pizza, Skewers, Dumplings",
)
_FOOD = "item restaurant menu dish recipe ingredient food kitchen meal"
COMMERCE = (
    composed("the name of a product",
             "product name | item name | product title | article name | material name | sku name | merchandise name "
             "| product description short | part name | item title | goods name | title product | line item name",
             _ADJECTIVES, _MATERIALS, _GOODS),
    composed("the name of a dish",
             "item name | dish name | menu item name | dish | meal name | recipe name | food name",
             "Grilled, Spicy, Roasted, Crispy, Smoked, Fresh, House, Homestyle, Braised, Sweet, Garlic, Lemon",
             *_DISHES, tables="menu dish recipe food restaurant kitchen meal delivery"),
    composed("the name of a restaurant", "restaurant name | restaurant | cafe name | kitchen name | eatery name",
             "Golden, Blue, Little, Old, Green, Happy, Royal, Corner, Lucky, Sunny, Red, Silver",
             "Fork, Lantern, Olive, Spoon, Garden, Dragon, Oven, Table, Pepper, Lemon, Harbor, Fig",
             "Bistro, Kitchen, Grill, Cafe, House, Trattoria, Diner, Eatery"),
    composed("the name of a campaign",
             "campaign name | utm campaign | campaign | promotion name | promo name | email name | ad group name | "
             "offer name | flow name | journey name",
             "Spring, Summer, Fall, Winter, Holiday, Black Friday, Back to School, New Year, Weekend, Anniversary",
             "Sale, Launch, Retargeting, Newsletter, Brand Awareness, Welcome Series, Clearance, Loyalty, Win Back, "
             "Prospecting", "US, EU, UK, DACH, Global, 2022, 2023, 2024"),
    composed("the name of a store",
             "store name | shop name | outlet name | branch name | location name | depot name | facility name | "
             "site name | office name", "North, South, East, West, Central, Old, New, Upper, Lower",
             "Harbor, Market, Station, River, Park, Hill, Bridge, Mill, Airport, Main Street, Lake, Garden",
             "Center, Plaza, Square, Corner, Point, Mall"),
    composed("the name of a warehouse",
             "warehouse name | distribution center name | wh name | plant name | hub name | fulfillment center name "
             "| factory name | works name", "North, South, East, West, Central, Coastal, Midland, Upper",
             "Harbor, Valley, River, Lakes, Bay, Ridge, Plains, Junction",
             "Distribution Center, Warehouse, Works, Depot, Hub"),
    composed("a reward", "reward name | reward | perk name | benefit name",
             "5 USD, 10 USD, 20 USD, 50 USD, Free, Double Points",
             "Voucher, Shipping, Upgrade, Coffee, Gift Card, Dessert"),
    listed("a brand", "brand | brand name | make name of product | label brand",
           "Northwind, Alder & Co, Brightline, Kestrel, Lumina, Oakhurst, Fjordic, Pinecrest, Solara, Tandem, "
           "Verano, Westbrook, Yarrow, Zenith, Copperleaf, Bluefin, Harrow, Juno"),
    listed("a cuisine", "cuisine | cuisine type | cuisines | food type",
           "Italian, Mexican, Chinese, Indian, Japanese, American, Thai, Mediterranean, Greek, Vietnamese, Korean, "
           "French, Spanish, Lebanese, Turkish"),
    listed("a category of food", "category | category name | menu category | course | menu section | section",
           "Mains, Starters, Desserts, Drinks, Sides, Salads, Soups, Breakfast, Snacks", tables=_FOOD),
    listed("a subcategory",
           "subcategory | subcategory name | sub category | product subcategory | sub category name | product type "
           "| product class | item class | item type | category level 2 | material group",
           "Phones, Laptops, Shoes, Jackets, Kitchenware, Furniture, Lighting, Bedding, Skin Care, Fragrance, "
           "Games, Puzzles, Fitness, Camping, Fiction, Cookbooks, Snacks, Beverages",
           tables="product item sku catalog article category merchandise"),
    listed("a market segment", "mktsegment | mkt segment | market segment name",
           "BUILDING, AUTOMOBILE, MACHINERY, HOUSEHOLD, FURNITURE"),
    listed("a market segment of guests", "market segment", "Leisure, Corporate, Group, Government, Wholesale, Crew",
           tables="reservation booking hotel stay guest"),
    listed("a segment of customers", "customer segment | segment | account segment | client segment",
           "Consumer:CONS, Small Business:SMB, Mid-Market:MID, Enterprise:ENT"),
    listed("a ship mode",
           "ship mode | shipmode | mode of transport | transport mode | shipping mode | freight mode | mode",
           "TRUCK:ROAD, AIR:AIR, RAIL:RAIL, SHIP:SEA, MAIL:MAIL, FOB:FOB, REG AIR:COU",
           tables="lineitem line shipment ship transport freight carrier consignment order service"),
    listed("a ship instruction", "ship instruct | shipinstruct | delivery instruction code",
           "DELIVER IN PERSON, COLLECT COD, NONE, TAKE BACK RETURN"),
    listed("a manufacturer of the benchmark", "mfgr",
           "Manufacturer#1, Manufacturer#2, Manufacturer#3, Manufacturer#4, Manufacturer#5"),
    composed("a type of part", "type", "STANDARD, SMALL, MEDIUM, LARGE, ECONOMY, PROMO",
             "ANODIZED, BURNISHED, PLATED, POLISHED, BRUSHED", "TIN, NICKEL, BRASS, STEEL, COPPER", tables="part"),
    composed("a container", "container | container type", "SM, MED, LG, JUMBO, WRAP",
             "CASE, BOX, BAG, JAR, PKG, PACK, CAN, DRUM", tables="part product item"),
    formed("a brand of the benchmark", "brand", "Brand\\###", tables="part"),
    formed("a clerk", "clerk", "Clerk\\#000000###", "Clerk ###", "C-###"),
    listed("a return flag", "return flag | returnflag", "N, R, A"),
    listed("a state of an order line", "linestatus | line status", "Open:O, Filled:F"),
    listed("a state of an order", "orderstatus", "Open:O, Filled:F, Pending:P"),
    listed("a priority of an order", "orderpriority | order priority",
           "3-MEDIUM, 5-LOW, 2-HIGH, 4-NOT SPECIFIED, 1-URGENT"),
    listed("a type of package", "package type | packaging | packaging type | parcel type",
           "Box:BOX, Pallet:PLT, Envelope:ENV, Crate:CRT, Bag:BAG, Tube:TUB, Drum:DRM"),
    listed("a payment method",
           "payment method | payment type | pay type | payment mode | method of payment | tender type | tender | "
           "payment method type", "Credit Card:CC, Debit Card:DC, PayPal:PP, Bank Transfer:BT, Gift Card:GC, Cash:CA"),
    listed("a type of discount", "discount type | promotion type | promo type | coupon type | offer type",
           "percentage:PCT, fixed_amount:AMT, free_shipping:SHIP, buy_one_get_one:BOGO"),
    listed("a type of reward", "reward type", "voucher:VCH, product:PRD, discount:DSC, upgrade:UPG, donation:DON"),
    listed("a return reason", "return reason | refund reason | reason for return | sr reason",
           "Does not fit:FIT, Damaged in transit:DMG, Wrong item:WRG, Changed mind:CHG, Not as described:NAD, "
           "Arrived late:LATE, Quality:QUA"),
    listed("a medium", "medium | utm medium | traffic medium",
           "cpc, organic, email, social, referral, affiliate, display"),
    listed("a traffic source", "utm source",
           "google, facebook, newsletter, bing, instagram, tiktok, linkedin, partner"),
    listed("a search term", "utm term | keyword text | keyword | search term | search query | query text",
           "running shoes, winter jacket, wireless headphones, coffee grinder, office chair, yoga mat, travel "
           "backpack, led lamp, gift ideas, kids bike, standing desk, rain boots, sunglasses, air fryer, hiking "
           "boots"),
    listed("the content of an ad", "utm content | ad content | creative name",
           "banner_top, sidebar, video_15s, carousel_a, carousel_b, footer_link, text_ad"),
    listed("an ad network", "network | network name | ad network | placement | publisher platform",
           "Search:SEA, Display:DIS, Video:VID, Shopping:SHO, Partners:PAR, Social:SOC",
           tables="network ad campaign keyword click placement"),
    listed("a format of an ad", "creative format | ad format | creative type | ad type",
           "image:IMG, video:VID, carousel:CAR, text:TXT, story:STO, html5:HTML"),
    listed("a match type", "match type", "broad:B, phrase:P, exact:E"),
    listed("an objective", "objective | campaign objective | goal type",
           "Conversions, Traffic, Brand Awareness, Lead Generation, App Installs, Engagement, Video Views"),
    listed("a bidding strategy", "bidding strategy | bid strategy | bid type",
           "Target CPA:CPA, Maximize Clicks:MAX, Target ROAS:ROAS, Manual CPC:CPC, Maximize Conversions:CONV"),
    listed("a channel",
           "channel | channel type | sales channel | channel group | acquisition channel | channel name | marketing "
           "channel",
           "Organic Search:ORG, Direct:DIR, Paid Search:SEM, Social:SOC, Email:EML, Referral:REF, Display:DSP, "
           "Affiliates:AFF",
           tables="campaign ad session visit acquisition traffic player marketing attribution pageview event"),
    listed("a channel", "booking channel | reservation channel | booking source",
           "web:WEB, mobile:APP, agent:AGT, phone:TEL, partner:PTR"),
    listed("a type of campaign", "campaign type", "newsletter, promotion, welcome, winback, announcement, survey"),
    listed("a headline", "headline | subject line | email subject | preheader | ad headline",
           "Free shipping this week, New arrivals are here, Save 20% today, Your order is waiting, Last chance to "
           "save, Back in stock, Made for summer, Join and get 10% off, A gift for you, The weekend sale is on, "
           "Meet our best sellers, Do not miss out"),
    listed("a type of bounce", "bounce type", "hard bounce:H, soft bounce:S"),
    listed("a type of event of an e-mail", "event type", "open, delivered, click, bounce, unsubscribe, complaint",
           tables="email engagement campaign send mail newsletter"),
    listed("an e-mail client", "email client | mail client", "Apple Mail, Gmail, Outlook, Yahoo Mail, Thunderbird"),
    listed("a tier",
           "loyalty tier | tier | tier name | membership level | membership tier | member tier | tier code | "
           "loyalty level | status tier | ff tier | membership type", "Bronze:B, Silver:S, Gold:G, Platinum:P"),
    listed("a plan",
           "plan name | subscription plan | plan type | plan | plan tier | subscription tier | subscription type | "
           "plan code", "Free:FREE, Basic:BASIC, Pro:PRO, Team:TEAM, Business:BUS, Enterprise:ENT"),
    listed("an interval of billing",
           "billing interval | billing period | billing cycle | billing frequency | pay frequency | payment "
           "frequency | pay period type | repayment frequency | dose frequency code",
           "monthly:M, yearly:Y, quarterly:Q, weekly:W"),
    listed("a season", "season | season name", "Spring, Summer, Autumn, Winter",
           tables="product item collection tariff"),
    listed("a condition", "item condition | product condition | condition grade", "New, Used, Refurbished, Damaged"),
    listed("a storage type", "storage type | storage condition | storage class | temperature zone | storage zone",
           "Ambient:AMB, Chilled:CHL, Frozen:FRZ, Bulk:BLK, Hazardous:HAZ"),
    listed("a type of movement", "movement type | transaction type | txn type | stock movement type",
           "Receipt:GR, Issue:GI, Transfer:TR, Adjustment:ADJ, Return:RET, Count:CNT",
           tables="inventory stock movement warehouse"),
    listed("a class by turnover", "abc class | abc code | abc classification | velocity class", "C, B, A"),
    formed("a bin", "bin | bin code | bin location | storage bin | shelf location | slot code | bin no | location bin",
           "?##-##-##", "?##-##", "?###", tables="warehouse bin inventory stock storage slot wh location"),
    formed("a lot", "lot number | lot no | batch number | batch no | lot code | batch code | batch id", "L######-##",
           "L######", "L###"),
    listed("an interval of billing", "interval | recurring interval | billing interval", "month, year, week, day",
           tables="price plan subscription billing recurring membership"),
    formed("a stock keeping unit", "sku | sku code | seller sku", "???-######", "???-####", "??####", "####"),
    formed("a universal product code", "upc | upc code | gtin 12 | ean11", "############"),
    formed("a promotion code",
           "promo code | coupon code | discount code | voucher code | coupon | promotion code | referral code",
           "SAVE##-????", "????##", "??##"),
    formed("a tracking number",
           "tracking number | tracking no | tracking code | waybill | awb | airway bill | tracking id",
           "1Z######????######", "1Z##########", "TRK#######", "T#####"),
    formed("an invoice number", "invoice number | invoice no | bill number | bill no | invoice code", "INV-########",
           "INV######", "I#####"),
    formed("an order number",
           "order number | order no | order code | po number | purchase order number | po no | purchase order no | "
           "work order no | work order number", "#########", "#######"),
    formed("a receipt number", "receipt number | receipt no | docket number", "R#########", "R######"),
    formed("a house number",
           "house number | house no | street number | street no | unit number | apartment number | apt number | apt "
           "no | suite number", "###", "##"),
)  # fmt: skip
"""The vocabularies of trade."""
