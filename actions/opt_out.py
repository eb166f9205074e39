"""Stop messages."""

import re
from datetime import timedelta

from rasa_sdk.events import FollowupAction, SlotSet

from actions.base import CaseAction, Events, Moment, end_form
from actions.change_preference import CHANNELS
from actions.take_privacy_request import asks_erasure, take
from bot.domain.reach import wish
from bot.domain.words import plain

_EVERYTHING = re.compile(
    r"\b(?:(?<!at )all(?! right)|everything|any channel|stopall|tout(?:es?)?(?! de suite)|tous|todos?|todas?"
    r"|alles?|allen)\b"
)


class OptOut(CaseAction):
    """Honours a refusal of messages at once, in whatever words, and confirms it once (47 CFR 64.1200(a)(10), (12)).

    Said on one of our channels it binds that channel, and all are offered; in the chat, or "everything", it binds all.
    """

    verb = "action_opt_out"

    def act(self, moment: Moment) -> Events:
        """Opt out, and say what was stopped."""
        work = moment.case
        if not work.binds:
            return self._unproved(moment)
        if wish(moment.text).days:
            return [FollowupAction("action_change_preference")]
        everything = moment.value("channel") == "all" or _EVERYTHING.search(plain(moment.text)) is not None
        refused = wish(moment.text).refused - {work.channel}
        if refused and not everything:
            return self._channels(moment, refused)
        mine = {point.channel for point in work.dossier.contact_points}
        scope = work.channel if work.channel in mine and not everything else None
        if work.opted_out(scope):
            # One confirmation only; whoever looks at the chat is told again.
            if work.channel not in mine:
                moment.say("utter_opted_out_already")
            return [*end_form(), *moment.keep_question()]
        stopped = work.refuse_messages(everything)
        whole = stopped is None or work.opted_out()
        if whole:
            moment.say("utter_opted_out")
        else:
            moment.say("utter_opted_out_channel", channel=CHANNELS.get(stopped or "", ""))
        if asks_erasure(moment.text):
            take(moment)
        return [*end_form(), SlotSet("open_question", "none" if whole else "stop_scope")]

    def _unproved(self, moment: Moment) -> Events:
        """Nobody's word stops a customer's messages elsewhere; the address that it came from is stopped at once."""
        work = moment.case
        mine = [p for p in work.dossier.contact_points if (p.channel, p.address) == (work.channel, work.address or "")]
        stopped = bool(mine) and all(point.opted_out_at is not None for point in mine)
        work.refuse_messages()
        if mine or work.turned_away:
            if not stopped:
                moment.say("utter_stopped_here")
            return end_form()
        moment.leave_word("stop", timedelta(hours=24))
        moment.say("utter_stop_unproved")
        return self.identify_first(moment)

    def _channels(self, moment: Moment, refused: frozenset[str]) -> Events:
        """Only the channels that were named: no texts, no calls."""
        work = moment.case
        for channel in sorted(refused):
            work.opt_out(channel)
        whole = work.opted_out()
        if whole:
            moment.say("utter_opted_out")
        else:
            moment.say("utter_opted_out_channel", channel=[CHANNELS[channel] for channel in sorted(refused)])
        return [*end_form(), SlotSet("open_question", "none" if whole else "stop_scope")]
