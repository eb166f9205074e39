"""The relance command with good and bad input, as a subprocess on a scratch book."""

import json
import os
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def relance(tmp_path: Path, model_cache: Path):  # type: ignore[no-untyped-def]
    (tmp_path / "cache").symlink_to(model_cache)
    env = {**os.environ, "RELANCE_DATABASE": f"sqlite:///{tmp_path}/book.sqlite3", "RELANCE_SECRET": "test"}

    def run(*words: str, input: str | None = None, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bot.cli", *words], env={**env, **more}, cwd=ROOT, input=input, text=True,
            capture_output=True, timeout=120,
        )  # fmt: skip

    return run


def line(**invoice: object) -> str:
    return json.dumps({
        "customer": {"ref": "C-1", "name": "Claire", "contacts": [{"channel": "sms", "address": "+33612345678"}]},
        "invoice": {"number": "F-1", "currency": "EUR", "amount_minor": 100, "issued_on": "2026-09-01", "due_on": "2026-10-01", **invoice},
    })  # fmt: skip


def test_rejected_rows_are_named_by_line_and_reason(relance, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    rows = [
        line(), line(number="F-2", amount_minor=None), line(number="F-3", currency="EURO"),
        line(number="F-4", due_on="2026-08-01"), line(), "no json", line(number="F-5", amount_minor="12.5"),
        line(number="F-6").replace("+33612345678", "12"),
    ]  # fmt: skip
    file = tmp_path / "book.jsonl"
    file.write_text("\n".join(rows), "utf-8")
    done = relance("import", str(file))
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert [report[kind] for kind in ("created", "updated", "unchanged", "rejected")] == [1, 0, 0, 7]
    assert [row["line"] for row in report["rejections"]] == [2, 3, 4, 5, 6, 7, 8]
    for number, reason in enumerate(("amount_minor is missing", "currency 'EURO'", "before invoice.issued_on", "duplicate",
                                     "no JSON", "whole number", "phone number"), 2):  # fmt: skip
        assert any(row.startswith(f"line {number}:") and reason in row for row in done.stderr.splitlines()), (
            number,
            done.stderr,
        )
    again = relance("import", str(file))
    assert json.loads(again.stdout)["unchanged"] == 1


def test_a_csv_with_other_headers_is_mapped(relance, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "export.csv"
    file.write_text(
        "Client;customer_name;Facture;invoice_currency;invoice_amount;invoice_issued_on;Echeance;contact_email\n"
        "C-7;Zoé;F-70;EUR;129.90;2026-09-01;2026-10-01;zoe@example.org\n", "utf-8-sig")  # fmt: skip
    missing = relance("import", str(file))
    assert missing.returncode == 2 and "customer_ref" in missing.stderr and "--map" in missing.stderr
    done = relance("import", str(file), "--map", "Client=customer_ref", "--map", "Facture=invoice_number",
                   "--map", "Echeance=invoice_due_on")  # fmt: skip
    assert json.loads(done.stdout)["created"] == 1, done.stderr
    shown = json.loads(relance("show", "C-7", "--json").stdout)
    assert shown["invoices"][0]["open_minor"] == 12990 and shown["contacts"][0]["address"] == "zoe@example.org"


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("creditor: {name: X}\nservr: {port: 1}\n", "unknown key servr; did you mean server?"),
        ("creditor: {name: X}\nserver: {prot: 1}\n", "unknown key server.prot; did you mean server.port?"),
        ("creditor: {name: X}\nserver: {port: high}\n", "server.port is a whole number"),
        ("creditor: {name: X\nserver: 1\n", "broken YAML"),
        ("server: {port: 1}\n", "creditor.name is missing"),
        ("- a\n", "mapping of sections"),
    ],
)
def test_a_wrong_setting_is_one_clear_line(relance, tmp_path: Path, config: str, said: str) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "config.yml"
    file.write_text(config, "utf-8")
    done = relance("tick", "--config", str(file))
    assert done.returncode == 2 and said in done.stderr and "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1 and str(file) in done.stderr


