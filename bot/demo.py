"""A small made-up book, so that a newcomer has somebody to talk as. Nobody in it exists."""

from datetime import date, timedelta
from typing import Any

from bot.i18n import N_
from bot.importing import check
from bot.ports import ImportRow
from bot.web.site import DemoPerson

# ref, name, type, trust, language, zone, jurisdiction, birth date, postal code, [(days overdue, minor, text)]
CARD_ON_FILE = "C-1009"
_PEOPLE: tuple[tuple[Any, ...], ...] = (
    ("C-1001", "Claire Martin", "consumer", "normal", "fr", "Europe/Paris", "FR", "1984-03-09", "69003",
     [(34, 12990, "Abonnement fibre, septembre")]),
    ("C-1002", "Karim Benali", "consumer", "good", "fr", "Europe/Paris", "FR", "1991-11-22", "13005",
     [(12, 4590, "Abonnement mobile, octobre")]),
    ("C-1003", "Odette Lambert", "consumer", "normal", "fr", "Europe/Paris", "FR", "1948-06-30", "35000",
     [(51, 28450, "Box et télévision, août et septembre")]),
    ("C-1004", "Atelier Vauban SARL", "business", "normal", "fr", "Europe/Paris", "FR", None, "59800",
     [(20, 186000, "Fibre professionnelle, 3e trimestre"), (-10, 62000, "Fibre professionnelle, octobre")]),
    ("C-1005", "Emma Clarke", "consumer", "normal", "en", "Europe/London", "GB", "1990-01-17", "LS1 4AP",
     [(27, 8999, "Fibre broadband, October")]),
    ("C-1006", "Daniel O'Connor", "consumer", "bad", "en", "Europe/Dublin", "EU", "1979-08-02", "D02 X285",
     [(63, 33120, "Fibre and phone, August to October")]),
    ("C-1007", "Lucía Herrero", "consumer", "normal", "es", "Europe/Madrid", "ES", "1995-05-14", "28012",
     [(18, 7450, "Fibra 600 Mb, octubre")]),
    ("C-1008", "Talleres Ibarra SL", "business", "good", "es", "Europe/Madrid", "ES", None, "48001",
     [(40, 95000, "Fibra para empresas, septiembre")]),
    ("C-1009", "Jonas Weber", "consumer", "normal", "de", "Europe/Berlin", "DE", "1987-12-01", "50667",
     [(23, 10480, "Glasfaser, Oktober")]),
    ("C-1010", "Sabine Hoffmann", "consumer", "normal", "de", "Europe/Berlin", "DE", "1962-02-25", "80331",
     [(5, 5990, "Glasfaser, November"), (36, 5990, "Glasfaser, Oktober")]),
    ("C-1011", "Malik Traoré", "consumer", "normal", "fr", "Europe/Paris", "FR", "2001-09-18", "93200",
     [(4, 1999, "Forfait mobile, novembre")]),
    ("C-1012", "Inès Fabre", "consumer", "normal", "fr", "Europe/Paris", "FR", "1976-04-05", "31000",
     [(-3, 12990, "Abonnement fibre, novembre")]),
)  # fmt: skip

# What to write as each of them, in their own language, and what can be seen then.
_TRY: dict[str, tuple[str, str]] = {
    "C-1001": ("Je peux payer en 3 fois ?", N_("a plan in instalments, to bargain over")),
    "C-1002": ("Je vous paie vendredi", N_("a promise to pay on a day")),
    "C-1003": ("C'est quoi cette facture ?", N_("the invoice, line by line")),
    "C-1004": ("Envoyez-moi la facture en PDF", N_("a copy of the invoices to keep")),
    "C-1005": ("I lost my job", N_("hardship: reminders stop and a person is called")),
    "C-1006": ("I want to talk to a person", N_("the hand-over to an agent")),
    "C-1007": ("Ya pagué ayer", N_("a payment that is looked for")),
    "C-1008": ("La factura está mal, el importe no es correcto", N_("an objection, with photos or documents")),
    "C-1009": ("Ich zahle am Freitag", N_("a promise that moves the next try of a saved card")),
    "C-1010": ("Was ist noch offen?", N_("two invoices, each to be paid alone or together")),
    "C-1011": ("C'est une arnaque ? Qui êtes-vous ?", N_("who writes, and why")),
    "C-1012": ("Combien je dois ?", N_("nothing is overdue: only the next due date")),
}


def people() -> tuple[DemoPerson, ...]:
    """Who the demo's pages may show to anybody, by reference, name and the facts that stand in this file."""
    return tuple(
        DemoPerson(ref, name, _identity(int(ref[2:]), born, postcode), language, *_TRY[ref])
        for ref, name, _, _, language, _, _, born, postcode, _ in _PEOPLE
    )


def _identity(index: int, born: str | None, postcode: str) -> dict[str, str]:
    proof = {"birth_date": born} if born else {"registration_number": f"{index * 733:09d}"}
    return {"postal_code": postcode} | proof


def rows(today: date) -> list[ImportRow]:
    """The demo's invoices, their dates told from today."""
    made, line = [], 0
    for ref, name, kind, trust, language, zone, jurisdiction, born, postcode, invoices in _PEOPLE:
        index = int(ref[2:])
        identity = _identity(index, born, postcode)
        for number, (days, minor, text) in enumerate(invoices, 1):
            line += 1
            due = today - timedelta(days=days)
            base = minor * 4 // 5
            customer = {
                "ref": ref, "name": name, "type": kind, "trust": trust, "language": language, "time_zone": zone,
                "jurisdiction": jurisdiction, "identity": identity,
                "contacts": [
                    {"channel": "sms", "address": f"+3363998{index:04d}", "consent": True},
                    {"channel": "email", "address": f"{ref.lower()}@example.org", "consent": True},
                    {"channel": "letter", "address": f"{name}, {postcode}", "consent": True},
                ],
            }  # fmt: skip
            if ref == CARD_ON_FILE:
                # Declines for some days, as an account does that waits for a salary; a promise moves the next try.
                card = {"provider": "sandbox", "network": "visa", "label": "Visa •••• 0341",
                        "reference": f"from:{today + timedelta(days=3)}:insufficient_funds"}  # fmt: skip
                customer["payment_methods"] = [card]
            vat = {"fr": "TVA", "en": "VAT", "es": "IVA", "de": "MwSt."}[language]
            failure = {"code": "insufficient_funds", "at": f"{due.isoformat()}T06:00:00Z"}
            invoice = {
                "number": f"F-2026-{index - 1000:02d}{number:02d}",
                "currency": "GBP" if jurisdiction == "GB" else "EUR",
                "amount_minor": minor, "issued_on": (due - timedelta(days=30)).isoformat(), "due_on": due.isoformat(),
                "description": text,
                "lines": [{"text": text, "amount_minor": base}, {"text": vat, "amount_minor": minor - base}],
                "subscription": {"ref": f"S-{index}", "plan": "fibre"},
                "failure": failure if index % 3 == 1 else {},
            }  # fmt: skip
            made.append(check(line, {"customer": customer, "invoice": invoice}))
    return made
