"""The rules in force from June 2026 on, written down by hand from the fact sheet: nothing here reads a pack.

`forbids` names what stands against an attempt at an instant apart from time, `untimely` what time forbids,
`lacks` which required parts are missing.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from bot.domain.governor.attempt import Attempt, Past

ALL = {"sms", "telegram", "whatsapp", "email", "phone"}
WRITTEN = {"sms", "telegram", "whatsapp", "email"}
WORK, SATURDAY = range(5), 5
NYC_FROM, AI_FROM, FR_PROMOTION_FROM = date(2026, 9, 1), date(2026, 8, 2), date(2026, 8, 11)
US_ZONES = ("America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
            "America/Anchorage", "Pacific/Honolulu")  # fmt: skip
ZONES = {
    "FR": ("Europe/Paris",), "DE": ("Europe/Berlin",), "GB": ("Europe/London",), "IT": ("Europe/Rome",),
    "ES": ("Europe/Madrid", "Atlantic/Canary"), "US": US_ZONES, "US-CA": ("America/Los_Angeles",),
    "EU": ("Atlantic/Azores", "Europe/Lisbon", "Europe/Paris", "Europe/Helsinki"),
    "US-FL": ("America/New_York", "America/Chicago"), "US-MA": ("America/New_York",),
    "US-NY-NYC": ("America/New_York",), "US-WA": ("America/Los_Angeles",),
}  # fmt: skip
EVERYTHING_OUT = {"pre_due", "reminder", "reply", "plan_offer", "receipt", "final_notice", "suspension_notice",
                  "card_expiry", "charge"}  # fmt: skip
ASKING = {"pre_due", "reminder", "plan_offer", "final_notice", "suspension_notice", "card_expiry", "charge"}
HOLDS = {
    **dict.fromkeys(("channel_opt_out", "cease_all", "refuses_to_pay_written", "represented_by_lawyer", "wrong_person",
                     "deceased", "bankruptcy", "breathing_space_gb", "mental_health_crisis_gb", "self_harm_signal",
                     "minor_or_no_capacity"), EVERYTHING_OUT),
    **dict.fromkeys(("dispute", "surendettement_fr", "court_grace_fr", "vulnerability_signal", "with_agency"), ASKING),
    "time_barred": {"final_notice", "suspension_notice", "plan_offer", "charge"},
    "payment_pending": ASKING - {"plan_offer"},
}  # fmt: skip
EASTER = {2025: (4, 20), 2026: (4, 5), 2027: (3, 28), 2028: (4, 16), 2029: (4, 1), 2030: (4, 21)}
DAY, WEEK = timedelta(days=1), timedelta(days=7)


# Who is judged by what.


def place(attempt: Attempt, on: date) -> str:
    """The pack that governs: outside what it covers, a customer is judged by what stands above it."""
    code = attempt.jurisdictions[0] if attempt.jurisdictions else "STRICT"
    while code not in ZONES and "-" in code:
        code = code.rpartition("-")[0]
    if code not in ZONES:
        return "STRICT"
    if not code.startswith("US"):
        return code
    if attempt.customer_type != "consumer":
        return "STRICT"
    if (code == "US-NY-NYC" and on < NYC_FROM) or (code == "US-WA" and attempt.role != "collector"):
        return "US"
    return code


def zones(attempt: Attempt) -> tuple[str, ...]:
    """Where the customer may be."""
    if attempt.zones:
        return attempt.zones
    code = attempt.jurisdictions[0] if attempt.jurisdictions else "STRICT"
    while code not in ZONES and "-" in code:
        code = code.rpartition("-")[0]
    return ZONES.get(code, ())


def today(attempt: Attempt, at: datetime) -> date:
    """The day by which the law is chosen."""
    return at.astimezone(ZoneInfo((zones(attempt) or ("UTC",))[0])).date()


def us_collector(attempt: Attempt, at: datetime) -> bool:
    return attempt.role == "collector" and place(attempt, today(attempt, at)).startswith("US")


# Holidays of the years in question.


@cache
def holidays(country: str, year: int) -> frozenset[date]:
    """Every day that a customer of unknown region in this country may keep."""
    easter = date(year, *EASTER[year])
    days = {date(year, 1, 1), date(year, 12, 25)}

    def fixed(*pairs: tuple[int, int]) -> None:
        days.update(date(year, month, day) for month, day in pairs)

    def after_easter(*counts: int) -> None:
        days.update(easter + timedelta(days=count) for count in counts)

    if country == "FR":
        fixed((5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11))
        after_easter(1, 39, 50)
    elif country == "DE":
        fixed((1, 6), (3, 8), (5, 1), (8, 15), (9, 20), (10, 3), (10, 31), (11, 1), (12, 26))
        after_easter(-2, 1, 39, 50, 60)
        days.add(next(date(year, 11, day) for day in range(16, 23) if date(year, 11, day).weekday() == 2))
    elif country == "IT":
        fixed((1, 6), (4, 25), (5, 1), (6, 2), (8, 15), (11, 1), (12, 8), (12, 26))
        after_easter(1)
        if year >= 2026:
            fixed((10, 4))
    elif country == "ES":
        fixed((1, 6), (5, 1), (8, 15), (10, 12), (11, 1), (12, 6), (12, 8))
        # The days of the autonomous communities.
        fixed((2, 28), (5, 2), (6, 24), (7, 25), (9, 11), (10, 9), (12, 26))
        after_easter(-3, -2, 1)
    elif country == "GB":
        fixed((1, 2), (3, 17), (7, 12), (11, 30), (12, 26))
        after_easter(-2, 1)
        days |= {nth(year, 5, 0, 1), nth(year, 5, 0, -1), nth(year, 8, 0, 1), nth(year, 8, 0, -1)}
        days |= moved(year, ((1, 1), (1, 2), (3, 17), (7, 12), (11, 30), (12, 25), (12, 26)), days)
    elif country == "US":
        fixed((6, 19), (7, 4), (11, 11))
        days |= {nth(year, 1, 0, 3), nth(year, 2, 0, 3), nth(year, 5, 0, -1), nth(year, 9, 0, 1), nth(year, 10, 0, 2),
                 nth(year, 11, 3, 4)}  # fmt: skip
    return frozenset(days)


def nth(year: int, month: int, weekday: int, number: int) -> date:
    """The nth weekday of a month, the last for -1."""
    days = [date(year, month, day) for day in range(1, 32) if _exists(year, month, day)]
    return [day for day in days if day.weekday() == weekday][number - 1 if number > 0 else number]


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def moved(year: int, fixed: tuple[tuple[int, int], ...], taken: set[date]) -> set[date]:
    """A British day at the weekend is kept on the next day that is neither weekend nor kept already."""
    found: set[date] = set()
    for month, day in fixed:
        at = date(year, month, day)
        if at.weekday() >= SATURDAY:
            while at.weekday() >= SATURDAY or at in taken | found:
                at += DAY
            found.add(at)
    return found


def closed(code: str, attempt: Attempt, day: date) -> bool:
    """Whether the place keeps this day."""
    given = attempt.jurisdictions[0] if attempt.jurisdictions else ""
    country = given.split("-")[0]
    if code.startswith("US"):
        return False
    if code == "EU":
        return any(day in holidays(one, day.year) for one in ("FR", "DE", "ES", "IT"))
    if code == "STRICT":
        known = [country] if country in ("FR", "DE", "GB", "ES", "IT", "US") else ["FR", "DE", "GB", "ES", "IT", "US"]
        return any(day in holidays(one, day.year) for one in known)
    return day in holidays(code, day.year)


# Time.


def open_minutes(code: str, weekday: int, promotion: bool) -> list[tuple[int, int]]:
    """Minutes of the day in which something may be sent."""
    strict = [(600, 780), (840, 1200)] if weekday in WORK else []
    if code in ("STRICT", "EU"):
        return strict
    if code.startswith("US"):
        return [(480, 1260)]
    week, saturday = {
        "FR": ((540, 1200), (600, 1080)), "DE": ((480, 1200), (540, 1080)), "GB": ((480, 1200), (540, 1020)),
        "ES": ((540, 1200), None), "IT": ((510, 1230), (540, 840)),
    }[code]  # fmt: skip
    plain = week if weekday in WORK else saturday if weekday == SATURDAY else None
    spans = [plain] if plain else []
    if code == "FR" and promotion:
        return [(max(a, c), min(b, d)) for a, b in spans for c, d in strict]
    return spans


def untimely(attempt: Attempt, at: datetime) -> set[str]:
    """What time forbids at an instant."""
    if answers(attempt) or attempt.purpose == "opt_out_confirmation" or _on_our_site(attempt):
        return set()
    found = set()
    promotion = "promotion" in (attempt.elements or ())
    for name in zones(attempt):
        local = at.astimezone(ZoneInfo(name))
        code = place(attempt, local.date())
        minute = local.hour * 60 + local.minute
        if not any(a <= minute < b for a, b in open_minutes(code, local.weekday(), promotion)):
            found.add("hours")
        if closed(code, attempt, local.date()):
            found.add("holiday")
        if not _wished(attempt, local):
            found.add("wish")
    if attempt.purpose not in ("receipt", "charge") and any(_capped(attempt, at)):
        found.add("cap")
    return found


def _wished(attempt: Attempt, local: datetime) -> bool:
    wish = attempt.preferences
    if wish.get("days") and ["mon", "tue", "wed", "thu", "fri", "sat", "sun"][local.weekday()] not in wish["days"]:
        return False
    after = time.fromisoformat(wish["not_before"]) if wish.get("not_before") else time(0)
    before = time.fromisoformat(wish["not_after"]) if wish.get("not_after") else None
    now = local.time().replace(second=0, microsecond=0)
    if before is None:
        return now >= after
    return after <= now < before if after < before else now >= after or now < before


def _capped(attempt: Attempt, at: datetime) -> Iterator[bool]:
    code = place(attempt, today(attempt, at))
    mine = attempt.channel
    everything = ALL | {"letter"}
    if code == "STRICT" and mine in ALL:
        yield _many(attempt, at, ALL, 2, WEEK, debt=True)
        yield _same_day(attempt, at, ALL)
    if code in ("EU", "FR", "DE", "ES", "IT", "GB") and mine in ALL:
        yield _many(attempt, at, ALL, 3, WEEK, debt=True)
    if code in ("EU", "FR", "DE", "ES", "IT") and mine in ALL - {"email"}:
        yield _same_day(attempt, at, ALL - {"email"})
    if code == "FR" and mine == "phone":
        yield _many(attempt, at, {"phone"}, 4, timedelta(days=30), debt=False)
    if not code.startswith("US"):
        return
    if mine in WRITTEN:
        yield _many(attempt, at, WRITTEN, 3, WEEK, debt=True)
    if mine == "phone" and attempt.role == "collector":
        yield _many(attempt, at, {"phone"}, 7, WEEK, debt=True)
        yield _talked(attempt, at)
    if code == "US-MA" and mine in ("phone", "sms"):
        yield _many(attempt, at, {"phone", "sms"}, 2, WEEK, debt=True)
        if attempt.place == "other_than_home_or_cell":
            yield _many(attempt, at, {"phone", "sms"}, 2, timedelta(days=30), debt=True, at_place=attempt.place)
    if code == "US-NY-NYC" and mine in ALL:
        yield _many(attempt, at, ALL, 3, WEEK, debt=True)
    if code == "US-WA" and mine in everything:
        yield _many(attempt, at, everything, 3, WEEK, debt=True)
        if attempt.place == "work":
            yield _many(attempt, at, everything, 1, WEEK, debt=True, at_place="work")


def _contacts(attempt: Attempt, channels: set[str], debt: bool, at_place: str | None) -> Iterator[datetime]:
    for past in attempt.history:
        if not past.outbound or past.purpose in ("reply", "receipt", "opt_out_confirmation"):
            continue
        other = debt and past.debt and attempt.debt and past.debt != attempt.debt
        elsewhere = at_place is not None and past.place not in (None, at_place)
        if past.channel in channels and not other and not elsewhere:
            yield past.at


def _many(
    attempt: Attempt, at: datetime, channels: set[str], most: int, per: timedelta, *, debt: bool,
    at_place: str | None = None,
) -> bool:  # fmt: skip
    return sum(at - one < per for one in _contacts(attempt, channels, debt, at_place)) >= most


def _same_day(attempt: Attempt, at: datetime, channels: set[str]) -> bool:
    contacts = list(_contacts(attempt, channels, False, None))
    if any(at - one < DAY for one in contacts):
        return True
    return any(_day(at, zone) <= _day(one, zone) for zone in zones(attempt) for one in contacts)


def _talked(attempt: Attempt, at: datetime) -> bool:
    talks = [past for past in attempt.history if past.channel == "phone" and (past.conversation or not past.outbound)]
    mine = [past for past in talks if not (past.debt and attempt.debt and past.debt != attempt.debt)]
    return any(_day(at, zone) < _day(past.at, zone) + WEEK for past in mine for zone in zones(attempt))


def _day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


# What is forbidden whatever the hour.


def _last(attempt: Attempt, outbound: bool, purpose: str | None = None) -> datetime | None:
    found = [p.at for p in attempt.history if p.channel == attempt.channel and p.outbound == outbound
             and purpose in (None, p.purpose) and p.at <= attempt.at]  # fmt: skip
    return max(found) if found else None


def _on_our_site(attempt: Attempt) -> bool:
    seen = _last(attempt, outbound=False)
    return attempt.channel == "webchat" and seen is not None and attempt.at - seen <= timedelta(minutes=30)


def answers(attempt: Attempt) -> bool:
    """Whether this is the one answer to the customer's own message on the same medium."""
    if attempt.purpose != "reply":
        return False
    if attempt.answers is not None:
        return attempt.answers
    asked = _last(attempt, outbound=False)
    told = _last(attempt, outbound=True, purpose="reply")
    return asked is not None and (_on_our_site(attempt) or told is None or told < asked)


