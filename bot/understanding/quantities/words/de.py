"""German: words of numbers, money and the calendar."""

_SMALL = {
    "zwei": 2, "zwo": 2, "drei": 3, "vier": 4, "funf": 5, "fuenf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9,
}  # fmt: skip
_TENS = {
    "zwanzig": 20, "dreissig": 30, "dreisig": 30, "vierzig": 40, "funfzig": 50, "fuenfzig": 50, "sechzig": 60,
    "siebzig": 70, "achtzig": 80, "neunzig": 90,
}  # fmt: skip
UNDER_HUNDRED = {
    **_SMALL, **_TENS, "zehn": 10, "elf": 11, "zwolf": 12, "zwoelf": 12, "dreizehn": 13, "vierzehn": 14, "funfzehn": 15,
    "fuenfzehn": 15, "sechzehn": 16, "siebzehn": 17, "achtzehn": 18, "neunzehn": 19,
    **{f"{one}und{ten}": a + b for one, a in ({"ein": 1} | _SMALL).items() for ten, b in _TENS.items()},
}  # fmt: skip
CARDINALS = {
    "null": 0, **UNDER_HUNDRED, "hundert": 100, "tausend": 1000, "tsd": 1000, "million": 10**6, "millionen": 10**6,
    "mio": 10**6, "milliarde": 10**9, "milliarden": 10**9, "mrd": 10**9, "dutzend": 12,
}  # fmt: skip
ONES = {"ein", "eins", "eine", "einen", "einem", "einer", "eines", "ne", "nen", "ner"}
AND = "und"
_STEMS = {"erst": 1, "zweit": 2, "dritt": 3, "viert": 4, "funft": 5, "fuenft": 5, "sechst": 6, "siebt": 7, "siebent": 7,
          "acht": 8, "neunt": 9, "zehnt": 10, "elft": 11, "zwolft": 12, "zwoelft": 12}  # fmt: skip
