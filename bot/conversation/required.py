"""The parts that law and house require of a message: found in its text, added where they are missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.conversation.responses import placeholders
from bot.conversation.script import Script
from bot.domain.dossier import Dossier
from bot.domain.governor.judge import Governor
from bot.domain.governor.parts import Evidence
from bot.domain.late_charges import added
from bot.domain.messages import Exchange
from bot.domain.sending import attempt_of
from bot.domain.sms import segments
from bot.domain.support import Support, in_language
from bot.i18n import Catalogues
from bot.typography import for_sms, tidy

RESPONSE = "utter_required_"
SMS_SEGMENTS = 2
# What the payment page tells, so that a text message may leave it to its link (bot/web/templates/pay.html).
ON_THE_PAGE = frozenset({
    "creditor_identity", "debt_reference", "amount_breakdown", "payment_methods", "dispute_path", "human_path",
    "hardship_path", "privacy_notice_link",
})  # fmt: skip
# The first letter of a French collector, to which later messages refer (CPCE R124-4).
FIRST_LETTER = "cpce_L111_8_reproduction"


@dataclass(frozen=True, slots=True)
class Draft:
    """A message as it is written so far, with the values that it names; its `closing` ends it where there is one."""

    row: Exchange
    named: frozenset[str]
    closing: str = ""


@dataclass(frozen=True)
class Required:
    """Adds what is missing. `facts` are what config.yml states of the creditor and of a collector's mandate."""

    governor: Governor
    evidence: Evidence
    script: Script
    catalogues: Catalogues
    facts: Mapping[str, Any] = field(default_factory=dict)
    privacy_url: str = ""
    support: Support = field(default_factory=Support)

    def complete(
        self, drafts: Sequence[Draft], dossier: Dossier, now: datetime, slots: Mapping[str, Any]
    ) -> tuple[Exchange, ...]:
        """The messages of one answer with their required parts; what no text is at hand for stays missing, and the
        governor will say so."""
        if not drafts:
            return ()
        *before, last = drafts
        language = last.row.language or dossier.conversation.language
        shown = frozenset[str]().union(*(self._shown(draft, language) for draft in drafts))
        attempt = attempt_of(_with(last.row, shown, frozenset()), dossier, now, self.governor.role,
                             self.governor.attested)  # fmt: skip
        missing = self.governor.missing(attempt) if attempt is not None else {}
        linked = _linked(drafts, missing)
        added: list[str] = []
        values = {**self._values(dossier, now, language), **slots}
        for part in missing:
            if part in shown or part in linked:
                continue
            said, named = self._said(part, last.row.channel, values, language)
            if said and _fits(last, [*added, said]):
                added.append(said)
                shown |= {part} | self.evidence.shown(said, language, named)
        rows = [*(draft.row for draft in before), _closed(last, added)]
        return tuple(_with(row, shown, linked) for row in rows)

    def _shown(self, draft: Draft, language: str) -> frozenset[str]:
        return self.evidence.shown(f"{draft.row.text}\n{draft.closing}", language, draft.named)

    def _said(self, part: str, channel: str, values: Mapping[str, Any], language: str) -> tuple[str, frozenset[str]]:
        """The first wording for the channel whose values are all known, and the values that it names."""
        signs = self.evidence.parts.get(part)
        if signs is not None and signs.text:
            return signs.text, frozenset()
        wordings = self.script.responses.get(f"{RESPONSE}{part}", ())
        for wording in sorted(wordings, key=lambda one: one.channel != channel):
            named = placeholders(wording)
            if wording.channel in (None, channel) and wording.text and all(values.get(name) for name in named):
                text = tidy(self.catalogues.render(wording.text, values, language, "long"))
                return for_sms(text) if channel == "sms" else text, named
        return "", frozenset()

    def _values(self, dossier: Dossier, now: datetime, language: str) -> dict[str, Any]:
        facts = self.facts
        ours = self.governor.role == "creditor"
        name = facts.get("legal_name") or facts.get("name")
        advice = in_language(self.support.country(dossier.customer.jurisdiction).debt_advice, language)
        letter = next((row for row in dossier.exchanges if row.sent_at is not None
                       and FIRST_LETTER in row.content.get("elements", ())), None)  # fmt: skip
        zone = ZoneInfo(dossier.customer.time_zone)
        return {
            **facts,
            "sender_name": name,
            "sender_address": facts.get("address"),
            "owner_name": name if ours else facts.get("owner"),
            "owner_address": facts.get("address") if ours else facts.get("owner_address"),
            "privacy_link": facts.get("privacy_url") or self.privacy_url,
            "debt_advice": ", ".join(filter(None, (advice[0].name, advice[0].reach))) if advice else None,
            "open_total": dossier.balance().json(),
            "open_lines": _lines(dossier),
            **_parts(dossier),
            "letter_ref": dossier.customer.ref if letter else None,
            "letter_date": letter.sent_at.astimezone(zone).date().isoformat() if letter and letter.sent_at else None,
        }


def closed(drafts: Sequence[Draft]) -> tuple[Exchange, ...]:
    """The messages as their authors wrote them."""
    return tuple(_closed(draft, ()) for draft in drafts)


def _linked(drafts: Sequence[Draft], missing: Mapping[str, bool]) -> frozenset[str]:
    """What a text message leaves to its page, where the rules that ask for it let it."""
    if drafts[-1].row.channel != "sms" or not any("link" in draft.named for draft in drafts):
        return frozenset()
    return frozenset(part for part, may in missing.items() if may and part in ON_THE_PAGE)


def _parts(dossier: Dossier) -> dict[str, Any]:
    """What is open as invoiced, and what was added to it; only where something was."""
    sums = added(dossier)
    if not sums["interest"] and not sums["fees"]:
        return {}
    return {f"open_{part}": {"minor": minor, "currency": dossier.currency} for part, minor in sums.items()}


def _lines(dossier: Dossier) -> list[dict[str, Any]]:
    return [
        {"number": one.number, "due_on": one.due_on.isoformat(),
         "amount": {"minor": dossier.open_minor[one.id], "currency": one.currency}}
        for one in dossier.open_invoices()
        if one.currency == dossier.currency and one.id not in dossier.disputed
    ]  # fmt: skip


def _closed(draft: Draft, added: Sequence[str]) -> Exchange:
    """The message with what was added, before its closing."""
    between = " " if draft.row.channel == "sms" else "\n\n"
    parts = [draft.row.text, " ".join(added), draft.closing]
    # A letter is set from its text: it must know which part of it belongs at its foot.
    told = {"notices": " ".join(added)} if added and draft.row.channel == "letter" else {}
    return replace(draft.row, text=between.join(part for part in parts if part), content={**draft.row.content, **told})


def _fits(draft: Draft, added: Sequence[str]) -> bool:
    return draft.row.channel != "sms" or segments(_closed(draft, added).text) <= SMS_SEGMENTS


def _with(row: Exchange, shown: frozenset[str], linked: frozenset[str]) -> Exchange:
    told = {"elements": sorted(shown), **({"linked": sorted(linked)} if linked else {})}
    return replace(row, content={**row.content, **told})
