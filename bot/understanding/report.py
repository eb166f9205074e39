"""An evaluation for people: tables in the terminal, a page with plots in a file."""

from pathlib import Path

from jinja2 import Environment, PackageLoader, select_autoescape
from rich.console import Console
from rich.table import Table

from bot.understanding.evaluation import Evaluation

MOST = 15


def show(evaluation: Evaluation, console: Console) -> None:
    """Print the tables."""
    median, slow = evaluation.time_ms()
    console.print(
        f"Learned from {evaluation.learned:,} examples in {evaluation.training_s:.1f} s of CPU time; "
        f"{len(evaluation.judged):,} held out. A message takes {median:.2f} ms (median), {slow:.2f} ms (95 %)."
    )
    languages = _table("By language", "language", "messages", "accuracy", "macro-F1", "macro-F1, model alone")
    for language, part in [*((one, evaluation.of(one)) for one in evaluation.languages()), ("all", evaluation)]:
        figures = (part.accuracy, part.macro_f1, part.unaided().macro_f1)
        languages.add_row(language, str(len(part.judged)), *map(_percent, figures))
    console.print(languages)
    care = _table("Care intents", "intent", "recall", "or noted", "false alarms", "or noted by mistake")
    for one in evaluation.care():
        shares = (one.recall_main, one.recall, one.alarms_main, one.alarms)
        care.add_row(one.intent, *map(_percent, shares))
    console.print(care)
    intents = _table("By intent, weakest first", "intent", "precision", "recall", "F1", "messages")
    for quality in sorted(evaluation.qualities(), key=lambda quality: quality.f1):
        intents.add_row(
            quality.intent, _percent(quality.precision), _percent(quality.recall), _percent(quality.f1),
            str(quality.count),
        )  # fmt: skip
    console.print(intents)
    pairs = _table("Most frequent confusions", "meant", "understood", "times")
    for meant, said, count in evaluation.confusions()[:MOST]:
        pairs.add_row(meant, said, str(count))
    console.print(pairs)
    scope = _table("Out of scope", "in-scope messages lost", "out-of-scope messages caught")
    for lost, caught in evaluation.out_of_scope():
        scope.add_row(_percent(lost), _percent(caught))
    console.print(scope)
    slowest = _table("Slowest messages", "ms", "text")
    for late in evaluation.slowest():
        slowest.add_row(f"{late.took_ms:.1f}", late.example.text[:80])
    console.print(slowest)


def write_page(evaluation: Evaluation, file: Path) -> None:
    """Write the page; it needs nothing from elsewhere."""
    environment = Environment(loader=PackageLoader("bot.understanding", "."), autoescape=select_autoescape(["html"]))
    environment.filters["percent"] = _percent
    wrong = sorted((one for one in evaluation.judged if not one.right), key=lambda one: -one.meaning.confidence)
    page = environment.get_template("report.html").render(
        evaluation=evaluation,
        qualities=sorted(evaluation.qualities(), key=lambda quality: quality.f1),
        confusions=evaluation.confusions()[: 2 * MOST],
        wrong=wrong[:100],
        curve=evaluation.out_of_scope(),
        time=evaluation.time_ms(),
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(page, encoding="utf-8")


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", header_style="bold")
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 or column in ("understood", "text") else "right")
    return table


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
