"""Rasa 3.x YAML becomes a script; every fault is collected with file, line and remedy."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from bot.conversation.lined_yaml import LINES, loads, pairs
from bot.conversation.parts import entity, mapping, variation
from bot.conversation.script import (
    ANY_VALUE,
    DEFAULT_INTENTS,
    KEYS,
    MAPPING_TYPES,
    SLOT_TYPES,
    Finding,
    Form,
    Path_,
    Place,
    Script,
    ScriptErrors,
    Slot,
    Step,
    Variation,
)  # fmt: skip
from bot.places import fault_of

# Written alone in a file, examples teach understanding and leave the dialogue alone.
_DIALOGUE = re.compile(
    rb"^(?:%b):" % b"|".join(key.encode() for key in sorted(KEYS - {"version", "nlu"})), re.MULTILINE
)
_EXAMPLES = re.compile(rb"^nlu:", re.MULTILINE)
_VARIATION_KEYS = frozenset({"text", "buttons", "channel", "condition", "metadata", "custom", "image", "id",
                             "attachment", "elements", "quick_replies", "template"})  # fmt: skip
_RULE_KEYS = frozenset({"rule", "steps", "condition", "conversation_start", "wait_for_user_input", "metadata"})
_FORMAT = "compare with the format in dialogues/README.md"


def load_script(folders: Sequence[Path], config: Mapping[str, Any]) -> Script:
    """Read all scripts below the folders (or single files); raises ScriptErrors with every fault found."""
    return _Loader(config).load(folders)


def _files(folders: Sequence[Path]) -> list[Path]:
    found = {path for folder in folders if folder.is_file() for path in [folder]}
    return sorted(found | {path for folder in folders for kind in ("*.yml", "*.yaml") for path in folder.rglob(kind)})


class _Loader:
    """Collects the parts of a script from several files."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        self.config = config
        self.errors: list[Finding] = []
        self.uses: dict[str, Mapping[str, Any]] = {}
        self.entities: dict[str, Mapping[str, Any]] = {}
        self.slots: dict[str, Slot] = {}
        self.responses: dict[str, tuple[Variation, ...]] = {}
        self.forms: dict[str, Form] = {}
        self.actions: list[str] = []
        self.rules: list[Path_] = []
        self.stories: list[Path_] = []
        self.session: dict[str, Any] = {}
        self.places: dict[str, Place] = {}

    def load(self, folders: Sequence[Path]) -> Script:
        digest = hashlib.sha256()
        for path in _files(folders):
            source = path.read_bytes()
            # Examples do not change what the bot says, so that an example added leaves the script's version alone.
            if _EXAMPLES.search(source) and not _DIALOGUE.search(source):
                continue
            self._file(path, source, digest)
        minutes = self.session.get("session_expiration_time", 60)
        if isinstance(minutes, bool) or not isinstance(minutes, int | float) or minutes < 0:
            self._wrong(self.places.get("session_config", Place("domain.yml", 1)), "session",
                        f"session_expiration_time {minutes!r} is no number of minutes",
                        "write 60, or 0 for never")  # fmt: skip
        if self.errors:
            raise ScriptErrors(self.errors)
        return Script(
            intents=self._used_entities(), entities=frozenset(self.entities), slots=self.slots,
            responses=self.responses, forms=self.forms, actions=tuple(self.actions),
            rules=tuple(self.rules), stories=tuple(self.stories),
            session_minutes=float(minutes), carry_over_slots=self.session.get("carry_over_slots_to_new_session", True),
            policies=tuple(self.config.get("policies") or ()), version=digest.hexdigest()[:12], places=self.places,
        )  # fmt: skip

    def _file(self, path: Path, source: bytes, digest: Any) -> None:
        name = str(path)
        try:
            document = loads(source.decode("utf-8"))
        except UnicodeDecodeError as error:
            line = source[: error.start].count(b"\n") + 1
            self._wrong(Place(name, line), "encoding", "the file is not UTF-8", "save it as UTF-8")
            return
        except yaml.YAMLError as error:
            fault = fault_of(error)
            self._wrong(Place(name, fault.line), "yaml", fault.problem, fault.remedy)
            return
        if document is None:
            self._wrong(Place(name, 1), "empty", "the file is empty", "write its contents, or remove the file")
            return
        if not isinstance(document, dict):
            self._wrong(Place(name, 1), "shape", "the file is no mapping of sections",
                        f"begin with one of {', '.join(sorted(KEYS - {'version'}))}, and a colon")  # fmt: skip
            return
        if not KEYS & {key for key in document if isinstance(key, str)}:
            return
        digest.update(source)
        self._sections(document, name)

    def _sections(self, document: dict[Any, Any], name: str) -> None:
        lines = document.get(LINES, {})
        readers: Mapping[str, Callable[[Any, Place], None]] = {
            "intents": self._intents, "entities": self._entities, "slots": self._slots, "responses": self._responses,
            "forms": self._forms, "actions": self._actions, "rules": self._rules, "stories": self._stories,
            "session_config": self._session,
        }  # fmt: skip
        for key, read in readers.items():
            if key not in document:
                continue
            here = Place(name, lines.get(key, 1))
            if document[key] is None:
                self._wrong(here, "empty", f"nothing stands under `{key}:`", "write its items, or remove the line")
                continue
            try:
                read(document[key], here)
            except (TypeError, AttributeError, KeyError, ValueError, StopIteration) as error:
                self._wrong(here, "shape", f"`{key}` has an unexpected shape ({error})", _FORMAT)

    def _wrong(self, place: Place, rule: str, message: str, remedy: str) -> None:
        self.errors.append(Finding("error", place.file, place.line, rule, message, remedy))

    def _items(self, items: Any, what: str, place: Place) -> Iterator[tuple[Any, Place]]:
        """The items of a section that has to be a list, with their places."""
        if not isinstance(items, list):
            self._wrong(place, "shape", f"`{what}` is no list", "begin each item with a hyphen")
            return
        lines = getattr(items, "lines", None) or [place.line] * len(items)
        for item, line in zip(items, lines, strict=True):
            yield item, Place(place.file, line)

    def _mappings(self, items: Any, what: str, place: Place) -> Iterator[tuple[dict[Any, Any], Place]]:
        """The items of a list of mappings; what is none is a fault."""
        for item, here in self._items(items, what, place):
            if isinstance(item, dict):
                yield item, here
            else:
                self._wrong(here, "shape", f"`{what}` holds {str(item)[:40]!r}, which is no mapping", _FORMAT)

    def _named(self, items: Any, what: str, place: Place) -> Iterator[tuple[str, Any, Place]]:
        """The entries of a section that has to be a mapping of names, with their places."""
        if not isinstance(items, dict):
            self._wrong(place, "shape", f"`{what}` is no mapping of names",
                        "write `name:` and its details below, without hyphens")  # fmt: skip
            return
        for name, spec in pairs(items):
            yield str(name), spec, Place(place.file, items[LINES].get(name, place.line))

    def _single(self, items: Any, what: str, place: Place) -> Iterator[tuple[str, Any, Place]]:
        """The entries of a list of names, each with options or without."""
        for item, here in self._items(items, what, place):
            if isinstance(item, dict) and len(list(pairs(item))) == 1:
                (name, options), *_ = pairs(item)
                yield str(name), options, here
            elif isinstance(item, bool):
                self._wrong(here, "shape", f"`{what}` holds a word that YAML reads as {str(item).lower()}",
                            "put it in quotes, or choose another name than yes, no, on, off")  # fmt: skip
            elif isinstance(item, str | int | float):
                yield str(item), None, here
            else:
                self._wrong(here, "shape", f"`{what}` holds {str(item)[:40]!r}, which is no name", _FORMAT)

    def _session(self, items: Any, place: Place) -> None:
        self.places["session_config"] = place
        for name, value, _ in self._named(items, "session_config", place):
            self.session[name] = value

    def _intents(self, items: Any, place: Place) -> None:
        for name, options, here in self._single(items, "intents", place):
            self.places[f"intent {name}"] = here
            self.uses[name] = options or {}

    def _entities(self, items: Any, place: Place) -> None:
        for name, options, _ in self._single(items, "entities", place):
            self.entities[name] = options or {}

    def _used_entities(self) -> dict[str, frozenset[str] | None]:
        """What of each intent's entities the dialogue sees: names, and names with role or group."""
        seen = {name for name, options in self.entities.items() if options.get("influence_conversation", True)}
        found: dict[str, frozenset[str] | None] = dict.fromkeys(sorted(DEFAULT_INTENTS))
        for intent, options in self.uses.items():
            used = options.get("use_entities", True)
            names = seen if used is True else set(used or ())
            names = names - set(options.get("ignore_entities") or ())
            labels = {
                f"{name}#{part}"
                for name in names & set(self.entities)
                for key in ("roles", "groups")
                for part in self.entities[name].get(key) or ()
            }
            found[intent] = frozenset(names | labels)
        return found

    def _actions(self, items: Any, place: Place) -> None:
        for name, _, here in self._single(items, "actions", place):
            self.actions.append(name)
            self.places[f"action {name}"] = here

    def _slots(self, items: Any, place: Place) -> None:
        for name, spec, here in self._named(items, "slots", place):
            if not isinstance(spec, dict) or spec.get("type") not in SLOT_TYPES:
                kind = spec.get("type") if isinstance(spec, dict) else spec
                self._wrong(here, "slot_type", f"slot {name}: type {kind!r} is unknown",
                            f"use one of {', '.join(sorted(SLOT_TYPES))}")  # fmt: skip
                continue
            if "mappings" not in spec:
                self._wrong(here, "slot_mappings", f"slot {name} has no mappings", "add `mappings:` ([] for none)")
                continue
            if spec["type"] == "categorical" and not isinstance(spec.get("values"), list):
                self._wrong(here, "slot_values", f"slot {name}: a categorical slot lists its values",
                            "add `values: [one, another]`")  # fmt: skip
                continue
            if name in self.slots and self.slots[name].place != here:
                first = self.slots[name].place
                self._wrong(here, "duplicate", f"slot {name} also stands at {first.file}:{first.line}",
                            "keep one of them")  # fmt: skip
            self.slots[name] = self._slot(name, spec, here)

    def _slot(self, name: str, spec: Mapping[str, Any], here: Place) -> Slot:
        mappings = []
        for raw, there in self._mappings(spec["mappings"] or [], f"mappings of slot {name}", here):
            if raw.get("type") not in MAPPING_TYPES:
                self._wrong(there, "slot_mapping", f"slot {name}: mapping type {raw.get('type')!r} is unknown",
                            f"use one of {', '.join(sorted(MAPPING_TYPES))}")  # fmt: skip
                continue
            if raw["type"] == "from_entity" and not raw.get("entity"):
                self._wrong(there, "slot_mapping", f"slot {name}: a from_entity mapping names its entity",
                            "add `entity: name`")  # fmt: skip
                continue
            mappings.append(mapping(raw))
        bounds = []
        for key, usual in (("min_value", 0.0), ("max_value", 1.0)):
            value = spec.get(key, usual)
            if isinstance(value, bool) or not isinstance(value, int | float):
                self._wrong(here, "slot_bounds", f"slot {name}: {key} {value!r} is no number", "write a number")
                value = usual
            bounds.append(float(value))
        return Slot(
            name, spec["type"], tuple(mappings), bool(spec.get("influence_conversation", spec["type"] != "any")),
            tuple(str(value) for value in spec.get("values") or ()), spec.get("initial_value"),
            bounds[0], bounds[1], here,
        )  # fmt: skip

    def _responses(self, items: Any, place: Place) -> None:
        for name, variations, here in self._named(items, "responses", place):
            if not name.startswith("utter_"):
                self._wrong(
                    here, "response_name", f"response {name} does not begin with utter_", f"call it utter_{name}"
                )
            if self.responses.get(name):
                first = self.responses[name][0].place
                self._wrong(here, "duplicate", f"response {name} also stands at {first.file}:{first.line}",
                            "keep one of them")  # fmt: skip
            if not variations:
                self._wrong(here, "empty", f"response {name} has no wording", "add `- text: ...` below it")
                continue
            made = []
            for raw, there in self._mappings(variations, f"response {name}", here):
                extra = {str(key) for key, _ in pairs(raw)} - _VARIATION_KEYS
                if extra:
                    self._wrong(there, "response_key", f"response {name}: unknown key {sorted(extra)[0]!r}",
                                "put extras under `metadata:`")  # fmt: skip
                try:
                    made.append(variation(raw, there))
                except (TypeError, AttributeError, KeyError, ValueError) as error:
                    self._wrong(there, "shape", f"response {name}: buttons or conditions are not well formed ({error})",
                                "a button has title and payload, a condition type, name and value")  # fmt: skip
            self.responses[name] = tuple(made)
            self.places[name] = here

    def _forms(self, items: Any, place: Place) -> None:
        for name, spec, here in self._named(items, "forms", place):
            spec = spec or {}
            if not isinstance(spec, dict):
                self._wrong(here, "shape", f"form {name} is no mapping", "write `required_slots: [one, another]`")
                continue
            extra = {str(key) for key, _ in pairs(spec)} - {"required_slots", "ignored_intents"}
            if extra:
                self._wrong(here, "form_key", f"form {name}: unknown key {sorted(extra)[0]!r}",
                            "a form has required_slots and ignored_intents")  # fmt: skip
            ignored = spec.get("ignored_intents") or ()
            ignored = [ignored] if isinstance(ignored, str) else ignored
            required = spec.get("required_slots") or []
            if not isinstance(required, list):
                self._wrong(here, "shape", f"form {name}: required_slots is no list", "write `[one, another]`")
                continue
            self.forms[name] = Form(name, tuple(map(str, required)), frozenset(ignored), here)

    def _rules(self, items: Any, place: Place) -> None:
        for item, where in self._mappings(items, "rules", place):
            here = Place(place.file, item.get(LINES, {}).get("rule", where.line))
            extra = {str(key) for key, _ in pairs(item)} - _RULE_KEYS
            if extra or "rule" not in item:
                key = sorted(extra)[0] if extra else "rule"
                self._wrong(here, "rule_key", f"rule {item.get('rule')!r}: unknown or missing key {key!r}",
                            "a rule has rule, condition, steps, conversation_start, wait_for_user_input")  # fmt: skip
                continue
            name = str(item["rule"])
            steps = self._steps(item.get("steps"), f"steps of rule {name!r}", here)
            conditions = (
                self._steps(item["condition"], f"condition of rule {name!r}", here) if item.get("condition") else ()
            )
            self.rules.append(Path_(
                name, steps, conditions, bool(item.get("conversation_start", False)),
                bool(item.get("wait_for_user_input", True)), here,
            ))  # fmt: skip

    def _stories(self, items: Any, place: Place) -> None:
        for item, where in self._mappings(items, "stories", place):
            here = Place(place.file, item.get(LINES, {}).get("story", where.line))
            if "story" not in item:
                self._wrong(here, "story_key", "a story without a name", "begin it with `- story: name`")
                continue
            name = str(item["story"])
            self.stories.append(
                Path_(name, self._steps(item.get("steps"), f"steps of story {name!r}", here), place=here)
            )

    def _steps(self, items: Any, what: str, place: Place) -> tuple[Step, ...]:
        steps: list[Step] = []
        if not items:
            self._wrong(place, "empty", f"there are no {what}", "add `steps:` and a list below it")
            return ()
        for item, here in self._items(items, what, place):
            steps += self._step(item, here)
        return tuple(steps)

    def _step(self, item: Any, place: Place) -> list[Step]:
        if isinstance(item, dict):
            if item.get("intent"):
                entities = tuple(entity(raw) for raw in item.get("entities") or ())
                return [Step("intent", str(item["intent"]).strip().lstrip("/"), None, entities, (), place)]
            if item.get("action"):
                return [Step("action", str(item["action"]), place=place)]
            if "active_loop" in item:
                return [Step("loop", item["active_loop"], place=place)]
            if item.get("checkpoint"):
                wanted = tuple(pair for slot in item.get("slot_was_set") or () for pair in pairs(slot))
                return [Step("checkpoint", str(item["checkpoint"]), wanted or None, place=place)]
            if "or" in item:
                options = self._mappings(item["or"], "or", place)
                return [Step("or", options=tuple(s for o, there in options for s in self._step(o, there)), place=place)]
            if "slot_was_set" in item:
                made = []
                slots = item["slot_was_set"] or ()
                for slot in [slots] if isinstance(slots, dict) else slots:
                    named = [(slot, ANY_VALUE)] if isinstance(slot, str) else list(pairs(slot))
                    made += [Step("slot", str(name), value, place=place) for name, value in named]
                return made
            if "user" in item or "bot" in item:
                self._wrong(place, "end_to_end", "steps of texts (`user`, `bot`) are not run by the embedded engine",
                            "write the intent or the response that stands for the text")  # fmt: skip
                return []
        shown = dict(pairs(item)) if isinstance(item, dict) else item
        self._wrong(place, "unknown_step", f"unknown step {str(shown)[:60]}",
                    "a step is intent, action, active_loop, slot_was_set, or, checkpoint")  # fmt: skip
        return []
