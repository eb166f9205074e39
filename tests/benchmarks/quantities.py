"""`python -m tests.benchmarks.quantities`: how well values are read, on public test suites kept outside the project.

The cases are not part of the project; RELANCE_QUANTITIES names their folder. Figures are printed, never asserted.
A hit needs the right day as first reading, or the right value and currency. "among" also takes a day that is among
several readings, or a value whose currency was left open. "wrong" is one plain answer that is not right.
`-v` shows each case that is no hit, `-o` where the project's own examples and their annotations disagree.
"""

import json
import os
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bot.domain.money import exponent
from bot.domain.readings import Entity
from bot.understanding import quantities

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("RELANCE_QUANTITIES") or ROOT.parent / "shared" / "data" / "time_money")
# The suites name currencies in words, in signs or by code; what several currencies share is any one of them.
NAMES = {
    "$": "USD", "dollar": "USD", "dolar": "USD", "dollar canadien": "CAD", "canadian dollar": "CAD", "dolar canadiense": "CAD",
    "dollar australien": "AUD", "united states dollar": "USD", "dolar estadounidense": "USD", "euro": "EUR", "£": "GBP",
    "pound": "GBP", "livre": "GBP", "libra": "GBP", "yen": "JPY", "yen japonais": "JPY", "yuan chino": "CNY",
    "franc suisse": "CHF", "marco finlandes": "FIM", "mark finlandais": "FIM", "netherlands guilder": "NLG",
    "florin neerlandes": "NLG", "florins neerlandais": "NLG", "rupee": "INR", "roupie": "INR", "roupie indienne": "INR",
    "indian rupee": "INR", "cambodian riel": "KHR", "rial": "IRR", "peseta": "ESP", "pts": "ESP", "bitcoin": "XBT",
}  # fmt: skip
ANY = {"unknown", "ambiguous", "riyal", "franc", "franco"}
PARTS = {"cent", "centavo", "centimes", "pence", "penny", "penique", "satoshi"}
REGION = {"US": "USD", "GB": "GBP", "CA": "CAD", "AU": "AUD"}


def cases() -> Iterator[dict[str, Any]]:
    for file in sorted(FOLDER.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            case["file"] = file.stem
            yield case


def right_days(case: dict[str, Any]) -> set[str]:
    expected = case["expected"]
    if "any" in expected:
        return set(expected["any"])
    raw = expected.get("raw")
    return {f"{raw['year']}-{raw['month']:02d}-{raw['day']:02d}"} if isinstance(raw, dict) else set()


def chosen(case: dict[str, Any], kind: str, found: tuple[Entity, ...]) -> Entity | None:
    """The entity where the suite sees its value; without a place, the first one."""
    mine = [entity for entity in found if entity.kind == kind]
    span = str(case["expected"].get("span") or "").lower()
    place = case["text"].lower().find(span) if span else -1
    if place >= 0:
        mine = [entity for entity in mine if entity.start < place + len(span) and place < entity.end]
    return mine[0] if mine else None


def judge_day(case: dict[str, Any], found: tuple[Entity, ...]) -> str:
    entity = chosen(case, "date", found)
    if entity is None:
        return "none"
    readings = entity.value if isinstance(entity.value, list) else [entity.value]
    right = right_days(case)
    if readings[0] in right:
        return "first"
    if right & set(readings):
        return "among"
    return "wrong" if len(readings) == 1 else "unsure"


def judge_sum(case: dict[str, Any], found: tuple[Entity, ...]) -> str:
    entity = chosen(case, "amount", found)
    if entity is None:
        return "none"
    expected = case["expected"]
    raw = expected.get("raw") or {"amount": expected["value"], "currency": expected["currency"]}
    wanted = str(raw["currency"])
    plain = wanted.lower().translate(str.maketrans("áéíóú", "aeiou"))
    code = NAMES.get(plain, wanted)
    got = entity.value["currency"]
    scale = 1 if plain in PARTS else 10 ** exponent(got or "EUR")
    if abs(entity.value["minor"] / scale - float(raw["amount"])) > 0.005:
        return "wrong"
    if got == code or plain in ANY or plain in PARTS:
        return "first"
    return "among" if got is None else "wrong"


def suites(misses: bool) -> None:
    rows: dict[tuple[str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for case in cases():
        kind = "amount" if "amount" in case["file"] else "date"
        if kind == "date" and not right_days(case):
            continue
        today = date.fromisoformat((case.get("reference_time") or "2022-03-15")[:10])
        region = case["locale"].partition("-")[2]
        start = time.perf_counter()
        found = quantities.find(case["text"], language=case["locale"], today=today, currency=REGION.get(region))
        taken = time.perf_counter() - start
        verdict = judge_day(case, found) if kind == "date" else judge_sum(case, found)
        row = rows[case["file"].removeprefix("collections_"), case.get("section", "nlu++")]
        row["n"] += 1
        row[verdict] += 1
        row["us"] += taken * 1e6
        if misses and verdict != "first":
            got = [e.value for e in found if e.kind == kind]
            want = sorted(right_days(case)) if kind == "date" else case["expected"]
            print(
                f"{case['file'][12:]} {case.get('section', '')[:5]} {verdict:6} {today} | {case['text']} | {want} | {got}"
            )
    print(f"{'suite':12} {'section':24} {'n':>4} {'first %':>8} {'among %':>8} {'wrong':>6} {'none':>5} {'µs':>6}")
    for (name, section), row in sorted(rows.items()):
        n = row["n"]
        first, among = 100 * row["first"] / n, 100 * (row["first"] + row["among"]) / n
        print(
            f"{name:12} {section:24} {n:4.0f} {first:8.1f} {among:8.1f} {row['wrong']:6.0f} {row['none']:5.0f} {row['us'] / n:6.0f}"
        )


def own_examples(show: bool) -> None:
    """What is read in the project's own training examples, against what their annotations say."""
    seen = disagreements = 0
    taken = []
    for file in sorted((ROOT / "dialogues" / "nlu").glob("*.yml")):
        for group in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            for line in (group.get("examples") or "").splitlines():
                marked = line.strip().removeprefix("- ")
                said = [(m.group(2), m.group(1)) for m in re.finditer(r"\[([^\]]+)\]\((\w+)\)", marked)]
                text = re.sub(r"\[([^\]]+)\]\(\w+\)", r"\1", marked)
                start = time.perf_counter()
                found = quantities.find(text, language=file.stem, today=date(2026, 11, 25))
                taken.append(time.perf_counter() - start)
                seen += 1
                if file.stem != "en" and not said:
                    said = [(e.kind, "?") for e in found]  # only the English examples are annotated
                if sorted(e.kind for e in found) != sorted(kind for kind, _ in said):
                    disagreements += 1
                    if show:
                        print(
                            f"{file.stem} {group.get('intent')}: {text} | said {said} | read {[(e.kind, e.text, e.value) for e in found]}"
                        )
                elif show and file.stem != "en" and found:
                    print(
                        f"{file.stem} {group.get('intent')}: {text} | read {[(e.kind, e.text, e.value) for e in found]}"
                    )
    middle = sorted(taken)[len(taken) // 2] * 1e6 if taken else 0
    print(f"own examples: {seen}, {disagreements} with other kinds than annotated, median {middle:.0f} µs a message")


if __name__ == "__main__":
    if FOLDER.is_dir():
        suites("-v" in sys.argv)
    else:
        print(f"No public suites at {FOLDER}: set RELANCE_QUANTITIES to their folder")
    own_examples("-o" in sys.argv)
