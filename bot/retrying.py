"""`relance retry-plan`: what becomes of a failed charge, as JSON."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.charging import BANKS
from bot.domain.retries import FailedCharge, Failure, Rulebook, plan_retry, read
from bot.domain.retries.banking import WEEKDAYS
from bot.domain.retries.learning import PAY_DAY, Experience, Tried
from bot.domain.retries.timing import kind_of
from bot.ports import Retry, Store
from bot.settings import SettingsError, read_yaml

NETWORKS = Path(__file__).resolve().parent / "jurisdictions" / "networks"
_SHAPE = (
    '{"network", "now", "time_zone", "failed": [{"at", "code", "code_system"?, "advice"?}], '
    '"promise_on"?, "saved_methods"?, "pay_day"?, "holds"?, "outcomes"?: [{"at", "fault", "day", "hour", "paid"}]}'
)
REMEMBERED = timedelta(days=365)
_SYSTEMS = ("stripe", "visa", "mastercard", "sepa", "ach", "bacs")
_NUMBERED = re.compile(r"[0-9A-Za-z]{1,2}")


@cache
def rules(today: date) -> Rulebook:
    """The network rules in force on a day."""
    return read({str(path): read_yaml(path) for path in sorted(NETWORKS.glob("*.yml"))}, today)


class Learned:
    """The network rules with what the tries of the book have taught."""

    def __init__(self, wished: Mapping[str, Any] | None = None) -> None:
        """`wished` is the creditor's own schedule (payments.retries in config.yml); raises SettingsError."""
        self._wished = wished or {}
        scheduled(rules(datetime.now(UTC).date()), self._wished)
        self._experience = Experience()
        self._monday: date | None = None

    def __call__(self, today: date) -> Rulebook:
        """The rules in force on a day."""
        return replace(scheduled(rules(today), self._wished), experience=self._experience)

    async def learn(self, store: Store, now: datetime) -> None:
        """Read the outcomes; a week's plans are made by what was known on its Monday, so once a week is enough."""
        monday = now.date() - timedelta(days=now.date().weekday())
        if monday == self._monday:
            return
        book = rules(now.date())
        self._experience = Experience(tried(await store.retries(now - REMEMBERED), book))
        self._monday = monday


