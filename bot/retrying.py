"""`relance retry-plan`: what becomes of a failed charge, as JSON."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.retries import FailedCharge, Failure, Rulebook, plan_retry, read
from bot.settings import read_yaml

NETWORKS = Path(__file__).resolve().parent / "jurisdictions" / "networks"
_SHAPE = (
    '{"network", "now", "time_zone", "failed": [{"at", "code", "code_system"?, "advice"?}], '
    '"promise_on"?, "saved_methods"?}'
)
_SYSTEMS = ("stripe", "visa", "mastercard", "sepa", "ach", "bacs")
_NUMBERED = re.compile(r"[0-9A-Za-z]{1,2}")


@cache
def rules(today: date) -> Rulebook:
    """The network rules in force on a day."""
    return read({str(path): read_yaml(path) for path in sorted(NETWORKS.glob("*.yml"))}, today)


def retry_plan(item: Mapping[str, Any], present: datetime | None = None) -> dict[str, Any]:
    """Answer one failed charge; raises ValueError naming what is wrong. `present` serves where `now` is absent."""
    now = _instant(item["now"], "now") if item.get("now") is not None else present or datetime.now(UTC)
    book = rules(now.date())
    charge = _charge(item, book, now)
    plan = plan_retry(charge, book, now)
    answer: dict[str, Any] = {"action": plan.action}
    if plan.next_at is not None:
        answer["next_at"] = plan.next_at.isoformat()
    return {**answer, "rule": plan.rule, "source": plan.source}


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