def forbids(attempt: Attempt) -> set[str]:
    """What stands against it whatever the hour: holds, consent, refusals."""
    # An answer keeps to no hours, so that it needs no place.
    if not zones(attempt) and not answers(attempt) and attempt.purpose != "opt_out_confirmation":
        return {"nowhere"}
    answer, channel, purpose = answers(attempt), attempt.channel, attempt.purpose
    found = set()
    if not answer and any(purpose in HOLDS.get(kind, {purpose}) for kind in attempt.holds):
        found.add("hold")
    if purpose == "charge" and attempt.holds:
        found.add("hold")
    if (channel == "whatsapp" and not (attempt.attested or answer)) or (
        channel == "sms" and us_collector(attempt, attempt.at)
    ):
        found.add("bar")
    if not answer and purpose != "opt_out_confirmation" and _unagreed(attempt):
        found.add("consent")
    if not answer and _refused(attempt):
        found.add("refusal")
    return found


def _unagreed(attempt: Attempt) -> bool:
    channel = attempt.channel
    wrote = _last(attempt, outbound=False) is not None
    on = today(attempt, attempt.at)
    code = place(attempt, on)
    if attempt.consent or (
        channel == "telegram" and wrote and code != "US-NY-NYC" and not _promotes(attempt, code, on)
    ):
        return False
    needed = {"sms", "telegram", "whatsapp", "charge"}
    if code == "US-NY-NYC" or _promotes(attempt, code, on):
        needed |= {"email"}
    if _promotes(attempt, code, on):
        needed |= {"phone"}
    if channel == "email" and us_collector(attempt, attempt.at) and not wrote:
        return True
    return channel in needed


