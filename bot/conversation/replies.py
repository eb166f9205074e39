"""From the engine's replies to what the customer reads: translated, formatted, fitted to the channel."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.conversation.dialogue import Reply
from bot.i18n import Catalogues, colon, fill, present
from bot.typography import for_sms, tidy

# Channels without buttons: choices are numbered in the text, and a number is read back as the choice.
NUMBERED = frozenset({"sms", "email", "letter"})
# What the templates of WhatsApp may say, in this order: {{1}}, {{2}}, ...
TEMPLATED = ("customer_name", "creditor_name", "amount", "numbers", "deadline", "link")
# Channels whose messages have a subject and end with a signature.
HEADED = frozenset({"email", "letter"})


@dataclass(frozen=True, slots=True)
class Rendered:
    """One message ready to be queued. Buttons are {title, payload} or {title, url}, in the customer's language.

    `subject` heads an e-mail or a letter; `named` are the values that the text names, `filled` those
    that an approved template of the platform is filled with.
    """

    text: str
    response: str | None
    buttons: list[dict[str, str]] = field(default_factory=list)
    subject: str | None = None
    named: frozenset[str] = frozenset()
    filled: Mapping[str, str] = field(default_factory=dict)


class Named(dict[str, Any]):
    """Values that remember which of them a text named, empty ones not counted."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__(values)
        self.seen: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        if value not in (None, "", [], ()):
            self.seen.add(name)
        return value


def render(reply: Reply, slots: Mapping[str, Any], language: str, channel: str, catalogues: Catalogues) -> Rendered:
    """Write one reply in the customer's language for one channel."""
    values = Named({**slots, **reply.values})
    width = "medium" if channel == "sms" else "full"
    text = tidy(catalogues.render(reply.text or "", values, language, width))
    buttons = [_button(button, values, language, catalogues) for button in reply.buttons]
    if channel in NUMBERED and buttons:
        choices = "\n".join(
            f"{number}. {button['title']}" + (f"{colon(language)}{button['url']}" if "url" in button else "")
            for number, button in enumerate(buttons, 1)
        )
        text = f"{text}\n{choices}"
    if channel == "sms":
        text = for_sms(text)
    subject = catalogues.render(reply.subject, values, language, "long") if reply.subject else None
    named, filled = frozenset(values.seen), dict[str, str]()
    if channel == "whatsapp":
        told = ((name, present(values.get(name), language, "long")) for name in TEMPLATED)
        filled = {name: " ".join(text.split()) or "–" for name, text in told}
    return Rendered(text, reply.response, buttons, subject if channel in HEADED else None, named, filled)


def _button(
    button: Mapping[str, Any], values: Mapping[str, Any], language: str, catalogues: Catalogues
) -> dict[str, str]:
    title = button["title"]
    shown = catalogues.translate(title, language) if isinstance(title, str) else title
    text = fill(present(shown, language), values, language, catalogues)
    for name in ("url", "payload"):
        if button.get(name):
            # A payload holds JSON braces of its own: only a whole-value placeholder ({link}) is filled.
            raw = str(button[name])
            whole = raw[1:-1] if raw.startswith("{") and raw.endswith("}") and raw[1:-1].isidentifier() else None
            value = str(values[whole]) if whole else raw
            if value.startswith(("http://", "https://")):
                return {"title": text, "url": value}
            return {"title": text, "payload": value}
    return {"title": text, "payload": text}


def chosen(text: str, offered: list[Mapping[str, str]]) -> str | None:
    """The payload behind "2" when the last message offered numbered choices."""
    word = text.strip().rstrip(".)")
    if not (word.isdigit() and len(word) == 1 and 1 <= int(word) <= len(offered)):
        return None
    return offered[int(word) - 1].get("payload")


def payload(intent: str, **entities: Any) -> str:
    """A button's payload in Rasa's form: /intent{"entity": value}."""
    return f"/{intent}{json.dumps(entities, separators=(',', ':'))}" if entities else f"/{intent}"
