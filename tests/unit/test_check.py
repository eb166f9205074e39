"""`relance check`: each mistake of an author is named with file, line, rule and remedy, and none ends in a traceback."""

import re
import shutil
from pathlib import Path

import pytest

from bot.checking import check_all
from bot.conversation.script import Finding
from bot.settings import data_folder, load

RULE = "- rule: hello\n  steps:\n  - intent: greet\n  - action: action_answer_greeting\n"


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bot")
    for name in ("dialogues", "locales"):
        shutil.copytree(data_folder() / name, folder / name)
    shutil.copy(data_folder() / "config.yml", folder)
    return folder


class Author:
    """Edits one file of a bot, and takes the edit back."""

    def __init__(self, bot: Path) -> None:
        self.bot = bot
        self.kept: dict[Path, bytes] = {}

    def path(self, name: str) -> Path:
        path = self.bot / name
        self.kept.setdefault(path, path.read_bytes())
        return path

    def write(self, name: str, text: str) -> list[Finding]:
        self.path(name).write_text(text, "utf-8")
        return check_all(load(), self.bot)

    def replace(self, name: str, old: str, new: str) -> list[Finding]:
        text = self.path(name).read_text("utf-8")
        assert old in text
        return self.write(name, text.replace(old, new, 1))


@pytest.fixture
def author(bot: Path):  # type: ignore[no-untyped-def]
    one = Author(bot)
    yield one
    for path, content in one.kept.items():
        path.write_bytes(content)


def only(findings: list[Finding], rule: str, file: str) -> Finding:
    fitting = [finding for finding in findings if finding.rule == rule and finding.file.endswith(file)]
    assert fitting, [(f.rule, f.file, f.message) for f in findings]
    assert fitting[0].message and fitting[0].remedy and fitting[0].line >= 1
    return fitting[0]


def line(bot: Path, name: str, text: str) -> int:
    return next(n for n, row in enumerate((bot / name).read_text("utf-8").splitlines(), 1) if text in row)


def test_a_whole_bot_has_no_findings(bot: Path) -> None:
    assert check_all(load(), bot) == []


@pytest.mark.parametrize("name", ["rules.yml", "stories.yml", "domain.yml", "responses/contacts.yml"])
def test_an_empty_file_is_found(author: Author, name: str) -> None:
    assert only(author.write(f"dialogues/{name}", ""), "empty", name).line == 1


@pytest.mark.parametrize("name", ["rules.yml", "stories.yml", "domain.yml", "responses/contacts.yml"])
def test_a_file_that_is_a_list_is_found(author: Author, name: str) -> None:
    only(author.write(f"dialogues/{name}", "- one\n- two\n"), "shape", name)


@pytest.mark.parametrize(
    ("section", "rule", "at"),
    [("rules:\n", "empty", 2), ("rules: {a: b}\n", "shape", 2), ("rules:\n- hello\n", "shape", 3),
     ("rules:\n- rule: x\n  steps: one\n", "shape", 3), ("rules:\n- rule: x\n", "empty", 3),
     ("rules:\n- rule: x\n  steps:\n  - intent: greet\n  - say: hello\n", "unknown_step", 6),
     ("rules:\n- rule: x\n  steps:\n  - intent: greet\n  - user: hello\n", "end_to_end", 6),
     ("stories:\n- steps: [{intent: greet}]\n", "story_key", 3)],
)  # fmt: skip
def test_what_is_not_well_formed_is_found_where_it_stands(author: Author, section: str, rule: str, at: int) -> None:
    found = only(author.write("dialogues/stories.yml", f'version: "3.1"\n{section}'), rule, "stories.yml")
    assert found.line == at


@pytest.mark.parametrize("name", ["rules.yml", "responses/contacts.yml"])
def test_a_missing_file_leaves_names_undefined_or_contacts_mute(author: Author, name: str) -> None:
    path = author.path(f"dialogues/{name}")
    path.unlink()
    found = check_all(load(), author.bot)
    assert any(finding.severity == "error" for finding in found)
    assert all(finding.file and finding.remedy for finding in found)


def test_missing_rules_are_named(author: Author) -> None:
    author.path("dialogues/rules.yml").unlink()
    assert "rules.yml" in only(check_all(load(), author.bot), "no_rules", "rules.yml").remedy


def test_a_wrong_limit_of_the_policy_is_found_on_its_line(author: Author) -> None:
    name = "dialogues/policies/default.yml"
    found = only(author.replace(name, "max_months: 6", "max_months: many"), "policy", "default.yml")
    assert found.line == line(author.bot, name, "max_months")


def test_examples_of_an_intent_that_nobody_knows_are_found_on_their_line(author: Author) -> None:
    text = author.path("dialogues/nlu/en.yml").read_text("utf-8") + "\n- intent: fly\n  examples: |\n    - fly away\n"
    found = only(author.write("dialogues/nlu/en.yml", text), "intent", "en.yml")
    assert "fly" in found.message and found.line == line(author.bot, "dialogues/nlu/en.yml", "intent: fly")


@pytest.mark.parametrize(
    "name", ["policies/default.yml", "strategies/default.yml", "helplines.yml", "tone.yml", "domain.yml", "rules.yml"]
)
def test_a_day_that_no_calendar_has_is_found_on_its_line(author: Author, name: str) -> None:
    text = author.path(f"dialogues/{name}").read_text("utf-8").rstrip() + "\nsince: 2026-13-01\n"
    found = [f for f in author.write(f"dialogues/{name}", text) if "2026-13-01 is no date" in f.message]
    assert found and found[0].line == text.count("\n") and found[0].file.endswith(name)
    assert "write a day" in found[0].remedy