def _promotes(attempt: Attempt, code: str, on: date) -> bool:
    return code == "FR" and on >= FR_PROMOTION_FROM and "promotion" in (attempt.elements or ())


def _refused(attempt: Attempt) -> bool:
    channel = attempt.channel
    if attempt.purpose == "opt_out_confirmation":
        asked, told = _last(attempt, outbound=False), _last(attempt, outbound=True, purpose=attempt.purpose)
        if told is not None and (asked is None or told >= asked):
            return True
        if asked is not None:
            return attempt.at - asked > timedelta(minutes=5)
        return channel not in attempt.opted_out and "channel_opt_out" not in attempt.holds
    if channel in attempt.opted_out:
        return True
    both = {"sms", "phone"}
    if channel in both and attempt.opted_out & both and place(attempt, today(attempt, attempt.at)).startswith("US"):
        return True
    wanted = attempt.preferences.get("channel")
    free = attempt.purpose in ("reply", "receipt", "charge")
    return bool(wanted) and not free and channel not in ([wanted] if isinstance(wanted, str) else wanted)


# What must stand in it.


def lacks(attempt: Attempt) -> bool:
    """Whether a required part is missing, or a sales passage stands where none may."""
    if attempt.elements is None:
        return False
    code = place(attempt, today(attempt, attempt.at))
    banned = code == "US-FL" and "promotion" in attempt.elements and attempt.purpose != "reply"
    return banned or not _needs(attempt, code) <= attempt.elements


