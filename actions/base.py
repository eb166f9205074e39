"""What all actions share: the case at hand, identity before the debt is named, and plain words for values."""

import re
from abc import abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import ceil
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.caring import comfort, preface
from bot.domain import wishes
from bot.domain.case import Case
from bot.domain.conversation import Handoff
from bot.domain.dossier import Dossier
from bot.domain.mentions import names_bill_by_month
from bot.domain.money import Money
from bot.domain.offers import open_proposal
from bot.domain.plans import InstallmentPlan, progress
from bot.ports import case

Events = list[dict[str, Any]]
LATELY = timedelta(hours=1)
_SHARES = {"half": Fraction(1, 2), "third": Fraction(1, 3), "quarter": Fraction(1, 4), "all": Fraction(1)}


@dataclass(frozen=True)
class Moment:
    """One run of an action: the case, what the customer just said, and the way to answer."""

    case: Case
    dispatcher: CollectingDispatcher
    tracker: Tracker
    entities: tuple[Mapping[str, Any], ...]

    def say(self, response: str, **values: Any) -> None:
        """Answer with a response of the domain; values stay JSON and are formatted per language later."""
        self.dispatcher.utter_message(response=response, **values)

    def say_settled(self) -> None:
        """Say that nothing is to be paid, or that what is open rests while an objection to it is examined."""
        dossier = self.case.dossier
        disputed = any(invoice.id in dossier.disputed for invoice in dossier.open_invoices())
        self.say("utter_dispute_status" if disputed else "utter_nothing_owed")

    def spared(self, money: str) -> bool:
        """Whether this is not for somebody cared for to hear (domain/care); they are answered gently instead."""
        care = self.case.care
        if care is None or not money or money in care.allows:
            return False
        comfort(self, care)
        return True

    def said_lately(self, response: str) -> bool:
        """Whether this was said here within the hour."""
        work = self.case
        return any(
            row.response == response and row.address == work.address and work.now - row.at < LATELY
            for row in work.dossier.exchanges
        )

    @property
    def intent(self) -> str:
        """What the message was understood to mean."""
        return str((self.tracker.latest_message.get("intent") or {}).get("name") or "")

    def promise_person(self, response: str, request: Handoff, **values: Any) -> None:
        """Answer with a response that promises a person, and say by when (`by`)."""
        self.say(response, by=self.case.told(request.due_at), **values)

    def keep_question(self) -> Events:
        """The question that was open stays open: what is said now stands beside it."""
        return [SlotSet("open_question", self.tracker.get_slot("open_question"))]

    def value(self, kind: str) -> Any:
        """The last value of this kind in the message, or None."""
        return next((e.get("value") for e in reversed(self.entities) if e.get("entity") == kind), None)

    @property
    def text(self) -> str:
        """The customer's own words, those that asked for what is resumed now included."""
        wanted = self.tracker.get_slot("wanted") or {}
        if wanted.get("resumed"):
            return str(wanted.get("text") or "")
        return str(self.tracker.latest_message.get("text") or "")

    def sums(self) -> list[Money]:
        """All amounts of the message in order; a bare number is in the customer's currency."""
        currency = self.case.dossier.currency
        raws = [e.get("value") for e in self.entities if e.get("entity") == "amount"]
        return [
            Money(raw.get("currency") or currency, raw["minor"])
            for raw in raws
            if isinstance(raw, Mapping) and isinstance(raw.get("minor"), int)
        ]

    def days(self) -> list[date]:
        """The readings of the date in the message, in order; for a day that does not exist, the last of its month."""
        dates = [e for e in self.entities if e.get("entity") == "date"]
        if names_bill_by_month(self.text):
            # "The October bill" names a bill and no day.
            dates = [e for e in dates if re.search(r"\d", self.text[e.get("start", 0) : e.get("end", 0)])]
        raw = dates[-1].get("value") if dates else self.value("impossible_date")
        found = []
        for text in raw if isinstance(raw, list) else [raw]:
            try:
                found.append(date.fromisoformat(str(text)))
            except ValueError:
                continue
        return found

    def missing_day(self) -> str | None:
        """A day that does not exist ("31 November"), in the customer's words; None beside one that does."""
        if self.value("date") is not None:
            return None
        found = next((e for e in reversed(self.entities) if e.get("entity") == "impossible_date"), None)
        return self.text[found.get("start", 0) : found.get("end", 0)] if found else None

    def say_missing_day(self) -> None:
        """Say that a day does not exist, and on which day that month ends, before it is taken up."""
        if said := self.missing_day():
            self.say("utter_no_such_day", said=said, date=self.value("impossible_date"))

    def sum(self) -> Money | None:
        """The amount in the message; a bare number is in the customer's currency, a share is of the balance."""
        if named := self.sums():
            return named[-1]
        share = self.value("share")
        return self.rest() if share == "rest" else self._part(share)

    def part_first(self) -> Money | None:
        """The share that is paid before the rest: "a third now, the rest in four"."""
        shares = [e.get("value") for e in self.entities if e.get("entity") == "share"]
        part = self._part(shares[0]) if shares and (shares[-1] == "rest" or wishes.now(self.text)) else None
        return part if part is not None and part < self.case.dossier.balance() else None

    def _part(self, share: Any) -> Money | None:
        owed = self.case.dossier.balance()
        if share in _SHARES:
            return Money(owed.currency, ceil(owed.minor * _SHARES[share]))
        if isinstance(share, str) and share.endswith("%"):
            return Money(owed.currency, ceil(owed.minor * Fraction(share[:-1]) / 100))
        return None

    def rest(self) -> Money:
        """What is left after the part that was just agreed and is still to be paid."""
        owed = self.case.dossier.balance()
        part = self.case.part_awaited()
        return owed - part if part is not None and part < owed else owed

    def changes_terms(self) -> bool:
        """Whether a yes names a day, a sum or a number of its own: then it is a wish, not an agreement."""
        return any(entity.get("entity") in ("date", "impossible_date", "amount", "count") for entity in self.entities)

    def restate(self) -> Events:
        """Put the offer that is open before the customer again, so that a yes means it; nothing when there is none."""
        work = self.case
        offer = self.tracker.get_slot("offer") or {}
        if work.care is not None or not work.identified or work.dossier.balance().minor <= 0:
            return []
        if offer.get("due_on", "") >= work.today.isoformat():
            self.say("utter_confirm_promise", amount={"minor": offer["minor"], "currency": offer["currency"]},
                     date=offer["due_on"])  # fmt: skip
            return [SlotSet("open_question", "promise_confirm")]
        plan = open_proposal(work.dossier, work.today)
        if plan is None:
            return []
        total = {"minor": plan.total_minor, "currency": plan.currency}
        lines = schedule_rows(plan.installments, plan.currency)
        self.say("utter_plan_stands", count=len(plan.installments), total=total, lines=lines)
        return [SlotSet("open_question", "plan_offer")]

    def leave_word(self, kind: str, within: timedelta, hold: str = "") -> Handoff:
        """Somebody who has not proved to be the customer says this: a person reads it, the account stays as it is.

        `hold` is what it would put on the account: here it decides how they are spoken to.
        """
        self.case.note("unproved_word", f"{kind}: {self.text[:200]}", kind=hold or kind)
        return self.case.errand("unproved_word", f"{kind}: {self.text[:200]}", within)

    def said_before(self, *intents: str) -> bool:
        """Whether the customer's message before this one had one of these meanings."""
        heard = [e for e in self.tracker.events if e.get("event") == "user"]
        if len(heard) < 2:
            return False
        return (heard[-2].get("parse_data") or {}).get("intent", {}).get("name") in intents


