"""Currencies by sign, code and name in the four languages; names that several countries share, by country."""

CODES = frozenset(
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF "
    "CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG "
    "HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA "
    "MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD "
    "RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX "
    "USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW FIM NLG ESP DEM FRF XBT".split()
)
# Codes that are words or names in one of the languages: only in capitals.
WORDLIKE = frozenset({"ALL", "TOP", "TRY", "MAD", "COP", "CUP", "PEN", "LAK", "SOS", "SAR", "MOP", "GEL", "BAM", "AMD", "MUR", "RON",
                      "PAB", "BOB", "CAD", "ERN", "STN", "ESP", "DEM", "TND", "MGA", "CLP", "GIP"})  # fmt: skip
SIGNS = {
    "€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₹": "INR", "₽": "RUB", "₺": "TRY", "₩": "KRW", "₪": "ILS",
    "₫": "VND", "₱": "PHP", "₴": "UAH", "₦": "NGN", "₡": "CRC", "₾": "GEL", "₸": "KZT", "฿": "THB", "₿": "XBT",
    "₵": "GHS", "₲": "PYG", "₭": "LAK", "₮": "MNT", "元": "CNY", "円": "JPY", "៛": "KHR", "₼": "AZN", "֏": "AMD",
}  # fmt: skip
# What stands before or after a figure as a code does; several tokens are written apart.
MARKS = {
    "USD": "us $, u $ d, u $ s, us dollar sign, usd $, $ us, $ usd", "CAD": "c $, $ c, ca $, can $, cad $, $ cad, $ can, cdn $, $ ca, cdn",
    "AUD": "au $, aud $, $ au, $ aud, aus $", "NZD": "nz $, nzd $, $ nz", "HKD": "hk $, hkd $", "SGD": "sg $, sgd $",
    "MXN": "mex $, mx $, mxn $, $ mxn, $ mx", "BRL": "r $, brl $", "TWD": "nt $, twd $", "ARS": "ar $, ars $", "COP": "col $, cop $",
    "CLP": "clp $", "INR": "rs, inr rs, rs .", "MYR": "rm", "EGP": "l . e ., l . e", "PLN": "zl", "CZK": "kc", "ESP": "pta, ptas, pts, pt",
    "CHF": "sfr", "EUR": "eu, eur €", "CNY": "rmb", "PKR": "pkr rs",
}  # fmt: skip
# Names in all four languages. The first code is the usual one; with a country's adjective the country's own.
NAMES = {
    "EUR": "euro, euros, eur, euri, eurs, eura, uros, ero, eros, boules, boule, pavos, pouloutes, eu ros",
    "USD": "dollar, dollars, dolar, dolares, dollares, dollarn, doller, dollers, dolars, greenback, greenbacks",
    "GBP": "pound, pounds, livre, livres, libra, libras, pfund, quid, quids, sterling, pound sterling, pounds sterling, livres sterling, livre sterling, libras esterlinas, libra esterlina, pfund sterling",
    "CHF": "franc, francs, franken, franco, francos, franks, stutz", "JPY": "yen, yens, yenes, jen", "CNY": "yuan, yuans, yuanes, renminbi",
    "INR": "rupee, rupees, roupie, roupies, rupia, rupias, rupie, rupien, rupe, rupes", "RUB": "rouble, roubles, ruble, rubles, rublo, rublos, rubel",
    "MXN": "peso, pesos, pesito, pesitos", "SEK": "krona, kronor, couronne, couronnes, crown, crowns, corona, coronas, krone, kronen, kroner, kr",
    "KWD": "dinar, dinars, dinares", "SAR": "riyal, riyals, riyales, saudi riyal", "IRR": "rial, rials, riales", "AED": "dirham, dirhams",
    "TRY": "lira, liras, lire, lires, lirasi", "KRW": "won, wons", "ILS": "shekel, shekels, schekel, sequel, shequel, sheqel, nis", "PLN": "zloty, zlotys, zloties, zlotych, zlotis",
    "HUF": "forint, forints, forintos", "CZK": "koruna, korunas, korun", "UAH": "hryvnia, hryvnias, grivna, hryvnya", "RON": "lei, leu", "BGN": "lev, leva, lewa",
    "THB": "baht, bahts", "VND": "dong, dongs", "PHP": "piso", "IDR": "rupiah, rupiahs", "MYR": "ringgit, ringgits", "KHR": "riel, riels, rieles",
    "ZAR": "rand, rands", "NGN": "naira, nairas", "KES": "shilling, shillings, schilling, chelin, chelines", "GHS": "cedi, cedis", "XOF": "cfa, fcfa, francs cfa, franc cfa, f cfa",
    "BRL": "reais, reales, real brasileno, real brasileiro, real bresilien", "CRC": "colon costarricense", "PEN": "soles, nuevos soles", "GEL": "lari, laris",
    "KZT": "tenge", "BDT": "taka, takas", "MNT": "tugrik, tugriks", "NLG": "guilder, guilders, florin, florins, florines, gulden", "DEM": "deutschmark, deutsche mark, mark, marks, marcos, marco aleman",
    "FIM": "markka", "ESP": "peseta, pesetas", "XBT": "bitcoin, bitcoins, btc", "ETB": "birr", "AOA": "kwanza, kwanzas", "PYG": "guarani, guaranies", "GTQ": "quetzal, quetzales",
    "HNL": "lempira, lempiras", "NIO": "cordoba, cordobas", "VES": "bolivar, bolivares", "BOB": "boliviano, bolivianos", "LAK": "kip", "MMK": "kyat, kyats", "AFN": "afghani", "AMD": "dram", "AZN": "manat",
}  # fmt: skip
# Said of money in general: in the customer's own currency, whichever it is.
SLANG = {
    "fr": "balles, balle, pepettes, ronds", "en": "bucks, buck, smackers, dosh", "es": "pelas, lucas, mangos, varos", "de": "kroten, mause, steine, kohle, ocken, flocken",
}  # fmt: skip
SLANG_DEFAULT = {"fr": "EUR", "en": "USD", "es": "EUR", "de": "EUR"}
# Slang that is a figure by itself.
FIGURES: dict[str, dict[str, tuple[float, str | None]]] = {"en": {"grand": (1000, None), "tenner": (10, "GBP"), "tenners": (10, "GBP"), "fiver": (5, "GBP"), "fivers": (5, "GBP"), "dime": (0.1, "USD"),
                  "dimes": (0.1, "USD"), "nickel": (0.05, "USD"), "nickels": (0.05, "USD"), "monkey sterling": (500, "GBP")},
           "fr": {"patate": (10000, "EUR"), "patates": (10000, "EUR")},
           "es": {}, "de": {"zehner": (10, "EUR"), "zwanziger": (20, "EUR"), "hunderter": (100, "EUR"), "funfziger": (50, "EUR"), "tausender": (1000, "EUR"), "funfer": (5, "EUR")}}  # fmt: skip
