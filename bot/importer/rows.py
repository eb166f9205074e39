"""One row of an import as the store takes it, or the reason why it cannot be taken."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from babel.core import get_global

from bot.domain.redaction import redact
from bot.i18n import LANGUAGES
from bot.importer.notation import Notation, Unclear
from bot.importer.places import Defaults, Home, country_of_address, home_of
from bot.ports import ImportRow

MOST_MINOR = 10**15  # far below what the database can hold, far above any invoice
CHANNELS = ("sms", "email", "telegram", "whatsapp", "letter", "phone")
_CALLED = ("sms", "phone", "whatsapp")
_CURRENCIES = frozenset(get_global("all_currencies"))
# Codes of ISO 4217 for tests and for no currency at all.
_NO_MONEY = frozenset({"XXX", "XTS"})
_NETWORKS = ("visa", "mastercard", "sepa", "ach", "bacs", "other")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z")
PLAIN = Notation(".", "ymd")


class Rejected(ValueError):
    """A row that cannot be taken; the message says why."""


T = TypeVar("T")


class _Faults(list[str]):
    """All that is wrong with a row, so that it is put right in one go."""

    def read(self, part: Callable[[], T]) -> T | None:
        """The part as read; None where it cannot be, and the reason is kept."""
        try:
            return part()
        except Rejected as reason:
            self.append(str(reason))
            return None

    def settle(self) -> None:
        """Raise what was found."""
        if self:
            raise Rejected("; ".join(dict.fromkeys(self)))


def check(line: int, item: Mapping[str, Any], notation: Notation = PLAIN, defaults: Defaults = Defaults()) -> ImportRow:
    """One row as the store takes it; raises Rejected with the field and the remedy."""
    customer, invoice = item.get("customer"), item.get("invoice")
    if not isinstance(customer, Mapping) or not isinstance(invoice, Mapping):
        raise Rejected('a row is {"customer": {...}, "invoice": {...}}')
    faults = _Faults()
    ref = faults.read(lambda: _text(customer, "customer.ref"))
    name = faults.read(lambda: _text(customer, "customer.name"))
    language = faults.read(lambda: _language(customer))
    zone = _text(customer, "customer.time_zone", default="")
    if zone and not _zone_exists(zone):
        faults.append(f"customer.time_zone {zone!r} is unknown; write a name such as Europe/Paris")
    kind = faults.read(lambda: _one_of(customer, "customer.type", "consumer", "business"))
    trust = faults.read(lambda: _one_of(customer, "customer.trust", "normal", "good", "bad"))
    jurisdiction = _text(customer, "customer.jurisdiction", default="").upper()
    identity = faults.read(lambda: _identity(customer.get("identity") or {}, notation)) or {}
    contacts = faults.read(lambda: _contacts(customer.get("contacts") or (), jurisdiction or defaults.jurisdiction))
    methods = faults.read(lambda: [_method(m, notation) for m in customer.get("payment_methods") or ()])
    owed = _invoice(invoice, notation, faults)
    _born_before(identity, owed, faults)
    faults.settle()
    home = _home(jurisdiction, zone, contacts or [], identity, defaults)
    person = {
        "ref": ref, "name": name, "type": kind, "trust": trust, "language": language, "time_zone": home.time_zone,
        "jurisdiction": home.jurisdiction, "located": home.located, "identity": identity, "contacts": contacts,
        "payment_methods": methods,
    }  # fmt: skip
    doubts = (f"customer {ref}: {home.doubt}",) if home.doubt else ()
    return ImportRow(line, person, owed, doubts)


def _language(customer: Mapping[str, Any]) -> str:
    language = _text(customer, "customer.language", default="fr").lower()[:2]
    if language not in LANGUAGES:
        raise Rejected(f"customer.language {language!r} is not spoken here; use {', '.join(LANGUAGES)}")
    return language


def _one_of(customer: Mapping[str, Any], path: str, usual: str, *others: str) -> str:
    word = _text(customer, path, default=usual)
    if word not in (usual, *others):
        raise Rejected(f"{path} is {', '.join((usual, *others[:-1]))} or {others[-1]}, not {word!r}")
    return word


def _born_before(identity: Mapping[str, str], invoice: Mapping[str, Any], faults: _Faults) -> None:
    """Swapped columns make a customer younger than the invoice, who could never prove identity."""
    born, issued = identity.get("birth_date"), invoice.get("issued_on")
    if born and issued and born >= issued.isoformat():
        faults.append(f"identity.birth_date {born} does not lie before invoice.issued_on {issued}")


def _home(
    jurisdiction: str, zone: str, contacts: list[dict[str, Any]], identity: Mapping[str, str], defaults: Defaults
) -> Home:
    numbers = [contact["address"] for contact in contacts if contact["channel"] in _CALLED]
    letters = [contact["address"] for contact in contacts if contact["channel"] == "letter"]
    return home_of(jurisdiction, zone, numbers, letters, identity.get("postal_code", ""), defaults)


@lru_cache(maxsize=1024)
def _zone_exists(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _contacts(items: Any, jurisdiction: str) -> list[dict[str, Any]]:
    """Numbers written without a country's prefix are of the country that the row or the creditor names, or that the
    row's letters go to."""
    if not isinstance(items, list | tuple):
        raise Rejected("customer.contacts is a list of channels with their addresses")
    letters = [str(i.get("address") or "") for i in items if isinstance(i, Mapping) and i.get("channel") == "letter"]
    region = jurisdiction[:2] or next(filter(None, map(country_of_address, letters)), "")
    return [_contact(item, region) for item in items]


