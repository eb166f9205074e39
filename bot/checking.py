"""`relance check`: everything that an author can get wrong, found before a customer does."""

import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po
from rasa_sdk.interfaces import Action

from actions.remind import CHARGE, Contact
from bot.app import CHANNELS, load_actions, load_support
from bot.campaigns import load_strategies
from bot.conversation.foreign import ignored_lines, unused_examples
from bot.conversation.lint import lint
from bot.conversation.loading import load_script
from bot.conversation.script import Finding, Script, ScriptErrors
from bot.conversation.text_lint import TextLint, Tone
from bot.domain.negotiation import Policy, PolicyError
from bot.domain.strategy import Strategy, StrategyError
from bot.domain.support import SupportError
from bot.i18n import LANGUAGES, Catalogues
from bot.pack_values import PackError
from bot.packs import FOLDER as PACKS
from bot.packs import load_evidence, load_packs, load_wording
from bot.places import line_of
from bot.settings import Settings, SettingsError, read_yaml
from bot.settings import load as load_settings
from bot.understanding.examples import Example, ExamplesError, read_examples

# `utter_action` is a key of Rasa's events, no response.
_RESPONSE = re.compile(r"""["'](utter_(?!action["'])\w*[a-z0-9])["']""")
_PO_LINE = re.compile(r'(?:(?:msgid|msgstr|msgctxt|msgid_plural|msgstr\[\d\]) )?"(?:[^"\\]|\\.)*"')
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
# Every stage of the cadence may open one of these by itself, whatever the strategies say.
_OPENED_BY_THE_CADENCE = (
    "contact_pre_due", "contact_promise_due", "contact_promise_broken", "contact_installment_due",
    "contact_installment_missed", "contact_payment_received", "contact_payment_failed", "contact_plan_approved",
    "contact_agent_returned",
)  # fmt: skip


def check_all(settings: Settings, folder: Path | None) -> list[Finding]:
    """All findings about scripts, strategies, the policy, examples, translations and the configuration.

    A folder that holds a domain.yml or data/ instead of dialogues/ is taken for a plain Rasa project.
    """
    if folder is not None and not (folder / "dialogues").is_dir():
        return _rasa_project(folder.resolve())
    findings: list[Finding] = []
    if folder is not None and (folder / "config.yml").is_file():
        try:
            settings = load_settings(folder / "config.yml", {})
        except SettingsError as error:
            findings.append(_broken(error))
    dialogues = (folder / "dialogues" if folder else settings.dialogues).resolve()
    locales = (folder / "locales" if folder else settings.locales).resolve()
    if not dialogues.is_dir():
        return [_no_dialogues(dialogues)]
    strategies = _strategies(dialogues / "strategies", findings)
    packs = _packs(folder)
    script: Script | None = None
    try:
        script = load_script([dialogues], settings.raw)
        actions = load_actions()
        findings += lint(script, frozenset(actions))
        findings += _said_by_actions(script, actions.values(), dialogues / "domain.yml")
        findings += _catalogues(script, locales, packs, _tone(dialogues), contact_responses(actions))
        findings += _planned(script, strategies, dialogues)
    except ScriptErrors as errors:
        findings += errors.findings
    except (SettingsError, PackError, ValueError) as error:
        findings.append(_broken(error))
    findings += _policy(dialogues / str(settings.raw.get("negotiation", "policies/default.yml")))
    findings += _examples(dialogues / "nlu", script)
    findings += _support(dialogues)
    findings += _law(packs)
    findings += _adapters(settings, strategies)
    findings += ignored_lines(settings.file, settings.raw)
    return findings


def _no_dialogues(folder: Path) -> Finding:
    return Finding("error", str(folder), 1, "no_dialogues", "there is no dialogues folder here",
                   "name a folder that holds dialogues/ and locales/, or a Rasa project")  # fmt: skip


def _rasa_project(folder: Path) -> list[Finding]:
    """The findings about somebody else's bot: what is wrong, and what this engine does not run."""
    parts = [folder / "domain.yml", folder / "domain", folder / "data"]
    present = [part for part in parts if part.exists()]
    if not present:
        return [_no_dialogues(folder)]
    findings: list[Finding] = []
    config: Mapping[str, Any] = {}
    if (folder / "config.yml").is_file():
        try:
            raw = read_yaml(folder / "config.yml")
            config = raw if isinstance(raw, Mapping) else {}
            findings += ignored_lines(folder / "config.yml", config)
        except SettingsError as error:
            findings.append(_broken(error))
    try:
        findings += lint(load_script(present, config), None)
    except ScriptErrors as errors:
        findings += errors.findings
    return findings + unused_examples(present)


def _wording(script: Script, catalogues: Catalogues, folder: Path, packs: Path) -> Iterator[Finding]:
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
    """The responses that open a contact of ours, by the actions that say them, with their variants for a saved card."""
    named = [str(action.response) for action in actions.values() if isinstance(action, Contact)]
    return frozenset([*named, *(f"{name}{CHARGE}" for name in named)])


