"""Remember how somebody wants to be reached."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

from actions.base import N_, CaseAction, Events, Moment
from bot.domain.compliance import CLOSES, OPENS
from bot.domain.reach import Wish, wish

CHANNELS = {
    "sms": N_("SMS"), "email": N_("e-mail"), "letter": N_("letter"), "telegram": "Telegram", "whatsapp": "WhatsApp",
    "phone": N_("telephone"),
}  # fmt: skip

DAYS = {
    "mon": N_("Mondays"), "tue": N_("Tuesdays"), "wed": N_("Wednesdays"), "thu": N_("Thursdays"), "fri": N_("Fridays"),
    "sat": N_("Saturdays"), "sun": N_("Sundays"),
}  # fmt: skip


class ChangePreference(CaseAction):
    """Keeps the channel and hours that the customer prefers, echoes them, and opens an errand for what a person does.

    A channel refused by name is closed to messages; the others stay open (47 CFR 64.1200(a)(10) for texts and calls).
    """

    verb = "action_change_preference"

    def act(self, moment: Moment) -> Events:
        """Keep what can be kept, pass on the rest."""
        work = moment.case
        wanted = wish(moment.text, moment.entities)
        address = moment.value("phone") or moment.value("email")
        known = {point.channel for point in work.dossier.contact_points}
        opens = bool(wanted.not_before and time.fromisoformat(wanted.not_before) >= CLOSES)
        closes = bool(wanted.not_after and time.fromisoformat(wanted.not_after) <= OPENS)
        silent = wanted == Wish() or wanted == Wish(refused=frozenset({"phone"}))
        if wanted.call and moment.days() and not (wanted.channel or wanted.refused):
            # One call on one day: no rule for later.
            asked = work.errand("call_back", f"Asks to be called: {moment.text[:200]}", timedelta(days=1))
            moment.promise_person("utter_call_on", asked, date=moment.days()[0].isoformat())
            return moment.keep_question()
        if address or silent or opens or closes or (wanted.channel and wanted.channel not in known):
            asked = work.errand("change_preference", f"Asks for a change: {moment.text[:200]}", timedelta(days=1))
            moment.promise_person("utter_preference_person", asked)
            return moment.keep_question()
        if not work.binds:
            return self.identify_first(moment)
        self._keep(moment, wanted)
        return moment.keep_question()

    def _keep(self, moment: Moment, wanted: Wish) -> None:
        work = moment.case
        kept: dict[str, Any] = dict(work.customer.preferences)
        for name in ("channel", "not_before", "not_after"):
            if getattr(wanted, name):
                kept[name] = getattr(wanted, name)
        if wanted.days:
            kept["days"] = list(wanted.days)
        if wanted.not_before or wanted.not_after:
            # New hours replace the old ones whole.
            kept |= {"not_before": wanted.not_before, "not_after": wanted.not_after}
        work.save(replace(work.customer, preferences={name: value for name, value in kept.items() if value}))
        work.note("preference", moment.text[:200], **kept)
        if wanted.channel:
            work.welcome(wanted.channel)
        for refused in sorted(wanted.refused):
            work.opt_out(refused)
        self._echo(moment, wanted)

    def _echo(self, moment: Moment, wanted: Wish) -> None:
        hours = {"opens": wanted.not_before or "", "closes": wanted.not_after or ""}
        span = "between" if all(hours.values()) else "after" if hours["opens"] else "before" if hours["closes"] else ""
        refused = [CHANNELS[channel] for channel in sorted(wanted.refused)]
        if wanted.channel and refused:
            moment.say("utter_preference_instead", channel=CHANNELS[wanted.channel], refused=refused)
        elif wanted.channel:
            moment.say("utter_preference_kept", channel=CHANNELS[wanted.channel])
        elif refused:
            moment.say("utter_preference_refused", refused=refused)
        if wanted.days:
            moment.say(
                "utter_preference_days", days={"both": [name for day, name in DAYS.items() if day not in wanted.days]}
            )
        if wanted.call:
            summary = f"Asks to be called: {moment.text[:200]}"
            asked = moment.case.errand("call_back", summary, timedelta(days=1))
            moment.promise_person(f"utter_call_{span}" if span else "utter_call", asked, **hours)
        elif span:
            moment.say(f"utter_preference_{span}", **hours)
