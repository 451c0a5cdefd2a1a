"""Cities outside the United States, under their English names.

A line is country | state code | state, province or region | city | latitude | longitude | postcode, in which # is a
digit and @ a letter | area code | population in thousands | time zone, where it is not the country's usual one. State
codes are those of ISO 3166-2 without the country. A city without postcodes has none.
"""

WORLD_CITIES = """
CA|ON|Ontario|Toronto|43.6532|-79.3832|M5@ #@#|416|2794|
CA|ON|Ontario|Ottawa|45.4215|-75.6972|K1@ #@#|613|1017|
CA|QC|Quebec|Montreal|45.5017|-73.5673|H3@ #@#|514|1763|
CA|BC|British Columbia|Vancouver|49.2827|-123.1207|V6@ #@#|604|662|America/Vancouver
CA|AB|Alberta|Calgary|51.0447|-114.0719|T2@ #@#|403|1307|America/Edmonton
CA|MB|Manitoba|Winnipeg|49.8951|-97.1384|R3@ #@#|204|750|America/Winnipeg
CA|NS|Nova Scotia|Halifax|44.6488|-63.5752|B3@ #@#|902|439|America/Halifax
MX|CMX|Mexico City|Mexico City|19.4326|-99.1332|06###|55|9210|
MX|JAL|Jalisco|Guadalajara|20.6597|-103.3496|44###|33|1385|
MX|NLE|Nuevo Leon|Monterrey|25.6866|-100.3161|64###|81|1143|America/Monterrey
BR|SP|Sao Paulo|Sao Paulo|-23.5505|-46.6333|01###-###|11|12300|
BR|RJ|Rio de Janeiro|Rio de Janeiro|-22.9068|-43.1729|20###-###|21|6748|
BR|DF|Federal District|Brasilia|-15.7939|-47.8828|70###-###|61|3055|
BR|BA|Bahia|Salvador|-12.9777|-38.5016|40###-###|71|2887|America/Bahia
BR|PR|Parana|Curitiba|-25.4284|-49.2733|80###-###|41|1948|
AR|C|Buenos Aires City|Buenos Aires|-34.6037|-58.3816|C10##@@@|11|3121|
AR|X|Cordoba|Cordoba|-31.4201|-64.1888|X50##@@@|351|1505|America/Argentina/Cordoba
CL|RM|Santiago Metropolitan|Santiago|-33.4489|-70.6693|83#####|2|6160|
CL|VS|Valparaiso|Valparaiso|-33.0472|-71.6127|23#####|32|296|
CO|DC|Bogota|Bogota|4.7110|-74.0721|110###|601|7412|
CO|ANT|Antioquia|Medellin|6.2442|-75.5812|050###|604|2533|
PE|LMA|Lima|Lima|-12.0464|-77.0428|150##|1|9752|
GB|ENG|England|London|51.5074|-0.1278|SW# #@@|20 7|8800|
GB|ENG|England|Manchester|53.4808|-2.2426|M# #@@|161|552|
GB|ENG|England|Birmingham|52.4862|-1.8904|B# #@@|121|1145|
GB|ENG|England|Leeds|53.8008|-1.5491|LS# #@@|113|812|
GB|ENG|England|Bristol|51.4545|-2.5879|BS# #@@|117|472|
GB|SCT|Scotland|Edinburgh|55.9533|-3.1883|EH# #@@|131|527|
GB|SCT|Scotland|Glasgow|55.8642|-4.2518|G# #@@|141|635|
GB|WLS|Wales|Cardiff|51.4816|-3.1791|CF# #@@|29|362|
GB|NIR|Northern Ireland|Belfast|54.5973|-5.9301|BT# #@@|28|345|
IE|L|Leinster|Dublin|53.3498|-6.2603|D0# @#@#|1|592|
IE|M|Munster|Cork|51.8985|-8.4756|T12 @#@#|21|224|
FR|IDF|Ile-de-France|Paris|48.8566|2.3522|750##|1|2145|
FR|PAC|Provence-Alpes-Cote d'Azur|Marseille|43.2965|5.3698|130##|4|870|
FR|ARA|Auvergne-Rhone-Alpes|Lyon|45.7640|4.8357|690##|4|522|
FR|OCC|Occitanie|Toulouse|43.6047|1.4442|310##|5|504|
FR|HDF|Hauts-de-France|Lille|50.6292|3.0573|590##|3|236|
FR|NAQ|Nouvelle-Aquitaine|Bordeaux|44.8378|-0.5792|330##|5|261|
DE|BE|Berlin|Berlin|52.5200|13.4050|10###|30|3677|
DE|HH|Hamburg|Hamburg|53.5511|9.9937|20###|40|1853|
DE|BY|Bavaria|Munich|48.1351|11.5820|80###|89|1487|
DE|BY|Bavaria|Nuremberg|49.4521|11.0767|904##|911|510|
DE|NW|North Rhine-Westphalia|Cologne|50.9375|6.9603|50###|221|1073|
DE|NW|North Rhine-Westphalia|Dusseldorf|51.2277|6.7735|40###|211|619|
DE|HE|Hesse|Frankfurt|50.1109|8.6821|60###|69|759|
DE|BW|Baden-Wurttemberg|Stuttgart|48.7758|9.1829|70###|711|626|
DE|SN|Saxony|Leipzig|51.3397|12.3731|04###|341|601|
DE|HB|Bremen|Bremen|53.0793|8.8017|28###|421|563|
NL|NH|North Holland|Amsterdam|52.3676|4.9041|10## @@|20|873|
NL|ZH|South Holland|Rotterdam|51.9244|4.4777|30## @@|10|651|
NL|UT|Utrecht|Utrecht|52.0907|5.1214|35## @@|30|359|
NL|NB|North Brabant|Eindhoven|51.4416|5.4697|56## @@|40|238|
BE|BRU|Brussels|Brussels|50.8503|4.3517|10#0|2|1218|
BE|VAN|Antwerp|Antwerp|51.2194|4.4025|20#0|3|529|
LU|LU|Luxembourg|Luxembourg|49.6116|6.1319|1###||128|
CH|ZH|Zurich|Zurich|47.3769|8.5417|80##|44|421|
CH|GE|Geneva|Geneva|46.2044|6.1432|12##|22|203|
CH|BE|Bern|Bern|46.9480|7.4474|30##|31|134|
AT|9|Vienna|Vienna|48.2082|16.3738|1##0|1|1931|
AT|6|Styria|Graz|47.0707|15.4395|801#|316|291|
AT|5|Salzburg|Salzburg|47.8095|13.0550|502#|662|155|
IT|62|Lazio|Rome|41.9028|12.4964|001##|06|2749|
IT|25|Lombardy|Milan|45.4642|9.1900|201##|02|1354|
IT|21|Piedmont|Turin|45.0703|7.6869|101##|011|847|
IT|72|Campania|Naples|40.8518|14.2681|801##|081|913|
ES|MD|Madrid|Madrid|40.4168|-3.7038|280##|91|3280|
ES|CT|Catalonia|Barcelona|41.3874|2.1686|080##|93|1636|
ES|VC|Valencia|Valencia|39.4699|-0.3763|460##|96|792|
ES|AN|Andalusia|Seville|37.3891|-5.9845|410##|95|681|
PT|11|Lisbon|Lisbon|38.7223|-9.1393|1###-###|21|546|
PT|13|Porto|Porto|41.1579|-8.6291|4###-###|22|232|
DK|84|Capital Region|Copenhagen|55.6761|12.5683|2#00|33|653|
DK|82|Central Denmark|Aarhus|56.1629|10.2039|8#00|86|285|
SE|AB|Stockholm|Stockholm|59.3293|18.0686|11# ##|8|985|
SE|O|Vastra Gotaland|Gothenburg|57.7089|11.9746|41# ##|31|596|
SE|M|Skane|Malmo|55.6050|13.0038|21# ##|40|352|
NO|03|Oslo|Oslo|59.9139|10.7522|01##|22|709|
NO|46|Vestland|Bergen|60.3913|5.3221|50##|55|287|
FI|18|Uusimaa|Helsinki|60.1699|24.9384|00##0|9|658|
FI|11|Pirkanmaa|Tampere|61.4978|23.7610|33##0|3|249|
PL|14|Masovia|Warsaw|52.2297|21.0122|00-###|22|1861|
PL|12|Lesser Poland|Krakow|50.0647|19.9450|30-###|12|803|
PL|02|Lower Silesia|Wroclaw|51.1079|17.0385|50-###|71|674|
PL|22|Pomerania|Gdansk|54.3520|18.6466|80-###|58|486|
CZ|10|Prague|Prague|50.0755|14.4378|1#0 00|2|1357|
CZ|64|South Moravia|Brno|49.1951|16.6068|6#2 00|5|396|
SK|BL|Bratislava|Bratislava|48.1486|17.1077|81# 0#|2|476|
HU|BU|Budapest|Budapest|47.4979|19.0402|1##1|1|1706|
RO|B|Bucharest|Bucharest|44.4268|26.1025|01####|21|1717|
RO|CJ|Cluj|Cluj-Napoca|46.7712|23.6236|400###|26|287|
GR|I|Attica|Athens|37.9838|23.7275|10###|210|643|
GR|B|Central Macedonia|Thessaloniki|40.6401|22.9444|546##|231|319|
SI|061|Ljubljana|Ljubljana|46.0569|14.5058|10##|1|286|
EE|37|Harju|Tallinn|59.4370|24.7536|10###|6|438|
LT|VL|Vilnius|Vilnius|54.6872|25.2797|01###|5|592|
LV|RIX|Riga|Riga|56.9496|24.1052|LV-10##|67|605|
UA|30|Kyiv City|Kyiv|50.4501|30.5234|01###|44|2952|
UA|46|Lviv|Lviv|49.8397|24.0297|79###|32|717|
TR|34|Istanbul|Istanbul|41.0082|28.9784|34###|212|15840|
TR|06|Ankara|Ankara|39.9334|32.8597|06###|312|5747|
TR|35|Izmir|Izmir|38.4237|27.1428|35###|232|4425|
IL|TA|Tel Aviv|Tel Aviv|32.0853|34.7818|6#####7|3|467|
IL|JM|Jerusalem|Jerusalem|31.7683|35.2137|9#####0|2|966|
SA|01|Riyadh|Riyadh|24.7136|46.6753|12###|11|7000|
SA|02|Makkah|Jeddah|21.4858|39.1925|23###|12|3750|
AE|DU|Dubai|Dubai|25.2048|55.2708||4|3550|
AE|AZ|Abu Dhabi|Abu Dhabi|24.4539|54.3773||2|1540|
EG|C|Cairo|Cairo|30.0444|31.2357|11###|2|10100|
EG|ALX|Alexandria|Alexandria|31.2001|29.9187|21###|3|5400|
ZA|GP|Gauteng|Johannesburg|-26.2041|28.0473|20##|11|5635|
ZA|WC|Western Cape|Cape Town|-33.9249|18.4241|80##|21|4618|
ZA|KZN|KwaZulu-Natal|Durban|-29.8587|31.0218|40##|31|3120|
NG|LA|Lagos|Lagos|6.5244|3.3792|10####|1|15400|
NG|FC|Federal Capital Territory|Abuja|9.0765|7.3986|90####|9|3600|
KE|30|Nairobi|Nairobi|-1.2921|36.8219|00#00|20|4397|
MA|06|Casablanca-Settat|Casablanca|33.5731|-7.5898|20##0|522|3360|
IN|MH|Maharashtra|Mumbai|19.0760|72.8777|4000##|22|12442|
IN|DL|Delhi|New Delhi|28.6139|77.2090|1100##|11|11035|
IN|KA|Karnataka|Bengaluru|12.9716|77.5946|5600##|80|8443|
IN|TG|Telangana|Hyderabad|17.3850|78.4867|5000##|40|6993|
IN|TN|Tamil Nadu|Chennai|13.0827|80.2707|6000##|44|4646|
IN|WB|West Bengal|Kolkata|22.5726|88.3639|7000##|33|4497|
PK|SD|Sindh|Karachi|24.8607|67.0011|74###|21|14910|
PK|PB|Punjab|Lahore|31.5204|74.3587|54###|42|11126|
BD|C|Dhaka|Dhaka|23.8103|90.4125|12##|2|10278|
CN|BJ|Beijing|Beijing|39.9042|116.4074|1000##|10|21893|
CN|SH|Shanghai|Shanghai|31.2304|121.4737|2000##|21|24871|
CN|GD|Guangdong|Guangzhou|23.1291|113.2644|5100##|20|18677|
CN|GD|Guangdong|Shenzhen|22.5431|114.0579|5180##|755|17494|
CN|SC|Sichuan|Chengdu|30.5728|104.0668|6100##|28|20937|
JP|13|Tokyo|Tokyo|35.6762|139.6503|1##-00##|3|14094|
JP|27|Osaka|Osaka|34.6937|135.5023|5#0-00##|6|2753|
JP|14|Kanagawa|Yokohama|35.4437|139.6380|2#0-00##|45|3777|
JP|23|Aichi|Nagoya|35.1815|136.9066|4#0-00##|52|2332|
JP|40|Fukuoka|Fukuoka|33.5904|130.4017|81#-00##|92|1612|
KR|11|Seoul|Seoul|37.5665|126.9780|04###|2|9668|
KR|26|Busan|Busan|35.1796|129.0756|48###|51|3349|
TW|TPE|Taipei|Taipei|25.0330|121.5654|1##|2|2646|
TW|KHH|Kaohsiung|Kaohsiung|22.6273|120.3014|8##|7|2766|
HK|HK|Hong Kong|Hong Kong|22.3193|114.1694||2|7482|
SG|SG|Singapore|Singapore|1.3521|103.8198|04####|6|5454|
MY|14|Kuala Lumpur|Kuala Lumpur|3.1390|101.6869|50###|3|1982|
MY|07|Penang|George Town|5.4141|100.3288|10##0|4|708|
TH|10|Bangkok|Bangkok|13.7563|100.5018|10##0|2|5527|
TH|50|Chiang Mai|Chiang Mai|18.7883|98.9853|50##0|53|127|
VN|SG|Ho Chi Minh City|Ho Chi Minh City|10.8231|106.6297|70####|28|8993|
VN|HN|Hanoi|Hanoi|21.0278|105.8342|10####|24|8054|
PH|00|Metro Manila|Manila|14.5995|120.9842|10##|2|1847|Asia/Manila
PH|CEB|Cebu|Cebu City|10.3157|123.8854|60##|32|964|
ID|JK|Jakarta|Jakarta|-6.2088|106.8456|10##0|21|10562|
ID|JI|East Java|Surabaya|-7.2575|112.7521|60##0|31|2874|
AU|NSW|New South Wales|Sydney|-33.8688|151.2093|20##|2|5230|
AU|VIC|Victoria|Melbourne|-37.8136|144.9631|30##|3|4917|Australia/Melbourne
AU|QLD|Queensland|Brisbane|-27.4698|153.0251|40##|7|2514|Australia/Brisbane
AU|WA|Western Australia|Perth|-31.9523|115.8613|60##|8|2141|Australia/Perth
AU|SA|South Australia|Adelaide|-34.9285|138.6007|50##|8|1376|Australia/Adelaide
NZ|AUK|Auckland|Auckland|-36.8509|174.7645|10##|9|1440|
NZ|WGN|Wellington|Wellington|-41.2866|174.7756|60##|4|215|
"""