class CaseAction(Action):  # type: ignore[misc]
    """An action on the case. `verb` is its name in the domain; `names_debt` asks for identity first.

    `asks` is the question that its answer leaves open (slot open_question). `aside`: an answer beside the matter,
    after which an offer that was open is put again; a yes binds only to what was shown last. `takes_day`: it takes up
    the day that is named, so that one which does not exist is spoken of first. `money` is what its answer does with
    money (domain/care): to somebody cared for it is said with care, or not at all.
    """

    verb = ""
    names_debt = False
    asks = "none"
    aside = False
    money = ""
    takes_day = False

    def name(self) -> str:
        """The action's name in the domain."""
        return self.verb

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Act, or ask for identity first and come back afterwards."""
        work = case.get()
        entities = tuple(tracker.latest_message.get("entities") or ())
        wanted = tracker.get_slot("wanted") or {}
        if wanted.get("resumed"):
            entities = tuple(wanted.get("entities") or ())
        moment = Moment(work, dispatcher, tracker, entities)
        reached = tracker.latest_action_name not in (None, "action_listen")
        careful = work.care is not None and self.money and work.dossier.balance().minor > 0
        if moment.spared(self.money):
            events = _after_comfort(tracker)
        elif self.names_debt and not work.identified:
            return self.identify_first(moment)
        else:
            if self.takes_day and (not reached or wanted.get("resumed")):
                moment.say_missing_day()
            events = self.act(moment)
            if careful and dispatcher.messages and (first := preface(moment, self.money)):
                dispatcher.messages.insert(0, first)
        if self.aside and not events and tracker.get_slot("open_question") in ("plan_offer", "promise_confirm"):
            events = moment.restate()
        asked = any(e.get("event") == "slot" and e.get("name") == "open_question" for e in events)
        if not asked:
            events.append(SlotSet("open_question", self.asks))
        if wanted.get("resumed"):
            events.append(SlotSet("wanted", None))
        # Reached from another action, no rule knows what comes next: listen.
        if reached and not any(e.get("event") == "followup" for e in events):
            events.append(FollowupAction("action_listen"))
        return events

    def identify_first(self, moment: Moment) -> Events:
        """Ask for identity and come back to this action afterwards."""
        return [
            SlotSet("wanted", {"action": self.verb, "entities": list(moment.entities), "text": moment.text}),
            FollowupAction("identity_form"),
        ]

    @abstractmethod
    def act(self, moment: Moment) -> Events:
        """Do it; returns dialogue events."""


def _after_comfort(tracker: Tracker) -> Events:
    """Bargaining ends there; the identity questions may go on."""
    return end_form() if (tracker.active_loop or {}).get("name") == "plan_form" else []


def N_(text: str) -> str:
    """Mark a text for the catalogues; it is translated where it is shown."""
    return text


def rows(invoices: Iterable[Any], open_minor: Mapping[str, int]) -> list[dict[str, Any]]:
    """Invoices as lines of a message: number, due date, what is open."""
    return [
        {
            "number": invoice.number,
            "due_on": invoice.due_on.isoformat(),
            "amount": {"minor": open_minor[invoice.id], "currency": invoice.currency},
        }
        for invoice in invoices
    ]


def choices(invoices: Iterable[Any], intent: str) -> list[dict[str, str]]:
    """A button for each invoice that says this intent about it."""
    return [{"title": i.number, "payload": f'/{intent}{{"invoice_ref": "{i.number}"}}'} for i in list(invoices)[:6]]


def schedule_rows(installments: Iterable[Any], currency: str) -> list[dict[str, Any]]:
    """Instalments as lines of a message."""
    return [
        {"due_on": item.due_on.isoformat(), "amount": {"minor": item.amount_minor, "currency": currency}}
        for item in installments
    ]


def unpaid(plan: InstallmentPlan, dossier: Dossier, today: date) -> list[dict[str, Any]]:
    """What is left of a plan's instalments, as lines of a message."""
    return [
        {"due_on": item.due_on.isoformat(), "amount": {"minor": left, "currency": plan.currency}}
        for item, _, left in progress(plan, dossier.payments, today).installments
        if left > 0
    ]


def listen(*events: Any) -> Events:
    """These events, and then wait for the customer whatever the rules expected."""
    return [*events, FollowupAction("action_listen")]


def forget_terms() -> Events:
    """What the customer asked for is settled: the next bargaining begins anew."""
    return [SlotSet(name, None) for name in ("plan_count", "plan_monthly", "plan_first_on", "plan_now", "offers")]


def end_form() -> Events:
    """Leave whatever form is open: a person or a refusal comes before its questions."""
    return [
        {"event": "active_loop", "timestamp": None, "name": None},
        SlotSet("requested_slot", None),
        SlotSet("wanted", None),
    ]
