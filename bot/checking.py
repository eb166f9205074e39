"""`relance check`: everything that an author can get wrong, found before a customer does."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from rasa_sdk.interfaces import Action

from actions.remind import Contact
from bot.app import load_actions, load_support
from bot.campaigns import load_strategies
from bot.conversation.lint import lint
from bot.conversation.script import Finding, Script, ScriptErrors, load_script
from bot.conversation.text_lint import TextLint, Tone
from bot.domain.negotiation import Policy, PolicyError
from bot.domain.strategy import StrategyError
from bot.domain.support import SupportError
from bot.i18n import LANGUAGES, Catalogues
from bot.pack_values import PackError
from bot.packs import FOLDER as PACKS
from bot.packs import load_evidence, load_packs, load_wording
from bot.settings import Settings, SettingsError, read_yaml
from bot.understanding.examples import ExamplesError, read_examples

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def check_all(settings: Settings, folder: Path | None) -> list[Finding]:
    """All findings about scripts, strategies, the policy, examples and translations."""
    dialogues = (folder / "dialogues" if folder else settings.dialogues).resolve()
    locales = (folder / "locales" if folder else settings.locales).resolve()
    if not dialogues.is_dir():
        return [Finding("error", str(dialogues), 1, "no_dialogues", "there is no dialogues folder here",
                        "name a folder that holds dialogues/ and locales/")]  # fmt: skip
    findings: list[Finding] = []
    try:
        script = load_script([dialogues], settings.raw)
        findings += lint(script, frozenset(load_actions()))
        findings += _translations(script, Catalogues(locales), str(locales))
        evidence, contacts = load_evidence(_packs(folder)), contact_responses(load_actions())
        findings += TextLint(script, Catalogues(locales), evidence, _tone(dialogues), contacts).findings()
        findings += _wording(script, Catalogues(locales), str(locales), _packs(folder))
    except ScriptErrors as errors:
        findings += errors.findings
    except (SettingsError, PackError, ValueError) as error:
        findings.append(_broken(error))
    for attempt in (lambda: load_strategies(dialogues / "strategies"), lambda: Policy.read(settings.policy()),
                    lambda: read_examples(sorted((dialogues / "nlu").glob("*.yml"))),
                    lambda: load_support(dialogues),
                    lambda: load_packs(_packs(folder))):  # fmt: skip
        try:
            attempt()
        except (StrategyError, PolicyError, ExamplesError, SettingsError, SupportError, PackError) as error:
            findings.append(_broken(error))
    return findings


def _wording(script: Script, catalogues: Catalogues, folder: str, packs: Path) -> Iterator[Finding]:
    """What no message may say, in every language that it is sent in."""
    wording = load_wording(load_packs(packs), packs)
    for name, variations in script.responses.items():
        for variation in variations:
            texts = [variation.text] if variation.text else []
            for text in (*texts, *(str(button["title"]) for button in variation.buttons)):
                for language in LANGUAGES:
                    shown = catalogues.translate(text, language)
                    for ban, word in wording.objections(shown, language):
                        yield Finding("error", f"{folder}/{language}/LC_MESSAGES/messages.po", 1, ban.id,
                                      f"{name}: {word!r} in {language}: {ban.what.replace('_', ' ')} ({ban.source})",
                                      "say what is true and what helps, without it")  # fmt: skip


def contact_responses(actions: Mapping[str, Action]) -> frozenset[str]:
    """The responses that open a contact of ours, by the actions that say them."""
    return frozenset(str(action.response) for action in actions.values() if isinstance(action, Contact))


def _tone(dialogues: Path) -> Tone:
    path = dialogues / "tone.yml"
    return Tone.read(read_yaml(path), str(path)) if path.is_file() else Tone()


def _packs(folder: Path | None) -> Path:
    """The jurisdiction packs beside what is checked, else those of this program."""
    given = folder / "jurisdictions" if folder else PACKS
    return given if given.is_dir() else PACKS


def _broken(error: Exception) -> Finding:
    text = str(error)
    match = re.match(r"(?P<file>[^:]+):(?:(?P<line>\d+):)?", text)
    file, line = (match["file"], int(match["line"] or 1)) if match else ("", 1)
    return Finding("error", file, line, "broken", text.removeprefix(f"{file}: "), "mend this line")


def _translations(script: Script, catalogues: Catalogues, folder: str) -> Iterator[Finding]:
    for name, variations in script.responses.items():
        for variation in variations:
            texts = [text for text in (variation.text, variation.subject) if text]
            texts += [str(button["title"]) for button in variation.buttons]
            for text in texts:
                for language in LANGUAGES:
                    if catalogues.missing([text], language):
                        yield Finding("error", f"{folder}/{language}/LC_MESSAGES/messages.po", 1, "untranslated",
                                      f"{name}: no {language} text for {text[:60]!r}",
                                      "run `make texts` and translate it")  # fmt: skip
                        continue
                    shown = catalogues.translate(text, language)
                    if set(_PLACEHOLDER.findall(shown)) != set(_PLACEHOLDER.findall(text)):
                        yield Finding("error", f"{folder}/{language}/LC_MESSAGES/messages.po", 1, "placeholders",
                                      f"{name}: the {language} text has other placeholders than {text[:60]!r}",
                                      "use exactly the same {placeholders}")  # fmt: skip