def _tone(dialogues: Path) -> Tone:
    path = dialogues / "tone.yml"
    return Tone.read(read_yaml(path), str(path)) if path.is_file() else Tone()


def _packs(folder: Path | None) -> Path:
    """The jurisdiction packs beside what is checked, else those of this program."""
    given = folder / "jurisdictions" if folder else PACKS
    return given if given.is_dir() else PACKS


def _broken(error: Exception) -> Finding:
    text = str(error)
    match = re.match(r"(?P<file>[^:]+):(?:(?P<line>\d+):(?:\d+:)?)?\s*", text)
    file, line = (match["file"], int(match["line"] or 1)) if match else ("", 1)
    said = text[match.end() :] if match else text
    if match and match["line"] is None and (key := re.search(r"(?:unknown key |: |^)([\w.]+)", said)):
        source = Path(file)
        if source.is_file():
            line = line_of(source.read_text("utf-8", errors="replace"), key[1].split("."))
    problem, _, remedy = said.partition("; ")
    return Finding("error", file, line, "broken", problem, remedy or "mend this line")


def _located(error: StrategyError | PolicyError, path: Path, rule: str) -> Finding:
    line = line_of(path.read_text("utf-8"), error.path) if path.is_file() else 1
    problem, _, remedy = str(error).removeprefix(f"{path}: ").partition("; ")
    return Finding("error", str(path), line, rule, problem, remedy or "mend this line")


def _strategies(folder: Path, findings: list[Finding]) -> list[tuple[Path, Strategy]]:
    files = sorted(folder.glob("*.yml"))
    found: list[tuple[Path, Strategy]] = []
    if not files:
        findings.append(Finding("error", str(folder), 1, "no_strategy", "no strategy here: nobody would be contacted",
                                "add a YAML file that begins with `strategies:`"))  # fmt: skip
    for path in files:
        try:
            found += [(path, strategy) for strategy in load_strategies(path)]
        except StrategyError as error:
            findings.append(_located(error, path, "strategy"))
        except SettingsError as error:
            findings.append(_broken(error))
    return found


def _said_by_actions(script: Script, actions: Iterable[Action], domain: Path) -> Iterator[Finding]:
    """Responses that code says and that no file words."""
    seen = set()
    for action in actions:
        module = sys.modules[type(action).__module__]
        for name in _RESPONSE.findall(inspect.getsource(module)):
            if name not in script.responses and name not in script.actions and name not in seen:
                seen.add(name)
                yield Finding("error", str(domain), 1, "response", f"{action.name()} says {name}, which nobody wrote",
                              "write it under responses/")  # fmt: skip


def _planned(script: Script, strategies: list[tuple[Path, Strategy]], dialogues: Path) -> Iterator[Finding]:
    """Contacts that no rule answers: they would open a conversation with the fallback's words."""
    answered = {step.name for rule in script.rules for step in rule.steps if step.kind == "intent"}
    asked = {stage.intent: path for path, strategy in strategies for stage in strategy.stages if stage.intent}
    wanted = dict.fromkeys(_OPENED_BY_THE_CADENCE, dialogues / "rules.yml") | asked
    for intent, path in wanted.items():
        if intent in answered:
            continue
        line = next((n for n, text in enumerate(_lines(path), 1) if intent in text), 1)
        yield Finding("error", str(path), line, "contact", f"no rule speaks when the contact {intent} is due",
                      f"write a rule that begins with `intent: {intent}`, or name another")  # fmt: skip


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines() if path.is_file() else []


def _policy(path: Path) -> Iterator[Finding]:
    try:
        document = read_yaml(path)
        if not isinstance(document, Mapping):
            raise SettingsError(f"{path}: a negotiation policy is a mapping of limits; write `max_count: 6` and so on")
        Policy.read(document)
    except PolicyError as error:
        yield _located(error, path, "policy")
    except SettingsError as error:
        yield _broken(error)


def _support(dialogues: Path) -> Iterator[Finding]:
    try:
        load_support(dialogues)
    except (SupportError, SettingsError) as error:
        yield _broken(error)


def _law(packs: Path) -> Iterator[Finding]:
    try:
        load_wording(load_packs(packs), packs)
    except PackError as error:
        yield _broken(error)