_STEMS |= {f"{word}t": n for word, n in UNDER_HUNDRED.items() if 13 <= n <= 19}
_STEMS |= {f"{word}st": n for word, n in UNDER_HUNDRED.items() if 20 <= n <= 31}
ORDINALS = {stem + end: n for stem, n in _STEMS.items() for end in ("e", "en", "er", "es", "em")}
WORDS = {
    "OTHER": "guten morgen, gut morgen, morgen zusammen",
    "LIGHT": "der, die, das, des, dem, im, von, s",
    "INTRO": "am, den, zum, vom, ab dem, bis zum, beim, bis zu dem, bis den",
    "PREP": "fur, fuer, gegen, um, spatestens, bis spatestens, an, zu, auf den",
    "IN": "in, binnen, innerhalb, innerhalb von, innerhalb der, in den, in etwa, in ca",
    "OVER": "uber, ueber, auf, wahrend, verteilt auf, verteilt uber",
    "HAGO": "vor, vor etwa, vor ca, vor rund",
    "AGO": "her, zuvor, vorher, fruher",
    "HENCE": "spater, ab heute, ab jetzt, von heute an, ab sofort, danach, von jetzt an, von heute",
    "BEFORE": "bevor, vor dem, vor den",
    "AFTER": "nach, nach dem, nach den, ab",
    "SINCE": "seit, seit dem",
    "BETWEEN": "zwischen",
    "AND": "und, &, u",
    "OR": "oder",
    "RANGE": "bis",
    "APPROX": "etwa, ungefahr, circa, ca, zirka, rund, knapp, fast, genau, maximal, max, hochstens, mindestens, nur, mehr als, weniger als, je, zu je",
    "NEXT": "nachste, nachsten, nachster, nachstes, nachstem, naechste, naechsten, naechster, naechstes, kommende, kommenden, kommender, kommendes, folgende, folgenden, nexte, nexten, nachst",
    "LAST": "letzte, letzten, letzter, letztes, letztem, vergangene, vergangenen, vergangener, vergangenes, vorige, vorigen, voriger, voriges, vorherige",
    "THIS": "diese, diesen, dieser, dieses, diesem, laufenden, dies, aktuellen, laufende",
    "AFTERNEXT": "ubernachste, ubernachsten, ubernachster, ubernachstes, uebernaechste, uebernaechsten",
    "EVERY": "jeden, jede, jeder, jedes, jeweils, alle",
    "PER": "pro, p",
    "WEEKEND": "wochenende, we, wochenend",
    "CLOSEST": "nachstgelegene, am nachsten",
    "NOON": {"12:00": "mittag, mittags", "00:00": "mitternacht"},
    "HALFAND": "einhalb",
    "PERCENT": "prozent",
    "RELDAY": {
        0: "heute, heut, heute noch, noch heute, zu dieser zeit, am heutigen tag, heutigen, am selben tag", 1: "morgen, mrgn, morgn, morgen fruh, morgen frueh, am morgigen tag",
        2: "ubermorgen, uebermorgen, ubermorgn, uber morgen", 3: "uberubermorgen", -1: "gestern, gestrn, gestern abend", -2: "vorgestern, vor gestern", -3: "vorvorgestern",
    },
    "SHIFT": {1: "tag danach, am tag danach, nachster tag, am nachsten tag, folgetag, am folgetag, tag nach, tag darauf, am tag darauf", -1: "tag davor, am tag davor, vortag, am vortag, am vorabend, tag vor, tag zuvor, am tag zuvor"},
    "DAYPART": "abend, abends, vormittag, vormittags, nachmittag, nachmittags, mittag, nacht, nachts, fruh, frueh, morgens, am abend, am morgen, am vormittag, am nachmittag, am mittag, in der fruh, in der nacht",
    "WEEKDAY": {
        0: "montag, montags, montach", 1: "dienstag, dienstags", 2: "mittwoch, mittwochs, mittwoche", 3: "donnerstag, donnerstags", 4: "freitag, freitags, freitach", 5: "samstag, samstags, sonnabend, sonnabends", 6: "sonntag, sonntags, sontag",
    },
    "SHORTDAY": {0: "mo", 1: "di", 2: "mi", 3: "do", 4: "fr", 5: "sa", 6: "so"},
    "MONTH": {
        1: "januar, janner, jan, jaenner", 2: "februar, feb, feber, hornung", 3: "marz, maerz, mrz", 4: "april, apr", 5: "mai", 6: "juni, jun", 7: "juli, jul",
        8: "august, aug", 9: "september, sept, sep", 10: "oktober, okt, october", 11: "november, nov", 12: "dezember, dez, december",
    },
    "SHORTMONTH": {3: "mar"},
    "UNIT": {
        "d": "tag, tage, tagen, tags, tages, tg, tgn", "w": "woche, wochen, wo, wchn", "m": "monat, monate, monaten, monats", "q": "quartal, quartale, quartals, vierteljahr",
        "y": "jahr, jahre, jahren, jahres", "b": "werktage, werktagen, arbeitstage, arbeitstagen, bankarbeitstagen, werktag, geschaftstagen",
        "h": "stunde, stunden, std", "min": "minute, minuten", "s2": "halbjahr",
    },
    "RATE": "monatlich, monatliche, monatlichen, wochentlich, wochentliche, mtl, mtlich, jahrlich",
    "PARTOF": {"begin": "anfang, zu beginn, beginn, anfangs", "mid": "mitte", "end": "ende, schluss"},
    "BOUND": {("end", "m"): "monatsende, monatsletzten, ultimo, monatsletzter", ("begin", "m"): "monatsanfang, monatsersten, monatsbeginn", ("mid", "m"): "monatsmitte", ("end", "y"): "jahresende", ("end", "q"): "quartalsende", ("begin", "y"): "jahresanfang, jahresbeginn", ("end", "w"): "wochenschluss", ("begin", "w"): "wochenanfang, wochenbeginn", ("mid", "w"): "wochenmitte", ("mid", "y"): "jahresmitte"},
    "HOLIDAY": {
        "new_year": "neujahr, neujahrstag", "epiphany": "heilige drei konige, heiligen drei konigen, dreikonigstag, dreikonige, drei konige, heilig drei konig", "valentine": "valentinstag", "women": "frauentag, weltfrauentag",
        "rose_monday": "rosenmontag", "carnival": "fastnacht, faschingsdienstag, veilchendienstag", "ash_wednesday": "aschermittwoch", "palm_sunday": "palmsonntag", "maundy": "grundonnerstag",
        "good_friday": "karfreitag", "easter_eve": "karsamstag, ostersamstag", "easter": "ostern, ostersonntag", "easter_monday": "ostermontag", "labour": "tag der arbeit, maifeiertag", "mothers": "muttertag",
        "ascension": "christi himmelfahrt, himmelfahrt, vatertag, mannertag", "pentecost": "pfingsten, pfingstsonntag", "whit_monday": "pfingstmontag", "corpus": "fronleichnam", "saint_john": "johannistag, johanni",
        "peace": "friedensfest, augsburger friedensfest, hohes friedensfest", "assumption": "maria himmelfahrt, mariae himmelfahrt", "swiss": "bundesfeier, bundesfeiertag", "unity": "tag der deutschen einheit, einheitstag", "harvest": "erntedankfest, erntedank",
        "austria": "osterreichischer nationalfeiertag, nationalfeiertag", "reformation": "reformationstag, reformationsfest", "halloween": "halloween", "all_saints": "allerheiligen", "all_souls": "allerseelen", "martin": "martinstag, sankt martin, st martin",
        "repentance": "buss und bettag, bus und bettag", "dead": "totensonntag, ewigkeitssonntag", "memorial_de": "volkstrauertag", "advent1": "erster advent, ersten advent, 1. advent", "advent2": "zweiter advent, zweiten advent", "advent3": "dritter advent, dritten advent", "advent4": "vierter advent, vierten advent",
        "barbara": "barbaratag", "nicholas": "nikolaus, nikolaustag", "immaculate": "maria empfangnis", "christmas_eve": "heiligabend, heilig abend, heiliger abend", "christmas": "weihnachten, weihnachtstag, erster weihnachtstag, ersten weihnachtstag, weihnachts, erster weihnachtsfeiertag",
        "boxing": "zweiter weihnachtstag, zweiten weihnachtstag, stephanstag, zweiter weihnachtsfeiertag", "new_years_eve": "silvester, sylvester, silvesterabend", "thanksgiving": "thanksgiving", "black_friday": "black friday", "candlemas": "maria lichtmess",
    },
    "SHARE": {
        "half": "die halfte, halfte, 50 %", "third": "ein drittel", "quarter": "ein viertel", "rest": "den rest, der rest, restbetrag, den restlichen betrag", "all": "den gesamten betrag, die gesamte summe, den vollen betrag, in voller hohe, komplett",
    },
    "FRACTION": {"0.5": "halbe, halben, halbes, eine halbe, einer halben, einem halben", "0.75": "dreiviertel, drei viertel", "0.25": "viertel"},
    "COUNTED": {
        "times": "mal, male", "part": "raten, rate, monatsraten, teilzahlungen, zahlungen, teilbetragen, teile, teilen, betragen, teilraten",
    },
    "PAY": "konnte, kann, zahlte, ihnen, zahlen, zahle, uberweisen, uberweise, geben, gebe, bieten, biete, leisten, schaffe, schaffen, lieber, nur, nicht, sagen wir, aufbringen, anbieten, betrag von",
    "NOW": "jetzt, sofort, gleich, maximal, bitte, heute, und, oder, aber, statt, erstmal, zuerst, im, pro, direkt, anzahlen, zahlen, uberweisen, geben, anbieten, aufbringen",
    "NOUN": "mal, rate, mahnung, brief, anruf, mail, nachricht, rechnung, monat, woche, stock, zahlung, person, versuch, schreiben, kind, quartal, seite, wahl, klasse, erinnerung",
}  # fmt: skip