def _needs(attempt: Attempt, code: str) -> set[str]:
    if attempt.purpose == "charge":
        return set()
    ai = set() if attempt.author == "agent" else {"ai_disclosure"}
    if attempt.purpose == "opt_out_confirmation":
        return {"sender_identity", "opt_out_confirmation_only"}
    told = [past for past in attempt.history if past.outbound and past.channel != "charge"]
    needs: set[str] = set()
    if not told and today(attempt, attempt.at) >= AI_FROM:
        needs |= ai
    if told and attempt.at - max(past.at for past in told) > WEEK:
        needs |= ai
    about = {"pre_due", "reminder", "plan_offer", "final_notice", "suspension_notice"}
    first_debt = attempt.purpose in about and not any(past.purpose in about for past in told)
    owed = answers(attempt) or attempt.purpose == "receipt"
    needs |= _of_the_house(attempt, told, first_debt, ai) if not owed else set()
    needs |= _of_law(attempt, code, told, first_debt)
    return needs


def _of_the_house(attempt: Attempt, told: list[Past], first_debt: bool, ai: set[str]) -> set[str]:
    needs = {"sender_identity", "opt_out_notice"}
    if not told:
        needs |= ai | {"human_path"}
    if first_debt:
        needs |= {"creditor_identity", "debt_reference", "amount_breakdown", "payment_methods", "dispute_path",
                  "hardship_path", "human_path"}  # fmt: skip
    if attempt.payment_link:
        needs |= {"amount_breakdown", "creditor_identity", "dispute_path"}
    if attempt.purpose == "plan_offer":
        needs |= {"plan_terms", "human_path"}
    return needs


