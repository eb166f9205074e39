"""Numbers in digits and in words."""

import re

_WORDS: dict[str, dict[str, int]] = {
    "fr": {
        "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9,
        "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16, "vingt": 20,
        "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70, "huitante": 80,
        "octante": 80, "nonante": 90, "cent": 100, "cents": 100, "mille": 1000,
    },
    "en": {
        "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
        "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
        "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
        "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100, "thousand": 1000, "couple": 2,
    },
    "es": {
        "un": 1, "uno": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8,
        "nueve": 9, "diez": 10, "once": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15, "dieciseis": 16,
        "diecisiete": 17, "dieciocho": 18, "diecinueve": 19, "veinte": 20, "veintiuno": 21, "veintidos": 22,
        "veinticinco": 25, "treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "setenta": 70,
        "ochenta": 80, "noventa": 90, "cien": 100, "ciento": 100, "doscientos": 200, "trescientos": 300,
        "quinientos": 500, "mil": 1000,
    },
    "de": {
        "ein": 1, "eins": 1, "eine": 1, "einem": 1, "einer": 1, "zwei": 2, "drei": 3, "vier": 4, "funf": 5,
        "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10, "elf": 11, "zwolf": 12, "dreizehn": 13,
        "vierzehn": 14, "funfzehn": 15, "sechzehn": 16, "siebzehn": 17, "achtzehn": 18, "neunzehn": 19,
        "zwanzig": 20, "dreissig": 30, "vierzig": 40, "funfzig": 50, "sechzig": 60, "siebzig": 70, "achtzig": 80,
        "neunzig": 90, "hundert": 100, "tausend": 1000,
    },
}  # fmt: skip
_JOIN = {"fr": "et", "en": "and", "es": "y", "de": "und"}
DIGITS = r"\d{1,3}(?:[ .,']\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"


def pattern(language: str) -> str:
    """A regular expression for one number, in digits or in words (on folded text)."""
    words = "|".join(sorted(_WORDS[language], key=len, reverse=True))
    joined = _JOIN[language]
    one = rf"(?:{words})" if language != "de" else rf"(?:(?:{words}|und)+)"
    return rf"(?:{DIGITS}|\b{one}(?:(?:[ -]+(?:{joined}[ -]+)?){one})*\b)"


def value(text: str, language: str) -> float | None:
    """What a number says; None when it is none. A last group of three digits is thousands, of one or two decimals."""
    if text[:1].isdigit():
        return _digits(text)
    if language == "de":
        return _german(text)
    total = current = 0
    for word in re.split(r"[ -]+", text):
        if word == _JOIN[language]:
            continue
        number = _WORDS[language].get(word)
        if number is None:
            return None
        if number == 1000:
            total, current = total + max(current, 1) * 1000, 0
        elif number == 100:
            current = max(current, 1) * 100
        elif number == 20 and current == 4 and language == "fr":
            current = 80
        else:
            current += number
    return float(total + current)


def _digits(text: str) -> float:
    plain = text.replace(" ", "").replace("'", "")
    last = max(plain.rfind("."), plain.rfind(","))
    if last < 0:
        return float(plain)
    whole, part = re.sub(r"[.,]", "", plain[:last]), plain[last + 1 :]
    return float(whole + part) if len(part) == 3 else float(f"{whole}.{part}")


def _german(text: str) -> float | None:
    total = current = 0
    rest = text.replace(" ", "").replace("-", "")
    units = sorted(_WORDS["de"].items(), key=lambda item: -len(item[0]))
    while rest:
        if rest.startswith("und"):
            rest = rest[3:]
            continue
        for word, number in units:
            if rest.startswith(word):
                if number == 1000:
                    total, current = total + max(current, 1) * 1000, 0
                elif number == 100:
                    current = max(current, 1) * 100
                else:
                    current += number
                rest = rest[len(word) :]
                break
        else:
            return None
    return float(total + current)
