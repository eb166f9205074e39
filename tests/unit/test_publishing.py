"""A script with a mistake is refused where it would go into use, and what was in use stays."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bot.checking import check_all
from bot.conversation.script import ScriptErrors
from bot.publishing import published
from bot.settings import Settings, data_folder, load

CONTACTS = "dialogues/responses/contacts.yml"


@pytest.fixture
def edited(tmp_path: Path) -> Settings:
    for name in ("dialogues", "locales"):
        shutil.copytree(data_folder() / name, tmp_path / "bot" / name)
    environ = {"RELANCE_DATABASE": f"sqlite:///{tmp_path}/book/b.sqlite3", "RELANCE_SECRET": "s"}
    return replace(load(environ=environ), data=tmp_path / "bot")


def edit(settings: Settings, old: str, new: str) -> None:
    path = settings.data / CONTACTS
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_what_is_right_goes_into_use_and_a_later_mistake_leaves_it_there(edited: Settings) -> None:
    said: list[str] = []
    assert published(edited, said.append) == edited and not said
    before = (edited.data / CONTACTS).read_text("utf-8")
    edit(edited, "{creditor_name}", "somebody")
    used = published(edited, said.append)
    assert used.data != edited.data and (used.data / CONTACTS).read_text("utf-8") == before
    assert any(CONTACTS in line for line in said) and "not published" in said[-1]
    edit(edited, "somebody", "{creditor_name}")
    assert published(edited, said.append) == edited


def test_a_first_script_with_a_mistake_is_refused_with_its_place(edited: Settings) -> None:
    edit(edited, "{creditor_name}", "somebody")
    with pytest.raises(ScriptErrors) as refused:
        published(edited, print)
    assert all(CONTACTS in one.file or "/locales/" in one.file for one in refused.value.findings)


def test_the_wording_for_who_is_charged_by_itself_is_held_to_the_same(edited: Settings) -> None:
    path = edited.data / CONTACTS
    before, charged = path.read_text("utf-8").split("  utter_promise_due_charge:", 1)
    path.write_text(f"{before}  utter_promise_due_charge:{charged.replace('{creditor_name}', 'somebody', 1)}", "utf-8")
    found = [one for one in check_all(edited, None) if one.rule == "sender"]
    assert ["utter_promise_due_charge" in one.message for one in found] == [True]