def _of_law(attempt: Attempt, code: str, told: list[Past], first_debt: bool) -> set[str]:
    needs: set[str] = set()
    collector = attempt.role == "collector"
    if code in ("EU", "FR", "DE", "ES", "IT") and first_debt:
        needs.add("privacy_notice_link")
    if code == "FR":
        if attempt.purpose == "final_notice":
            needs |= {"sender_identity", "creditor_identity", "amount_breakdown", "payment_methods", "deadline",
                      "mise_en_demeure_wording"}  # fmt: skip
        if collector and attempt.purpose == "receipt":
            needs.add("receipt")
        if collector:
            needs |= {"letter_reference"} if told else {
                "sender_identity", "collector_status", "creditor_identity", "amount_breakdown", "payment_methods",
                "cpce_L111_8_reproduction"}  # fmt: skip
        if first_debt and attempt.debt_type == "consumer_credit":
            needs.add("risk_warning_L312_36")
    if code == "DE" and collector:
        if not told and attempt.customer_type == "consumer":
            needs |= {"creditor_identity", "claim_ground_with_contract_date", "interest_calculation",
                      "higher_interest_notice_if_any", "cost_breakdown", "vat_statement_if_any",
                      "address_source_if_researched", "supervisory_authority"}  # fmt: skip
        if attempt.purpose == "plan_offer":
            needs.add("plan_cost_notice")
    if code.startswith("US") and collector:
        if attempt.channel in WRITTEN | {"webchat"}:
            needs.add("opt_out_notice")
        needs |= {"from_debt_collector"} if told else {"mini_miranda", "validation_information"}
    if code == "US-NY-NYC" and "time_barred" in attempt.holds and attempt.purpose in (
        "pre_due", "reminder", "plan_offer", "final_notice", "suspension_notice"
    ):  # fmt: skip
        needs.add("time_barred_notice")
    return needs