# A hundredth, and the currency it gives away when it does.
CENTS = {
    None: "cent, cents, centime, centimes, centimo, centimos, centavo, centavos, ct, cts, ctms, c, ¢, sen, sens, cens", "GBP": "pence, penny, pennies, p, penique, peniques",
    "CHF": "rappen", "INR": "paise, paisa", "RUB": "kopek, kopeks, kopeken, copecs", "DKK": "ore, ores",
}  # fmt: skip
# Beginnings of the adjectives and names of countries: what they make of a shared name.
NATIONS = {
    "us": "american, americ, amerik, estadounid, us, united states, etats, u.s", "ca": "canad, kanad", "au": "austral", "nz": "neozeland, neo zeland, neozeel, neuseel, new zealand",
    "hk": "hong", "sg": "singap", "jp": "japan, japon", "cn": "chin", "ch": "swiss, suiss, suis, schweiz, suiz", "gb": "brit, english, anglais, sterl, esterl, ingles",
    "eg": "egypt, egip, agypt", "lb": "leban, libanai, liban, libanes", "kw": "kuwait, koweit, kuwei", "qa": "qatar, katar", "sa": "saud, saoud", "om": "oman", "ir": "iran", "in": "ind",
    "pk": "pakist", "lk": "sri", "np": "nepal", "mu": "mauric, mauriz", "mx": "mexic, mexik", "ar": "argent", "co": "colomb, kolumb", "cl": "chil", "uy": "urug", "do": "dominic, dominik", "ph": "philip, filip",
    "cu": "cuban, cubain, kuban", "se": "swed, sued, schwed, suec", "no": "norw, norv, norueg", "dk": "dan", "is": "iceland, island", "cz": "czech, tchequ, tschech, chec", "tn": "tunis, tunes", "dz": "alger, argel", "jo": "jordan",
    "iq": "irak, iraq", "bh": "bahr", "rs": "serb", "ly": "liby, lib", "ma": "moroc, maroc, marrok, marroq", "ae": "emir, uae", "tr": "turk, turc, turq", "it": "ital", "fi": "finl, finn", "nl": "dutch, holland, neerland, niederl",
    "fr": "franz, frenc", "be": "belg", "my": "malays, malais, malas", "kh": "cambod, kambod, camboy", "ru": "russ, rus", "bz": "beliz", "jm": "jamai, jamaik", "tt": "trinid", "fj": "fidj, fiji", "tw": "taiwan", "ke": "keny, kenia", "ug": "ugand", "tz": "tanzan", "so": "somal", "sd": "sudan, soudan",
    "de": "deutsch, allemand, german, aleman", "kr": "korea, coree, corean, sudkorean", "kp": "nordkorean", "br": "brasil, bresil, brazil", "id": "indones", "sy": "syr, siri",
}  # fmt: skip
OF_NATION = {
    "dollar": {"us": "USD", "ca": "CAD", "au": "AUD", "nz": "NZD", "hk": "HKD", "sg": "SGD", "bz": "BZD", "jm": "JMD", "tt": "TTD", "fj": "FJD", "tw": "TWD"},
    "pound": {"gb": "GBP", "eg": "EGP", "lb": "LBP", "sd": "SDG", "sy": "SYP", "tr": "TRY"}, "franc": {"ch": "CHF", "fr": "FRF"},
    "rupee": {"in": "INR", "pk": "PKR", "lk": "LKR", "np": "NPR", "mu": "MUR", "id": "IDR"},
    "peso": {"mx": "MXN", "ar": "ARS", "co": "COP", "cl": "CLP", "uy": "UYU", "do": "DOP", "ph": "PHP", "cu": "CUP"},
    "krona": {"se": "SEK", "no": "NOK", "dk": "DKK", "is": "ISK", "cz": "CZK"},
    "dinar": {"kw": "KWD", "tn": "TND", "dz": "DZD", "jo": "JOD", "iq": "IQD", "bh": "BHD", "rs": "RSD", "ly": "LYD"},
    "rial": {"ir": "IRR", "om": "OMR", "sa": "SAR", "qa": "QAR"}, "dirham": {"ae": "AED", "ma": "MAD"}, "lira": {"tr": "TRY"},
    "shilling": {"ke": "KES", "ug": "UGX", "tz": "TZS", "so": "SOS"}, "mark": {"fi": "FIM", "de": "DEM"}, "won": {"kr": "KRW", "kp": "KPW"},
}  # fmt: skip
FAMILY = {
    "USD": "dollar", "GBP": "pound", "CHF": "franc", "INR": "rupee", "MXN": "peso", "SEK": "krona", "KWD": "dinar", "SAR": "rial", "IRR": "rial",
    "AED": "dirham", "TRY": "lira", "KES": "shilling", "DEM": "mark", "KRW": "won", "XOF": "franc", "IDR": "rupee",
}  # fmt: skip
# Single marks that a customer's own currency may share: $ is his dollar, "francs" his francs.
SHARING = {
    family: frozenset(by.values()) | ({"XOF", "XAF"} if family == "franc" else set())
    for family, by in OF_NATION.items()
}
