"""Cities of the United States: the state, the first digits of their ZIP codes, an area code and the population.

A line is state code | state | city | latitude | longitude | ZIP prefix | area code | population in thousands | time
zone. Every state has one city at least. Sources of the facts: US Census Bureau, USPS, NANPA, IANA time zones.
"""

US_CITIES = """
AL|Alabama|Birmingham|33.5186|-86.8104|352|205|201|C
AL|Alabama|Huntsville|34.7304|-86.5861|358|256|215|C
AK|Alaska|Anchorage|61.2181|-149.9003|995|907|291|K
AZ|Arizona|Phoenix|33.4484|-112.0740|850|602|1608|A
AZ|Arizona|Tucson|32.2226|-110.9747|857|520|543|A
AZ|Arizona|Scottsdale|33.4942|-111.9261|852|480|241|A
AR|Arkansas|Little Rock|34.7465|-92.2896|722|501|202|C
CA|California|Los Angeles|34.0522|-118.2437|900|213|3899|P
CA|California|San Diego|32.7157|-117.1611|921|619|1387|P
CA|California|San Jose|37.3382|-121.8863|951|408|1013|P
CA|California|San Francisco|37.7749|-122.4194|941|415|874|P
CA|California|Fresno|36.7378|-119.7871|937|559|542|P
CA|California|Sacramento|38.5816|-121.4944|958|916|525|P
CA|California|Long Beach|33.7701|-118.1937|908|562|466|P
CA|California|Oakland|37.8044|-122.2712|946|510|441|P
CO|Colorado|Denver|39.7392|-104.9903|802|303|716|M
CO|Colorado|Colorado Springs|38.8339|-104.8214|809|719|479|M
CO|Colorado|Boulder|40.0150|-105.2705|803|303|108|M
CT|Connecticut|Hartford|41.7658|-72.6734|061|860|121|E
CT|Connecticut|Stamford|41.0534|-73.5387|069|203|135|E
DC|District of Columbia|Washington|38.9072|-77.0369|200|202|690|E
DE|Delaware|Wilmington|39.7391|-75.5398|198|302|71|E
FL|Florida|Jacksonville|30.3322|-81.6557|322|904|950|E
FL|Florida|Miami|25.7617|-80.1918|331|305|442|E
FL|Florida|Tampa|27.9506|-82.4572|336|813|385|E
FL|Florida|Orlando|28.5383|-81.3792|328|407|308|E
GA|Georgia|Atlanta|33.7490|-84.3880|303|404|499|E
GA|Georgia|Savannah|32.0809|-81.0912|314|912|148|E
HI|Hawaii|Honolulu|21.3069|-157.8583|968|808|351|H
ID|Idaho|Boise|43.6150|-116.2023|837|208|236|B
IL|Illinois|Chicago|41.8781|-87.6298|606|312|2746|C
IL|Illinois|Springfield|39.7817|-89.6501|627|217|114|C
IL|Illinois|Naperville|41.7508|-88.1535|605|630|149|C
IN|Indiana|Indianapolis|39.7684|-86.1581|462|317|888|I
IN|Indiana|Fort Wayne|41.0793|-85.1394|468|260|264|I
IA|Iowa|Des Moines|41.5868|-93.6250|503|515|214|C
KS|Kansas|Wichita|37.6872|-97.3301|672|316|398|C
KS|Kansas|Overland Park|38.9822|-94.6708|662|913|197|C
KY|Kentucky|Louisville|38.2527|-85.7585|402|502|633|L
KY|Kentucky|Lexington|38.0406|-84.5037|405|859|323|E
LA|Louisiana|New Orleans|29.9511|-90.0715|701|504|384|C
LA|Louisiana|Baton Rouge|30.4515|-91.1871|708|225|227|C
ME|Maine|Portland|43.6591|-70.2568|041|207|68|E
MD|Maryland|Baltimore|39.2904|-76.6122|212|410|586|E
MD|Maryland|Rockville|39.0840|-77.1528|208|301|67|E
MA|Massachusetts|Boston|42.3601|-71.0589|021|617|676|E
MA|Massachusetts|Worcester|42.2626|-71.8023|016|508|207|E
MI|Michigan|Detroit|42.3314|-83.0458|482|313|639|D
MI|Michigan|Grand Rapids|42.9634|-85.6681|495|616|199|D
MI|Michigan|Ann Arbor|42.2808|-83.7430|481|734|124|D
MN|Minnesota|Minneapolis|44.9778|-93.2650|554|612|430|C
MN|Minnesota|Saint Paul|44.9537|-93.0900|551|651|312|C
MS|Mississippi|Jackson|32.2988|-90.1848|392|601|154|C
MO|Missouri|Kansas City|39.0997|-94.5786|641|816|508|C
MO|Missouri|Saint Louis|38.6270|-90.1994|631|314|302|C
MT|Montana|Billings|45.7833|-108.5007|591|406|117|M
NE|Nebraska|Omaha|41.2565|-95.9345|681|402|486|C
NV|Nevada|Las Vegas|36.1699|-115.1398|891|702|642|P
NV|Nevada|Reno|39.5296|-119.8138|895|775|264|P
NH|New Hampshire|Manchester|42.9956|-71.4548|031|603|116|E
NJ|New Jersey|Newark|40.7357|-74.1724|071|973|312|E
NJ|New Jersey|Jersey City|40.7178|-74.0431|073|201|292|E
NM|New Mexico|Albuquerque|35.0844|-106.6504|871|505|565|M
NY|New York|New York|40.7128|-74.0060|100|212|6068|E
NY|New York|Brooklyn|40.6782|-73.9442|112|718|2736|E
NY|New York|Buffalo|42.8864|-78.8784|142|716|278|E
NY|New York|Rochester|43.1566|-77.6088|146|585|211|E
NC|North Carolina|Charlotte|35.2271|-80.8431|282|704|875|E
NC|North Carolina|Raleigh|35.7796|-78.6382|276|919|468|E
ND|North Dakota|Fargo|46.8772|-96.7898|581|701|126|C
OH|Ohio|Columbus|39.9612|-82.9988|432|614|906|E
OH|Ohio|Cleveland|41.4993|-81.6944|441|216|373|E
OH|Ohio|Cincinnati|39.1031|-84.5120|452|513|309|E
OK|Oklahoma|Oklahoma City|35.4676|-97.5164|731|405|681|C
OR|Oregon|Portland|45.5152|-122.6784|972|503|653|P
OR|Oregon|Eugene|44.0521|-123.0868|974|541|177|P
PA|Pennsylvania|Philadelphia|39.9526|-75.1652|191|215|1604|E
PA|Pennsylvania|Pittsburgh|40.4406|-79.9959|152|412|303|E
RI|Rhode Island|Providence|41.8240|-71.4128|029|401|191|E
SC|South Carolina|Charleston|32.7765|-79.9311|294|843|150|E
SC|South Carolina|Columbia|34.0007|-81.0348|292|803|137|E
SD|South Dakota|Sioux Falls|43.5446|-96.7311|571|605|193|C
TN|Tennessee|Nashville|36.1627|-86.7816|372|615|689|C
TN|Tennessee|Memphis|35.1495|-90.0490|381|901|633|C
TX|Texas|Houston|29.7604|-95.3698|770|713|2305|C
TX|Texas|San Antonio|29.4241|-98.4936|782|210|1435|C
TX|Texas|Dallas|32.7767|-96.7970|752|214|1304|C
TX|Texas|Austin|30.2672|-97.7431|787|512|962|C
TX|Texas|Fort Worth|32.7555|-97.3308|761|817|919|C
TX|Texas|El Paso|31.7619|-106.4850|799|915|679|M
UT|Utah|Salt Lake City|40.7608|-111.8910|841|801|200|M
UT|Utah|Provo|40.2338|-111.6585|846|801|115|M
VT|Vermont|Burlington|44.4759|-73.2121|054|802|45|E
VA|Virginia|Virginia Beach|36.8529|-75.9780|234|757|459|E
VA|Virginia|Richmond|37.5407|-77.4360|232|804|227|E
VA|Virginia|Arlington|38.8816|-77.0910|222|703|239|E
WA|Washington|Seattle|47.6062|-122.3321|981|206|737|P
WA|Washington|Spokane|47.6588|-117.4260|992|509|229|P
WA|Washington|Tacoma|47.2529|-122.4443|984|253|219|P
WV|West Virginia|Charleston|38.3498|-81.6326|253|304|49|E
WI|Wisconsin|Milwaukee|43.0389|-87.9065|532|414|577|C
WI|Wisconsin|Madison|43.0731|-89.4012|537|608|270|C
WY|Wyoming|Cheyenne|41.1400|-104.8202|820|307|65|M
"""
US_TIMEZONES = {
    "E": "America/New_York",
    "C": "America/Chicago",
    "M": "America/Denver",
    "P": "America/Los_Angeles",
    "A": "America/Phoenix",
    "B": "America/Boise",
    "D": "America/Detroit",
    "H": "Pacific/Honolulu",
    "I": "America/Indiana/Indianapolis",
    "K": "America/Anchorage",
    "L": "America/Kentucky/Louisville",
}
"""The time zone of each letter in the lines."""
