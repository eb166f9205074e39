"""What an author can get wrong in a script that loads."""

from collections.abc import Iterator

from bot.conversation.forms import question_for
from bot.conversation.responses import placeholders
from bot.conversation.script import DEFAULT_ACTIONS, DEFAULT_INTENTS, Finding, Path_, Place, Script, Step
from bot.conversation.tables import tables


def _mappings(script: Script) -> Iterator[Finding]:
    """Mappings that can never fill their slot, or that Rasa refuses."""
    for slot in script.slots.values():
        for mapping in slot.mappings:
            if mapping.type == "from_entity" and mapping.entity not in script.entities:
                yield _error(slot.place, "entity", f"slot {slot.name} takes the entity {mapping.entity!r}, which the "
                             "domain lacks", "add it under entities, or correct its name")  # fmt: skip
            for intent in sorted((mapping.intents | mapping.not_intents) - set(script.intents)):
                yield _error(slot.place, "intent", f"slot {slot.name} depends on the intent {intent!r}, which the "
                             "domain lacks", "add it under intents, or correct its name")  # fmt: skip
            for loop, _ in mapping.conditions:
                if loop is not None and loop not in script.forms:
                    yield _error(slot.place, "form", f"slot {slot.name} depends on the form {loop!r}, which the domain "
                                 "lacks", "add it under forms, or correct its name")  # fmt: skip
                elif (
                    loop is not None
                    and mapping.type != "from_trigger_intent"
                    and (slot.name not in script.forms[loop].required_slots)
                ):
                    yield _error(slot.place, "form_slot", f"slot {slot.name} is filled within {loop}, which does not "
                                 "ask for it", f"add it to required_slots of {loop}: Rasa asks for that")  # fmt: skip


def _checkpoints(script: Script) -> Iterator[Finding]:
    """Checkpoints at which a story begins or ends and no other goes on."""
    begins: set[str | None] = set()
    ends: set[str | None] = set()
    for story in script.stories:
        begun = False
        for step in story.steps:
            begun = begun or step.kind != "checkpoint"
            if step.kind == "checkpoint":
                (ends if begun else begins).add(step.name)
    for story in script.stories:
        for index, step in enumerate(story.steps):
            if step.kind != "checkpoint":
                continue
            first = all(other.kind == "checkpoint" for other in story.steps[:index])
            if first and step.name not in ends:
                yield _error(step.place, "checkpoint", f"no story leads to the checkpoint {step.name!r}",
                             "end another story with it, or drop it")  # fmt: skip
            elif index == len(story.steps) - 1 and step.name not in begins:
                yield _error(step.place, "checkpoint", f"no story goes on from the checkpoint {step.name!r}",
                             "begin another story with it, or drop it")  # fmt: skip


def lint(script: Script, available_actions: frozenset[str] | None = None) -> list[Finding]:
    """All findings, errors first; `available_actions` are those that code implements, None leaves them unchecked."""
    found = [
        *_paths(script),
        *_forms(script),
        *_mappings(script),
        *_checkpoints(script),
        *_responses(script),
        *tables(script).findings,
    ]
    if available_actions is not None:
        found += _actions(script, available_actions)
    return sorted(found, key=lambda f: (f.severity != "error", f.file, f.line))


def _error(place: Place, rule: str, message: str, remedy: str) -> Finding:
    return Finding("error", place.file, place.line, rule, message, remedy)


def _paths(script: Script) -> Iterator[Finding]:
    for path in (*script.rules, *script.stories):
        yield from _steps(script, path, (*path.conditions, *path.steps))
    for rule in script.rules:
        if sum(step.kind == "intent" or _has_intent(step) for step in rule.steps) > 1:
            yield _error(rule.place, "two_turns", f"rule {rule.name!r} has more than one customer turn",
                         "a rule holds one; write a story or a form")  # fmt: skip
        for step in rule.steps:
            if step.kind == "checkpoint":
                yield _error(step.place, "rule_checkpoint", f"rule {rule.name!r} has a checkpoint",
                             "only stories have them")  # fmt: skip


def _has_intent(step: Step) -> bool:
    return step.kind == "or" and any(option.kind == "intent" for option in step.options)


def _steps(script: Script, path: Path_, steps: tuple[Step, ...]) -> Iterator[Finding]:
    for step in steps:
        if step.kind == "or":
            yield from _steps(script, path, step.options)
        elif step.kind == "intent" and step.name not in script.intents and step.name not in DEFAULT_INTENTS:
            yield _error(step.place, "intent", f"{path.name!r} uses the intent {step.name!r}, which the domain lacks",
                         "add it under intents in domain.yml, or correct its name")  # fmt: skip
        elif step.kind == "action" and not script.knows_action(str(step.name)):
            kind = "response" if str(step.name).startswith("utter_") else "action"
            yield _error(step.place, kind, f"{path.name!r} uses the {kind} {step.name!r}, which the domain lacks",
                         f"add it under {kind}s, or correct its name")  # fmt: skip
        elif step.kind == "loop" and step.name and step.name not in script.forms:
            yield _error(step.place, "form", f"{path.name!r} uses the form {step.name!r}, which the domain lacks",
                         "add it under forms, or correct its name")  # fmt: skip
        elif step.kind == "slot" and step.name not in script.slots and step.name != "requested_slot":
            yield _error(step.place, "slot", f"{path.name!r} uses the slot {step.name!r}, which the domain lacks",
                         "add it under slots, or correct its name")  # fmt: skip


def _forms(script: Script) -> Iterator[Finding]:
    started = {step.name for path in (*script.rules, *script.stories) for step in path.steps if step.kind == "action"}
    for form in script.forms.values():
        for name in form.required_slots:
            if name not in script.slots:
                yield _error(form.place, "form_slot", f"form {form.name} asks for {name}, which is no slot",
                             "add the slot to domain.yml")  # fmt: skip
            elif question_for(script, form.name, name) is None:
                yield _error(form.place, "question", f"form {form.name} has no question for {name}",
                             f"write utter_ask_{form.name}_{name} or utter_ask_{name}")  # fmt: skip
        if form.name not in started:
            yield Finding("warning", form.place.file, form.place.line, "unreachable",
                          f"form {form.name} is started by no rule or story",
                          "start it from a rule (an action may still follow up with it)")  # fmt: skip


def _responses(script: Script) -> Iterator[Finding]:
    for name, variations in script.responses.items():
        for variation in variations:
            for slot in sorted(placeholders(variation)):
                if slot not in script.slots and slot not in variation.values:
                    yield _error(variation.place, "placeholder", f"response {name}: {{{slot}}} is no slot",
                                 "correct it, or list it under metadata: values: when an action passes it")  # fmt: skip
            for slot, _ in variation.condition:
                if slot not in script.slots:
                    yield _error(variation.place, "slot", f"response {name} depends on {slot!r}, which is no slot",
                                 "correct the name")  # fmt: skip


def _actions(script: Script, available: frozenset[str]) -> Iterator[Finding]:
    place = next((rule.place for rule in script.rules), Place("domain.yml", 1))
    for name in script.actions:
        if name not in available and name not in script.responses and name not in DEFAULT_ACTIONS:
            uses = (s.place for p in (*script.rules, *script.stories) for s in p.steps if s.name == name)
            where = next(uses, place)
            yield _error(where, "no_code", f"no code implements {name}",
                         f"add a class with that name in actions/, or remove {name} from the domain")  # fmt: skip