def _examples(folder: Path, script: Script | None) -> Iterator[Finding]:
    files = sorted(folder.glob("*.yml"))
    known: dict[tuple[str, str], Example] = {}
    languages = set()
    for path in files:
        try:
            examples = read_examples([path])
        except ExamplesError as error:
            yield _broken(error)
            languages.add(path.stem[:2])
            continue
        if examples:
            languages.add(path.stem[:2])
        for example in examples:
            first = known.setdefault((example.language, example.text.casefold()), example)
            if first.intent != example.intent:
                line = next((n for n, text in enumerate(_lines(path), 1) if example.text in text), 1)
                yield Finding("warning", str(path), line, "ambiguous_example",
                              f"{example.text!r} is an example of {first.intent} and of {example.intent}",
                              "keep it under one of them")  # fmt: skip
        for intent in sorted({example.intent for example in examples} - set(script.intents if script else ())):
            if script is not None:
                line = next((n for n, text in enumerate(_lines(path), 1) if f"intent: {intent}" in text), 1)
                yield Finding("error", str(path), line, "intent", f"examples for {intent!r}, which the domain lacks",
                              "add it under intents in domain.yml, or correct its name")  # fmt: skip
    for language in LANGUAGES:
        if language not in languages:
            yield Finding("error", str(folder / f"{language}.yml"), 1, "no_examples", f"no examples in {language}",
                          "write some: without them no message in this language is understood")  # fmt: skip


def _adapters(settings: Settings, strategies: list[tuple[Path, Strategy]]) -> Iterator[Finding]:
    chosen = settings.raw.get("channels") or {"webchat": "webchat"}
    source = settings.file.read_text("utf-8")
    for name, given in chosen.items():
        adapter = given.get("adapter") if isinstance(given, Mapping) else given
        if adapter not in CHANNELS:
            yield Finding("error", str(settings.file), line_of(source, ("channels", str(name))), "adapter",
                          f"channels.{name}: no adapter {adapter!r}",
                          f"use one of {', '.join(sorted(CHANNELS))}")  # fmt: skip
    used = {
        (channel, path) for path, s in strategies for stage in s.stages if stage.at_most for channel in stage.channels
    }
    for channel, path in sorted(used):
        if channel not in chosen:
            line = next((n for n, text in enumerate(_lines(path), 1) if re.search(rf"\b{channel}\b", text)), 1)
            yield Finding("warning", str(path), line, "channel", f"no adapter is chosen for the channel {channel}",
                          f"name one under channels in {settings.file.name}, or leave the channel out")  # fmt: skip


def _catalogues(script: Script, folder: Path, packs: Path, tone: Tone, contacts: frozenset[str]) -> Iterator[Finding]:
    """Whether every catalogue can be read and holds every text with the same placeholders."""
    whole = True
    for language in LANGUAGES:
        path = folder / language / "LC_MESSAGES" / "messages.po"
        problem = _unreadable(path, language)
        if problem is not None:
            whole = False
            yield problem
    if whole:
        yield from _translations(script, Catalogues(folder), folder)
        with suppress(PackError):
            yield from _wording(script, Catalogues(folder), folder, packs)
            yield from TextLint(script, Catalogues(folder), load_evidence(packs), tone, contacts).findings()


def _unreadable(path: Path, language: str) -> Finding | None:
    """The first thing that is wrong with a catalogue: babel itself guesses at broken lines in silence."""
    if not path.is_file():
        return Finding("error", str(path), 1, "no_catalogue", f"there is no catalogue for {language}",
                       "run `make texts` and translate it")  # fmt: skip
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            text = line.decode("utf-8").strip()
        except UnicodeDecodeError:
            return Finding("error", str(path), number, "catalogue", "this line is not UTF-8", "save the file as UTF-8")
        if text and not text.startswith("#") and not _PO_LINE.fullmatch(text):
            return Finding("error", str(path), number, "catalogue", f"the catalogue is broken here: {text[:60]}",
                           "restore the keyword (msgid, msgstr) and the quotes of this line")  # fmt: skip
    return None


def _translations(script: Script, catalogues: Catalogues, folder: Path) -> Iterator[Finding]:
    places = {language: _entry_lines(folder / language / "LC_MESSAGES" / "messages.po") for language in LANGUAGES}
    for name, variations in script.responses.items():
        for variation in variations:
            texts = [text for text in (variation.text, variation.subject) if text]
            texts += [str(button["title"]) for button in variation.buttons if button.get("title")]
            for text in texts:
                for language in LANGUAGES:
                    yield from _translation(name, text, language, catalogues, folder, places[language])


def _translation(
    name: str, text: str, language: str, catalogues: Catalogues, folder: Path, line: Callable[[str], int]
) -> Iterator[Finding]:
    file = f"{folder}/{language}/LC_MESSAGES/messages.po"
    if catalogues.missing([text], language):
        yield Finding("error", file, line(text), "untranslated", f"{name}: no {language} text for {text[:60]!r}",
                      "run `make texts` and translate it")  # fmt: skip
        return
    shown = catalogues.translate(text, language)
    if set(_PLACEHOLDER.findall(shown)) != set(_PLACEHOLDER.findall(text)):
        yield Finding("error", file, line(text), "placeholders",
                      f"{name}: the {language} text has other placeholders than {text[:60]!r}",
                      "use exactly the same {placeholders}")  # fmt: skip


def _entry_lines(path: Path) -> Callable[[str], int]:
    with path.open("rb") as file:
        lines = {m.id: int(m.lineno or 1) for m in read_po(file) if isinstance(m.id, str)}
    return lambda text: lines.get(text, 1)
