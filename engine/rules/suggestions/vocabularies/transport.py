"""Flights, vehicles, deliveries, places and buildings."""

from __future__ import annotations

from engine.rules.suggestions.vocabularies.vocabulary import composed, formed, listed

_AIRPORTS = (
    "Atlanta:ATL, Dallas Fort Worth:DFW, Denver:DEN, Chicago O'Hare:ORD, Los Angeles:LAX, New York JFK:JFK, London "
    "Heathrow:LHR, Paris Charles de Gaulle:CDG, Frankfurt:FRA, Amsterdam Schiphol:AMS, Madrid Barajas:MAD, "
    "Istanbul:IST, Dubai:DXB, Singapore Changi:SIN, Tokyo Haneda:HND, Hong Kong:HKG, Sydney:SYD, Toronto "
    "Pearson:YYZ, Mexico City:MEX, Sao Paulo Guarulhos:GRU, San Francisco:SFO, Seattle Tacoma:SEA, Miami:MIA, Boston "
    "Logan:BOS, Munich:MUC, Zurich:ZRH, Vienna:VIE, Copenhagen:CPH, Rome Fiumicino:FCO, Lisbon:LIS"
)
_AIRLINES = (
    "American Airlines:AA, Delta Air Lines:DL, United Airlines:UA, Southwest Airlines:WN, Lufthansa:LH, British "
    "Airways:BA, Air France:AF, KLM:KL, Emirates:EK, Qatar Airways:QR, Singapore Airlines:SQ, Turkish Airlines:TK, "
    "Iberia:IB, Air Canada:AC, Qantas:QF, Japan Airlines:JL, All Nippon Airways:NH, Cathay Pacific:CX, JetBlue:B6, "
    "Alaska Airlines:AS, SAS:SK, Swiss:LX, Austrian:OS, Finnair:AY, TAP Air Portugal:TP"
)
_MAKES = (
    "Toyota, Volkswagen, Ford, Honda, BMW, Mercedes-Benz, Hyundai, Kia, Nissan, Renault, Tesla, Skoda, Volvo, Mazda"
)
TRANSPORT = (
    formed("a flight number", "flight number | flight no | flight nbr | flight code | flight num", "??###", "??##",
           "####"),
    listed("an airport", "airport name | airport", _AIRPORTS),
    formed("an airport code", "iata code | iata | iata cd | airport code | airport iata", "???"),
    formed("an airport code", "icao code | icao | icao cd | station icao", "K???"),
    listed("an airline", "airline name | airline | carrier name | carrier code | carrier cd | airline code", _AIRLINES,
           tables="airline flight airport carrier leg booking passenger ticket"),
    listed("a carrier",
           "carrier name | carrier | shipping carrier | ship carrier | courier name | logistics provider | carrier "
           "code | carrier cd | shipping company | tracking company",
           "UPS:UPS, FedEx:FDX, DHL:DHL, USPS:USPS, Maersk:MSK, DB Schenker:DBS, Kuehne+Nagel:KN, DPD:DPD, GLS:GLS, "
           "TNT:TNT, XPO:XPO, Hermes:HRM"),
    listed("an alliance", "alliance | airline alliance", "Star Alliance, SkyTeam, oneworld, none"),
    listed("a call sign", "callsign | call sign",
           "SPEEDBIRD, CACTUS, DELTA, UNITED, SHAMROCK, REDWOOD, SKYLARK, NORTHSTAR, BLUEBIRD, FALCON"),
    listed("a type of aircraft", "aircraft type | aircraft | aircraft model | equipment type | plane type",
           "A320, B738, A321, E190, B77W, A20N, A359, B789, CRJ9, AT76"),
    listed("a maker of aircraft", "manufacturer | aircraft manufacturer", "Airbus, Boeing, Embraer, Bombardier, ATR",
           tables="aircraft plane fleet"),
    formed("a tail number", "tail number | tail no | aircraft registration | tail num", "N###??", "N##??", "N###"),
    listed("a cabin class",
           "cabin class | cabin | seat class | travel class | booking class | class of service | fare class | "
           "service class", "Economy:Y, Business:J, Premium Economy:W, First:F",
           tables="ticket coupon flight booking passenger seat reservation airline"),
    formed("a seat", "seat number | seat no | seat | seat assignment", "##?", "#?"),
    formed("a gate", "gate | gate number | gate no", "?##", "?#"),
    listed("a terminal", "terminal | terminal code", "1, 2, 3, A, B, C",
           tables="flight airport leg gate departure arrival"),
    formed("a booking reference",
           "pnr | record locator | booking reference | booking ref | confirmation code | confirmation number | "
           "confirmation no | booking code | reservation code", "??????", "????"),
    formed("a passport number", "passport number | passport no | passport", "#########", "########"),
    formed("a fare basis", "fare basis | fare basis code", "?##??##?", "?##???", "?##"),
    listed("a cancellation code", "cancellation code | cancel code",
           "Weather:B, Carrier:A, Air traffic:C, Security:D"),
    listed("a category of riders",
           "rider category | passenger type | traveller type | passenger category | ticket category",
           "adult:ADT, child:CHD, senior:SNR, student:STU, infant:INF"),
    listed("a make of cars", "make | car make | vehicle make | make name | manufacturer | car brand", _MAKES,
           tables="vehicle car taxi rental fleet driver auto automobile"),
    listed("a model of cars", "model | car model | vehicle model | model name",
           "Corolla, Golf, Focus, Civic, 3 Series, Model 3, Octavia, Clio, Tucson, C-Class, Qashqai, Passat, "
           "Sportage, Yaris, XC60", tables="vehicle car taxi rental fleet driver auto automobile"),
    listed("a make",
           "make | manufacturer | manufacturer name | maker | vendor name of device | equipment manufacturer",
           "Siemens, Bosch, Honeywell, ABB, Schneider Electric, Emerson, Omron, Mitsubishi Electric, Rockwell, "
           "Philips, Yokogawa, Endress+Hauser",
           tables="meter sensor device machine equipment station asset instrument iot gateway"),
    listed("a fuel", "fuel type | fuel | engine type | energy type",
           "petrol:PET, diesel:DSL, hybrid:HYB, electricity:ELE",
           tables="vehicle car taxi rental fleet auto automobile truck"),
    listed("a fuel", "fuel | fuel type | energy type", "electricity:ELEC, gas:GAS",
           tables="tariff meter premise energy utility supply"),
    listed("a transmission", "transmission | transmission type | gearbox", "automatic:A, manual:M"),
    listed("a type of vehicle",
           "vehicle type | vehicle class | vehicle category | car type | car class | class name | body type",
           "Sedan:SED, SUV:SUV, Hatchback:HAT, Van:VAN, Truck:TRK, Coupe:CPE",
           tables="vehicle car taxi rental fleet auto automobile truck vehicleclass policy risk"),
    listed("a type of vehicle of couriers", "vehicle type", "bike, car, scooter, e-bike, on foot",
           tables="courier rider delivery"),
    listed("a color of cars", "color | colour | vehicle color", "White, Black, Silver, Gray, Blue, Red, Green, Brown",
           tables="vehicle car taxi rental fleet auto automobile product item variant lens garment sku"),
    formed("a licence plate",
           "license plate | licence plate | plate number | plate no | vehicle reg | vehicle registration | "
           "registration number | registration no | license plate number | registration plate | plate", "???-####",
           "??-###", "?##"),
    formed("a driving licence",
           "driver license no | drivers license number | licence no | license no | license number | licence number "
           "| driver license number | hack license no | licence number of driver", "?########", "?#####", "#####"),
    formed("a medallion", "medallion | medallion number", "#?##"),
    listed("a type of location", "location type | site type | stop type", "warehouse, store, hub, port, depot, office",
           tables="location site facility logistics stop"),
    listed("a route", "route long name | route name | route desc",
           "Central Station - Airport, Harbor - University, City Loop, North Park - South Gate, Old Town - Stadium, "
           "Riverside - Market Square, Hill Street - West End, Lakeside - Hospital"),
    formed("a short name of a route", "route short name | route no | route number | line no", "##", "#",
           tables="route trip stop gtfs bus transit line"),
    composed("the name of a stop", "stop name | station name | stop desc | stop headsign | headsign | trip headsign",
             "Central, Market, Park, River, Station, Church, Mill, King, Queen, Bridge, Hospital, Museum, Harbor",
             "Street, Square, Road, Avenue, Gate, Lane",
             tables="stop trip route transit gtfs station bus train metro transport"),
    composed("the name of a station", "station name | observatory name",
             "North, South, East, West, Lake, Mount, Upper, Fort",
             "Ridge, Valley, Harbor, Field, Point, Creek, Island, Peak"),
    listed("a fare", "fare name | fare product name | ticket type | ticket name | fare type",
           "Single journey, Day ticket, Weekly pass, Monthly pass, Return ticket, Group ticket",
           tables="fare ticket transit gtfs transport pass product"),
    formed("a code of an agency", "scac", "????"),
    listed("an Incoterm", "incoterm | incoterms | inco term | delivery terms | inco1",
           "EXW, FOB, CIF, DAP, DDP, FCA, CPT"),
    formed("a container number", "container number | container no | container id | container nbr", "????#######",
           "????###"),
    listed("a port",
           "port | port name | port of loading | port of discharge | port of entry | destination port | origin port",
           "Rotterdam:NLRTM, Shanghai:CNSHA, Singapore:SGSIN, Hamburg:DEHAM, Los Angeles:USLAX, Antwerp:BEANR, "
           "Busan:KRPUS, Felixstowe:GBFXT, New York:USNYC, Valencia:ESVLC"),
    listed("a UN/LOCODE", "unlocode | un locode | locode | from unlocode | to unlocode | port code | port cd",
           "Rotterdam:NLRTM, Shanghai:CNSHA, Singapore:SGSIN, Hamburg:DEHAM, Los Angeles:USLAX, Antwerp:BEANR, "
           "Busan:KRPUS, Felixstowe:GBFXT, New York:USNYC, Valencia:ESVLC"),
    formed("a shipping container code", "sscc | sscc 18", "##################"),
    formed("a tariff number", "hs code | hts code | tariff number | commodity code | hs number", "####.##.##",
           "####.##", "####"),
    formed("a number of dangerous goods", "un number | un no", "####"),
    listed("a level of service",
           "service level | service code | service cd | service type | delivery service | shipping service",
           "Standard:STD, Express:EXP, Overnight:ONT, Economy:ECO, Same Day:SDD",
           tables="shipment delivery carrier parcel shipping service order freight logistics"),
    listed("an event of a shipment",
           "event code | event cd | event type | event description | scan type | event | milestone | event desc",
           "Departed facility:DEP, Arrived at facility:ARR, Picked up:PUP, Out for delivery:OFD, Delivered:DLV, "
           "Customs cleared:CUS", tables="tracking shipment scan parcel delivery logistics freight"),
    listed("a type of room", "room type | room type name | room category | room type code | accommodation type",
           "Standard Double:STD, Deluxe King:DLX, Twin Room:TWN, Junior Suite:JST, Family Room:FAM, Single "
           "Room:SGL, Executive Suite:EXE"),
    listed("a type of bed", "bed type | bed configuration | bed size", "king:K, queen:Q, twin:T, double:D, single:S"),
    listed("a meal plan", "meal plan | board type | board basis | board",
           "Bed and breakfast:BB, Room only:RO, Half board:HB, Full board:FB, All inclusive:AI"),
    composed("the name of a hotel", "hotel name | property name | accommodation name",
             "Grand, Royal, Park, Harbor, City, Alpine, Garden, Riverside, Old Town, Sea View",
             "Plaza, Palace, Lodge, Central, Residence, Court", "Hotel, Inn, Suites, Resort",
             tables="hotel property booking stay reservation accommodation room"),
    listed("a type of deposit", "deposit type | guarantee type", "No deposit, Refundable, Non-refundable"),
    listed("a type of property", "property type | building type | home type | dwelling type | premise type",
           "House:HSE, Apartment:APT, Condo:CON, Townhouse:TWN, Land:LND"),
    listed("a type of heating", "heating type | heating", "Gas, Electric, Heat pump, Oil, District heating, None"),
    listed("an energy rating", "energy rating | epc rating | energy class | energy label | epc",
           "C, D, B, E, A, F, G"),
    listed("a type of meter", "meter type | meter kind", "smart:SMT, electricity:ELE, gas:GAS, water:WTR"),
    formed("a meter number", "meter number | meter no | meter serial number | meter code | mpan | mprn",
           "#############", "##########", "######"),
    formed("a number of a property", "uprn | mls number | listing number | parcel number | folio number | apn",
           "############", "##########", "#######", tables=""),
    listed("a quality of a reading",
           "reading quality | quality flag | quality code | qc flag | data quality | quality flg | reading type",
           "Actual:A, Estimated:E, Substituted:S, Missing:M"),
    listed("a county", "county | county name",
           "Washington, Jefferson, Franklin, Lincoln, Madison, Jackson, Monroe, Marion, Clay, Orange, Lake, Essex, "
           "Kent, Surrey, Devon"),
    formed("a code of a county", "county fips | fips code | county code | fips", "#####", "###"),
    listed("a borough", "borough | borough name | boro | borough code",
           "Manhattan:1, Brooklyn:3, Queens:4, Bronx:2, Staten Island:5"),
    listed("a zone", "zone | zone name | neighborhood | neighbourhood | district | district name | area name | suburb",
           "Downtown, Riverside, Old Town, Harbor, Midtown, University, Airport, West End, East Side, Northgate, "
           "Lakeview, Hillcrest"),
    listed("a region", "region name | region | sales region | market region | geo region | market",
           "North America:NA, Europe:EU, Asia Pacific:APAC, Latin America:LATAM, Middle East:ME, Africa:AF",
           tables="customer account sales company store opportunity user campaign market geography region"),
    listed("a continent", "continent | continent name | continent code",
           "Europe:EU, North America:NA, Asia:AS, South America:SA, Africa:AF, Oceania:OC"),
    listed("a time zone", "timezone | time zone | tz | tz name | timezone name | tz database | tzname",
           "America/New_York:EST, America/Chicago:CST, America/Los_Angeles:PST, Europe/London:GMT, "
           "Europe/Berlin:CET, Europe/Paris:CEST, Asia/Tokyo:JST, Asia/Singapore:SGT, Australia/Sydney:AEST, "
           "America/Sao_Paulo:BRT, Asia/Kolkata:IST"),
    listed("a direction of the wind",
           "wind dir | wind direction | wind dir txt | compass direction | wind dir text | heading text",
           "SW, W, NW, S, N, NE, SE, E"),
    listed("a hazard", "hazard type | hazard | warning type | alert type | event type",
           "Wind, Thunderstorm, Snow, Flood, Heat, Fog, Ice", tables="weather warning hazard alert forecast"),
    listed("weather", "weather | weather condition | conditions | weather description | weather desc | sky condition",
           "Clear, Partly cloudy, Cloudy, Light rain, Rain, Fog, Snow, Thunderstorm"),
    listed("opening hours", "opening hours | hours | business hours | store hours",
           "08:00-20:00, 09:00-18:00, 10:00-22:00, 07:00-23:00, 24h"),
)  # fmt: skip
"""The vocabularies of transport and places."""