def scheduled(book: Rulebook, wished: Mapping[str, Any]) -> Rulebook:
    """The rules with the creditor's own schedule; one that breaks a network's limit raises SettingsError."""
    if not wished:
        return book
    try:
        most = _between(wished.get("most_tries", book.schedule.most_tries), 2, 60, "most_tries")
        after = _span(wished.get("after_days", book.schedule.after_days), "after_days")
        technical = _span(wished.get("technical_days", book.schedule.technical_days), "technical_days")
        least = min(after[0], technical[0], book.schedule.min_gap.days)
        for network in book.networks.values():
            for limit in network.limits if network.rail == "card" else ():
                if limit.most is not None and limit.within is not None and not limit.retries:
                    tries = min(most, limit.within // timedelta(days=least) + 1)
                    if tries > limit.most:
                        raise ValueError(
                            f"{tries} tries in {limit.within.days} days are more than {limit.origin.id} allows "
                            f"({limit.most}: {limit.origin.cite}); take fewer or wider apart"
                        )
    except ValueError as error:
        raise SettingsError(f"config.yml: payments.retries: {error}") from None
    gap = timedelta(days=least)
    return replace(book, schedule=replace(book.schedule, most_tries=most, after_days=after, technical_days=technical,
                                          min_gap=gap))  # fmt: skip


def _span(value: Any, name: str) -> tuple[int, int]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise ValueError(f"{name} is a pair of days such as [3, 5], not {value!r}")
    low, high = (_between(one, 1, 60, name) for one in value)
    if low > high:
        raise ValueError(f"{name} begins after it ends: {list(value)}")
    return low, high


def _between(value: Any, low: int, high: int, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ValueError(f"{name} is a whole number from {low} to {high}, not {value!r}")
    return value


def tried(retries: Iterable[Retry], book: Rulebook) -> Iterator[Tried]:
    """Tries as lessons: each belongs to the kind of refusal that came before it."""
    before: tuple[str, str] = ("", "")
    for one in retries:
        code = before[1] if before[0] == one.about else one.first_code
        before = (one.about, one.code or code)
        network = book.networks.get(one.network) or book.networks["other"]
        rule = book.codes.get((_system_of(one.network), code))
        fault = (rule.fault if rule is not None else None) or "generic"
        local = one.at.astimezone(ZoneInfo(one.time_zone))
        day = kind_of(local.date(), network, book.pay_days if fault != "technical" else None)
        # A try that was made up for late belongs to the hour that it was meant for.
        hour = max((h for h in network.hours if h <= local.time()), default=network.hours[0])
        yield Tried(one.at, fault, day, hour, one.paid)


def _system_of(network: str) -> str:
    return network if network in BANKS else "stripe"


def retry_plan(item: Mapping[str, Any], present: datetime | None = None) -> dict[str, Any]:
    """Answer one failed charge; raises ValueError naming what is wrong. `present` serves where `now` is absent.

    `"explain": true` asks for the reasons of the instant as well.
    """
    now = _instant(item["now"], "now") if item.get("now") is not None else present or datetime.now(UTC)
    book = rules(now.date())
    if outcomes := item.get("outcomes"):
        book = replace(book, experience=Experience(_outcome(one, n) for n, one in enumerate(outcomes)))
    charge = _charge(item, book, now)
    plan = plan_retry(charge, book, now)
    answer: dict[str, Any] = {"action": plan.action}
    if plan.next_at is not None:
        answer["next_at"] = plan.next_at.isoformat()
    reasons = {"why": list(plan.why or (plan.rule,))} if item.get("explain") is True else {}
    return {**answer, "rule": plan.rule, "source": plan.source, **reasons}


def _charge(item: Mapping[str, Any], book: Rulebook, now: datetime) -> FailedCharge:
    network = item.get("network")
    if not isinstance(network, str) or network not in book.networks:
        raise ValueError(f"network is one of {', '.join(sorted(book.networks))}, not {network!r}")
    failed = item.get("failed")
    # A single failed charge may stand without its list.
    failed = [failed] if isinstance(failed, Mapping) else failed
    if not isinstance(failed, list) or not failed:
        raise ValueError(f"failed is a list of at least one failed charge; expected {_SHAPE}")
    failures = tuple(_failure(one, network, book, f"failed[{place}]") for place, one in enumerate(failed))
    for place, failure in enumerate(failures):
        if failure.at > now:
            raise ValueError(f"failed[{place}].at lies after now")
    methods = item.get("saved_methods", 1)
    pay_day = item.get("pay_day")
    holds = item.get("holds") or ()
    for name, value, low, high in (("saved_methods", methods, 0, 1000), ("pay_day", pay_day, 1, 31)):
        if name == "pay_day" and value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError(f"{name} is a whole number from {low} to {high}, not {value!r}")
    if not isinstance(holds, list | tuple):
        raise ValueError('holds is a list such as ["dispute"]')
    return FailedCharge(
        network, failures, _zone(item.get("time_zone")), _day(item.get("promise_on")), methods, pay_day,
        tuple(map(str, holds)),
    )  # fmt: skip


def _failure(one: Any, network: str, book: Rulebook, place: str) -> Failure:
    if not isinstance(one, Mapping) or one.get("at") is None:
        raise ValueError(f'{place} is {{"at", "code", "code_system"?, "advice"?}}')
    code = _code(one.get("code"), f"{place}.code") or "none"
    system = one.get("code_system")
    if system is None:
        bank = network in ("sepa", "ach", "bacs")
        card = network in ("visa", "mastercard") and _NUMBERED.fullmatch(code)
        system = network if bank or card else "stripe"
    if system not in _SYSTEMS:
        raise ValueError(f"{place}.code_system is one of {', '.join(_SYSTEMS)}, not {system!r}")
    advice = _code(one.get("advice"), f"{place}.advice")
    if advice is not None:
        advice = advice.zfill(2) if advice.isdigit() else advice.lower()
    return Failure(_instant(one["at"], f"{place}.at"), _spelled(code, system), system, advice)


def _outcome(one: Any, place: int) -> Tried:
    """An earlier try of any customer, as a lesson."""
    days = (*WEEKDAYS, PAY_DAY)
    try:
        if one["day"] not in days or not isinstance(one["paid"], bool):
            raise ValueError(f"day is one of {', '.join(days)}, and paid is true or false")
        at = _instant(one["at"], f"outcomes[{place}].at")
        return Tried(at, str(one["fault"]), one["day"], time.fromisoformat(one["hour"]), one["paid"])
    except (TypeError, KeyError) as error:
        raise ValueError(f'outcomes[{place}] is {{"at", "fault", "day", "hour", "paid"}}: {error}') from None


def _spelled(code: str, system: str) -> str:
    if system == "stripe":
        return code.lower()
    code = code.upper()
    return code.zfill(2) if system in ("visa", "mastercard") and code.isdigit() else code


def _code(value: Any, place: str) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError(f'{place} is a code such as "insufficient_funds" or "51", not {value!r}')
    return str(value).strip()


def _instant(text: Any, place: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except (ValueError, TypeError):
        raise ValueError(f"{place}: {text!r} is no instant; write 2026-11-24T10:00:00+01:00") from None
    if not 2000 <= at.year < 2200:
        raise ValueError(f"{place}: {text!r} is too far away; write a year from 2000 to 2199")
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


def _day(text: Any) -> date | None:
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except (ValueError, TypeError):
        raise ValueError(f"promise_on: {text!r} is no day; write 2026-12-05") from None
    if not 2000 <= day.year < 2200:
        raise ValueError(f"promise_on: {text!r} is too far away; write a year from 2000 to 2199")
    return day


def _zone(name: Any) -> ZoneInfo:
    try:
        return ZoneInfo(name if name is not None else "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError, TypeError):
        raise ValueError(f"time_zone {name!r} is unknown; write a name such as Europe/Paris") from None