def _invoice(invoice: Mapping[str, Any], notation: Notation, faults: _Faults) -> dict[str, Any]:
    number = faults.read(lambda: _text(invoice, "invoice.number"))
    currency = faults.read(lambda: _currency(invoice))
    # Without a currency nobody knows how many decimals a sum has; that it is none at all shows all the same.
    amount = faults.read(lambda: _minor(invoice, currency or "EUR", notation))
    paid = faults.read(lambda: _whole(invoice.get("paid_minor") or 0, "invoice.paid_minor"))
    if paid is not None and amount is not None and paid > amount:
        faults.append("invoice.paid_minor is more than the amount")
    issued = faults.read(lambda: _day(invoice, "invoice.issued_on", notation))
    due = faults.read(lambda: _day(invoice, "invoice.due_on", notation))
    if due is not None and issued is not None and due < issued:
        faults.append(f"invoice.due_on {due} lies before invoice.issued_on {issued}")
    subscription, failure = invoice.get("subscription") or {}, invoice.get("failure") or {}
    return {
        "number": number, "currency": currency, "amount_minor": amount,
        "paid_minor": paid, "issued_on": issued, "due_on": due,
        "description": _text(invoice, "invoice.description", default=""),
        "lines": faults.read(lambda: [_line(item) for item in invoice.get("lines") or ()]),
        "subscription_ref": subscription.get("ref"), "subscription_plan": subscription.get("plan"),
        "failure_code": failure.get("code"), "failure_at": faults.read(lambda: _instant(failure.get("at"))),
    }  # fmt: skip


def _currency(invoice: Mapping[str, Any]) -> str:
    currency = _text(invoice, "invoice.currency").upper()
    if currency not in _CURRENCIES or currency in _NO_MONEY:
        raise Rejected(f"invoice.currency {currency!r} is no ISO 4217 currency")
    return currency


def _line(item: Any) -> dict[str, Any]:
    if not isinstance(item, Mapping):
        raise Rejected('invoice.lines holds {"text", "amount_minor"} items')
    minor = _whole(item.get("amount_minor"), "invoice.lines.amount_minor", negative=True)
    return {"text": str(item.get("text", "")), "amount_minor": minor}


def _minor(invoice: Mapping[str, Any], currency: str, notation: Notation) -> int:
    if invoice.get("amount_minor") in (None, ""):
        if invoice.get("amount") in (None, ""):
            raise Rejected("invoice.amount_minor is missing")
        try:
            amount = notation.minor(str(invoice["amount"]), currency)
        except ValueError as error:
            raise Rejected(f"invoice.amount: {error}") from None
    else:
        amount = _whole(invoice["amount_minor"], "invoice.amount_minor")
    if not 0 < amount <= MOST_MINOR:
        raise Rejected(f"invoice.amount_minor is more than zero and at most {MOST_MINOR}, not {amount}")
    return amount