def test_missing_examples_and_strategies_are_found(author: Author) -> None:
    author.path("dialogues/nlu/es.yml").unlink()
    author.path("dialogues/strategies/default.yml").unlink()
    found = check_all(load(), author.bot)
    only(found, "no_examples", "es.yml")
    only(found, "no_strategy", "strategies")


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [("channels: [email, letter, sms]", "channels: [email, pigeon]", "strategy"),
     ("at_most: 0}", "at_most: many}", "strategy"),
     ("tone: final", "tone: rude", "strategy"),
     ("intent: contact_final_notice", "intent: contact_thunder", "contact")],
)  # fmt: skip
def test_a_strategy_that_cannot_be_followed_is_found_on_its_line(author: Author, old: str, new: str, rule: str) -> None:
    found = only(author.replace("dialogues/strategies/default.yml", old, new), rule, "default.yml")
    assert found.line in range(line(author.bot, "dialogues/strategies/default.yml", new.split(": ", 1)[1]) - 1,
                               line(author.bot, "dialogues/strategies/default.yml", new.split(": ", 1)[1]) + 1)  # fmt: skip


def test_the_checked_folders_own_policy_and_configuration_count(author: Author) -> None:
    found = author.replace("dialogues/policies/default.yml", "max_count: 6", "max_count: -6")
    assert only(found, "policy", "policies/default.yml").line == line(
        author.bot, "dialogues/policies/default.yml", "-6"
    )
    found = author.replace("config.yml", "sms: demo_phone", "sms: semaphore")
    assert only(found, "adapter", "config.yml").line == line(author.bot, "config.yml", "semaphore")


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [('msgstr "Un', "msgstr Un", "catalogue"), ('msgstr "Payer {amount}', 'msgstr "Payer {sum}', "placeholders")],
)  # fmt: skip
def test_a_broken_catalogue_is_found(author: Author, old: str, new: str, rule: str) -> None:
    path = author.path("locales/fr/LC_MESSAGES/messages.po")
    text = path.read_text("utf-8")
    place = text.index(old)
    path.write_text(text[:place] + new + text[place + len(old) :], "utf-8")
    assert only(check_all(load(), author.bot), rule, "fr/LC_MESSAGES/messages.po").line > 1


def test_a_catalogue_that_is_not_utf8_is_found(author: Author) -> None:
    path = author.path("locales/de/LC_MESSAGES/messages.po")
    path.write_bytes(path.read_bytes().replace("ä".encode(), b"\xe4"))
    assert only(check_all(load(), author.bot), "catalogue", "de/LC_MESSAGES/messages.po").line > 1


@pytest.mark.parametrize("broken", ["- I pay [50](amount\n", '- [50]{"entity" \n', "no hyphen\n", "-\n"])
def test_broken_marks_in_examples_are_found_on_their_line(author: Author, broken: str) -> None:
    text = 'version: "3.1"\n\nnlu:\n- intent: greet\n  examples: |\n    - hello\n    ' + broken
    assert only(author.write("dialogues/nlu/en.yml", text), "broken", "en.yml").line == 7


def test_an_unknown_key_among_examples_is_found(author: Author) -> None:
    text = 'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - hello\n- synonym:: sms\n  examples: |\n    - text\n'
    assert only(author.write("dialogues/nlu/en.yml", text), "broken", "en.yml").line == 6


def test_contradicting_rules_are_named_with_both_places(author: Author) -> None:
    other = RULE.replace("hello", "salute").replace("action_answer_greeting", "utter_thank")
    text = author.path("dialogues/rules.yml").read_text("utf-8")
    found = only(author.write("dialogues/rules.yml", text + "\n" + other), "contradiction", "rules.yml")
    assert "hello" in found.message and "salute" in found.message
    assert re.search(r"rules\.yml:\d+", found.message)


FOREIGN = """recipe: default.v1
language: en
pipeline:
- name: WhitespaceTokenizer
- name: DIETClassifier
  epochs: 100
- name: my.own.Component
policies:
- name: RulePolicy
- name: TEDPolicy
  epochs: 100
- name: my.own.Policy
"""


def test_a_foreign_bot_is_told_what_is_not_run_and_what_stands_in_for_it(tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_text(FOREIGN, "utf-8")
    (tmp_path / "domain.yml").write_text("intents: [greet]\nresponses: {utter_hi: [{text: hi}]}\n", "utf-8")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "all.yml").write_text(
        "nlu:\n- intent: greet\n  examples: |\n    - hi\n- synonym: credit\n  examples: |\n    - loan\n"
        "rules:\n- rule: hi\n  steps: [{intent: greet}, {action: utter_hi}]\n", "utf-8",
    )  # fmt: skip
    found = check_all(load(), tmp_path)
    assert {finding.severity for finding in found} == {"warning"}
    assert [(finding.line, finding.message.split()[0]) for finding in found if finding.file.endswith("config.yml")] == [
        (10, "TEDPolicy"), (12, "my.own.Policy"), (5, "DIETClassifier"), (7, "my.own.Component"),
    ]  # fmt: skip
    assert [finding.line for finding in found if finding.file.endswith("all.yml")] == [5]
    assert all(finding.remedy for finding in found)


def test_a_folder_without_a_bot_is_told(tmp_path: Path) -> None:
    assert [finding.rule for finding in check_all(load(), tmp_path)] == ["no_dialogues"]
