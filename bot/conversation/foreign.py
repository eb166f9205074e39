"""What another team's Rasa bot contains that this engine does not run, and what does the work instead."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.conversation.script import Finding
from bot.places import line_of

_POLICIES = {
    "TEDPolicy": "only what rules and stories say is predicted: write the turns that it was to generalise as rules",
    "UnexpecTEDIntentPolicy": "nothing watches for unlikely intents: rules and the fallback decide",
}
_RUN = frozenset({"RulePolicy", "MemoizationPolicy", "AugmentedMemoizationPolicy"})
# Words of the pipeline and what stands in for each; the first part of the name that fits counts.
_PIPELINE = (
    ("Tokenizer", "messages are split by the embedded reader"),
    ("Featurizer", "the embedded sentence encoder and character n-grams feed the classifier"),
    ("DIETClassifier", "the embedded classifier reads intents; amounts, dates and counts come from its grammar"),
    ("ResponseSelector", "write one intent and one response for each answer"),
    ("FallbackClassifier", "understanding.fallback_below sets the threshold"),
    ("Classifier", "the embedded classifier reads intents from the same examples"),
    ("EntityExtractor", "amounts, counts, dates and references are read by the embedded grammar"),
    ("SynonymMapper", "values are read in one form already"),
    ("NLP", "no language model is loaded"),
)


def ignored_lines(file: Path, config: Mapping[str, Any]) -> Iterator[Finding]:
    """The policies of a configuration that the embedded engine leaves out, and a pipeline that it replaces."""
    source = file.read_text("utf-8", errors="replace") if file.is_file() else ""
    for section, known in (("policies", _RUN), ("pipeline", frozenset[str]())):
        items = config.get(section)
        if items is not None and not isinstance(items, list):
            yield Finding("error", str(file), line_of(source, (section,)), "shape", f"`{section}` is no list",
                          "begin each item with `- name:`")  # fmt: skip
            continue
        for index, item in enumerate(items or ()):
            name = str(item.get("name", item) if isinstance(item, Mapping) else item)
            if name in known or (section == "pipeline" and not _foreign(name)):
                continue
            yield Finding("warning", str(file), line_of(source, (section, index)), "ignored",
                          f"{name} is not run by the embedded engine", _instead(section, name))  # fmt: skip


def _foreign(name: str) -> bool:
    """Whether a component does more than the embedded reader does by itself."""
    return name not in _STANDARD


# The light pipeline of our own configuration, whose every step the embedded reader takes in its own way.
_STANDARD = frozenset({
    "WhitespaceTokenizer", "CountVectorsFeaturizer", "LogisticRegressionClassifier", "RegexEntityExtractor",
    "EntitySynonymMapper", "FallbackClassifier", "KeywordIntentClassifier", "RegexFeaturizer",
    "LexicalSyntacticFeaturizer",
})  # fmt: skip


def _instead(section: str, name: str) -> str:
    if section == "policies":
        return _POLICIES.get(name, "rules and stories decide in its place: write what it decided as rules")
    found = next((text for part, text in _PIPELINE if part in name), None)
    return found or "nothing takes its place: do its work in an action, or run the bot with `engine: rasa`"


_ENTRY = re.compile(r"^\s*-\s+(regex|synonym|lookup):\s*(\S.*)$")


def unused_examples(folders: Sequence[Path]) -> list[Finding]:
    """Entries of example files that teach Rasa's pipeline and not the embedded reader."""
    found = []
    files = {path for folder in folders for path in ([folder] if folder.is_file() else folder.rglob("*.yml"))}
    for path in sorted(files):
        text = path.read_text("utf-8", errors="replace")
        if not re.search(r"^nlu:", text, re.MULTILINE):
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if match := _ENTRY.match(line):
                found.append(Finding(
                    "warning", str(path), number, "ignored",
                    f"{match[1]} {match[2]!r} is not read by the embedded engine",
                    "amounts, counts, dates and references come from its grammar, other values from buttons",
                ))  # fmt: skip
    return found