def _contact(item: Any, region: str) -> dict[str, Any]:
    if not isinstance(item, Mapping) or item.get("channel") not in CHANNELS:
        raise Rejected(f"a contact has a channel ({', '.join(CHANNELS)}) and an address")
    channel, address = str(item["channel"]), str(item.get("address") or "").strip()
    if channel in ("sms", "phone", "whatsapp"):
        address = _number(address, region)
    elif channel == "email":
        address = address.lower()
        if not _EMAIL.match(address):
            raise Rejected(f"e-mail address {address!r} is malformed")
    elif not address:
        raise Rejected(f"the {channel} contact has no address")
    return {"channel": channel, "address": address, "consent": _flag(item.get("consent"), f"consent of {channel}")}


def _number(written: str, region: str) -> str:
    """A phone number in its international form."""
    try:
        number = phonenumbers.parse(written, region or None)
    except phonenumbers.NumberParseException:
        wrong = "has no country" if written[:1].isdigit() and not region else "is malformed"
        raise Rejected(f"phone number {written!r} {wrong}; write +33612345678") from None
    if not phonenumbers.is_possible_number(number):
        raise Rejected(f"phone number {written!r} has the wrong length; write +33612345678")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _method(item: Any, notation: Notation) -> dict[str, Any]:
    """A method that the customer has agreed to be charged on for their subscription; never a card number."""
    if not isinstance(item, Mapping):
        raise Rejected('a payment method is {"provider", "reference", "network"?, "label"?, "expires_on"?}')
    reference = _text(item, "payment_methods.reference")
    label = _text(item, "payment_methods.label", default="")
    if redact(reference).found or redact(label).found:
        raise Rejected("payment_methods: a reference is the provider's (pm_...), never a card or account number")
    network = _text(item, "payment_methods.network", default="other").lower()
    if network not in _NETWORKS:
        raise Rejected(f"payment_methods.network is one of {', '.join(_NETWORKS)}, not {network!r}")
    return {
        "provider": _text(item, "payment_methods.provider"), "reference": reference, "network": network,
        "label": label or network,
        "expires_on": _day(item, "payment_methods.expires_on", notation) if item.get("expires_on") else None,
    }  # fmt: skip


def _identity(item: Any, notation: Notation) -> dict[str, str]:
    if not isinstance(item, Mapping):
        raise Rejected("customer.identity is a set of facts such as birth_date and postal_code")
    facts = {str(name): str(value).strip() for name, value in item.items() if str(value or "").strip()}
    if "birth_date" in facts:
        facts["birth_date"] = _day(facts, "identity.birth_date", notation).isoformat()
    return facts


def _text(item: Mapping[str, Any], path: str, default: str | None = None) -> str:
    value = item.get(path.rpartition(".")[2])
    text = "" if value is None else str(value).strip()
    if text:
        return text
    if default is None:
        raise Rejected(f"{path} is missing")
    return default


def _whole(value: Any, path: str, negative: bool = False) -> int:
    written = str(value).strip()
    if not re.fullmatch(r"[+-]?\d{1,60}", written, re.ASCII):
        raise Rejected(f"{path} is a whole number of minor units (cents), not {value!r}")
    number = int(written)
    if number < 0 and not negative:
        raise Rejected(f"{path} is negative")
    if abs(number) > MOST_MINOR:
        raise Rejected(f"{path} is at most {MOST_MINOR}, not {number}")
    return number


def _day(item: Mapping[str, Any], path: str, notation: Notation) -> date:
    text = _text(item, path)
    try:
        return notation.day(text)
    except Unclear as error:
        raise Rejected(f"{path}: {error}") from None
    except ValueError:
        raise Rejected(f"{path} {text!r} is no date; write 2026-10-01") from None


def _instant(value: Any) -> datetime | None:
    if value in (None, ""):
        return None
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        raise Rejected(f"invoice.failure.at {value!r} is no instant; write 2026-10-01T06:00:00Z") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


_YES = ("1", "true", "yes", "y", "oui", "o", "si", "sí", "s", "ja", "j")
_NO = ("", "0", "false", "no", "n", "non", "nein", "none")


def _flag(value: Any, path: str) -> bool:
    if isinstance(value, bool) or value is None:
        return bool(value)
    word = str(value).strip().lower()
    if word not in (*_YES, *_NO):
        raise Rejected(f"{path} is yes or no, not {value!r}")
    return word in _YES