def test_a_script_with_a_missing_action_is_named_with_its_place(relance, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    import shutil

    shutil.copytree(ROOT / "dialogues", tmp_path / "dialogues")
    shutil.copytree(ROOT / "locales", tmp_path / "locales")
    rules = tmp_path / "dialogues" / "rules.yml"
    rules.write_text(rules.read_text("utf-8").replace("action: action_opt_in", "action: action_opt_inn"), "utf-8")
    done = relance("check", str(tmp_path))
    assert done.returncode == 1 and "rules.yml:" in done.stdout and "action_opt_inn" in done.stdout
    assert relance("check").returncode == 0


def test_a_wrong_date_a_missing_customer_and_a_port_in_use_are_told(relance) -> None:  # type: ignore[no-untyped-def]
    assert "is no date" in relance("tick", "--now", "tomorrowish").stderr
    assert "no book yet" in relance("show", "C-404", "--json").stderr
    relance("import", "-", input=line())
    missing = relance("show", "C-404", "--json")
    assert missing.returncode == 2 and "C-404" in missing.stderr
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = relance("serve", "--port", port)
        assert done.returncode == 2 and f"port {port}" in done.stderr and "in use" in done.stderr


def test_bad_lines_are_answered_in_their_place_and_stop_nothing(relance, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "book.jsonl"
    file.write_text(line(), "utf-8")
    relance("import", str(file))
    messages = ["", "   ", "🙂🙂", "مرحبا كيف حالك", "a" * 100_000, "\u0000\u0007", "z̷̧̛͎͝a̴l̵g̶o̷" * 50]
    rows = [json.dumps({"text": text}) for text in messages]
    rows[3:3] = ["not json", '{"txt": 1}', "[1]"]
    done = relance("chat", "--customer", "C-1", "--jsonl", input="\n".join(rows) + "\n")
    answers = [json.loads(row) for row in done.stdout.splitlines()]
    assert len(answers) == len(rows) and done.returncode == 0
    assert [("error" in a) for a in answers] == [False] * 3 + [True] * 3 + [False] * 4
    assert relance("verify-log").returncode == 0


def test_rows_that_no_database_could_hold_are_rejected_and_the_rest_is_kept(relance) -> None:  # type: ignore[no-untyped-def]
    rows = [line(), line(number="F-2", amount_minor=10**23), line(number="F-3", amount_minor=None, amount="NaN"),
            line(number="F-4").replace("true", "true")]  # fmt: skip
    done = relance("import", "-", input="\n".join(rows))
    report = json.loads(done.stdout)
    assert (report["created"], report["rejected"]) == (2, 2)
    assert "at most" in report["rejections"][0]["reason"] and "not an amount" in report["rejections"][1]["reason"]


def test_csv_mistakes_are_told_row_by_row(relance, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "book.csv"
    head = "customer_ref,customer_name,contact_sms,contact_sms_consent,invoice_number,invoice_currency,invoice_amount,invoice_issued_on,invoice_due_on"
    good = "C-{0},Zoé,+33639980001,yes,F-{0},EUR,10.00,2026-09-01,2026-10-01"
    rows = [head, good.format(1), good.format(2) + ",more", good.format(3).replace("yes", "perhaps"), good.format(4)]
    file.write_text("\n".join(rows), "utf-8")
    report = json.loads(relance("import", str(file)).stdout)
    assert report["created"] == 2
    assert [row["line"] for row in report["rejections"]] == [3, 4]
    assert "10 cells for 9 columns" in report["rejections"][0]["reason"]
    assert "yes or no" in report["rejections"][1]["reason"]
    assert "Nope" in relance("import", str(file), "--map", "Nope=customer_ref").stderr


def test_a_database_of_another_program_is_left_alone(relance, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    foreign = tmp_path / "foreign.sqlite3"
    with sqlite3.connect(foreign) as db:
        db.execute("create table customers (id integer)")
    done = relance("import", "-", input=line(), RELANCE_DATABASE=f"sqlite:///{foreign}")
    assert done.returncode == 2 and "another program" in done.stderr
    with sqlite3.connect(foreign) as db:
        assert db.execute("select name from sqlite_master").fetchall() == [("customers",)]


def test_the_book_is_for_its_owner_alone(relance, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    relance("import", "-", input=line())
    assert (tmp_path / "book.sqlite3").stat().st_mode & 0o077 == 0


def test_what_comes_later_says_so(relance) -> None:  # type: ignore[no-untyped-def]
    for name in ("web", "work"):
        done = relance(name)
        assert done.returncode == 3 and "not yet" in done.stderr


def test_may_contact_answers_line_by_line(relance) -> None:  # type: ignore[no-untyped-def]
    night = {"jurisdiction": "FR", "role": "creditor", "time_zone": "Europe/Paris", "at": "2026-11-24T20:30:00+01:00",
             "channel": "sms", "consent": True}  # fmt: skip
    lines = [json.dumps(night), "broken", json.dumps({**night, "holds": ["quarrel"]}), "{}"]
    done = relance("may-contact", "--jsonl", input="\n".join(lines) + "\n")
    late, bad, unknown, empty = (json.loads(row) for row in done.stdout.splitlines())
    assert done.returncode == 0
    assert late == {"verdict": "deferred", "not_before": "2026-11-25T09:00:00+01:00", "rule": "fr-hours",
                    "basis": "house", "source": "house"}  # fmt: skip
    assert set(bad) == {"error"}
    assert "quarrel" in unknown["error"] and "surendettement_fr" in unknown["error"]
    assert empty["verdict"] == "refused"


def test_understand_and_negotiate_answer_line_by_line(relance) -> None:  # type: ignore[no-untyped-def]
    read = relance(
        "understand",
        "--jsonl",
        "--today",
        "2026-11-24",
        input='{"text": "je paie vendredi"}\nbroken\n{"text": "STOP"}\n',
    )
    first, bad, last = (json.loads(row) for row in read.stdout.splitlines())
    assert (
        first["intent"] == "promise_to_pay"
        and first["entities"][0]["value"] == "2026-11-27"
        and first["language"] == "fr"
    )
    assert "error" in bad and last["intent"] == "stop_contact"
    asked = {"arrears": {"minor": 12990, "currency": "EUR"}, "proposal": {"count": 3}}
    done = relance("negotiate", "--jsonl", input=json.dumps(asked) + '\n{"arrears": 3}\n')
    good, wrong = (json.loads(row) for row in done.stdout.splitlines())
    assert good["decision"] == "accept" and sum(i["amount_minor"] for i in good["offer"]["installments"]) == 12990
    assert "arrears" in wrong["error"]


def test_retry_plan_answers_line_by_line_and_names_the_bad_one(relance) -> None:  # type: ignore[no-untyped-def]
    charge = (
        '{"network": "visa", "now": "2026-11-24T10:00:00+01:00", "time_zone": "Europe/Paris", "promise_on": "2026-12-05",'
        ' "failed": [{"at": "2026-11-24T09:00:00+01:00", "code": "insufficient_funds", "code_system": "stripe"}]}'
    )
    done = relance("retry-plan", "--jsonl", input=f'{charge}\n{{"network": "visa"}}\nbroken\n{charge}\n')
    first, without, broken, last = (json.loads(row) for row in done.stdout.splitlines())
    assert done.returncode == 0 and first == last
    assert set(first) == {"action", "next_at", "rule", "source"}
    assert first["action"] == "retry" and first["next_at"].startswith("2026-12-05")
    assert "failed" in without["error"] and set(broken) == {"error"}
