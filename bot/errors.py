"""Mistakes that a person can mend: shown as a clear line, never as a traceback."""

from bot.conversation.script import ScriptErrors
from bot.domain.negotiation import PolicyError
from bot.domain.strategy import StrategyError
from bot.pack_values import PackError
from bot.settings import NotYet, SettingsError, UsageError
from bot.storage.sqlite import StorageError
from bot.understanding.examples import ExamplesError

CLEAR = (SettingsError, StrategyError, ScriptErrors, PolicyError, StorageError, ExamplesError, PackError, UsageError)


def status(error: BaseException) -> int:
    """The exit status: 3 for what a later version brings, else 2."""
    return 3 if isinstance(error, NotYet) else 2


def explain(error: BaseException) -> list[str]:
    """The lines that tell a person what is wrong and how to mend it."""
    if isinstance(error, ScriptErrors):
        return [f"{f.file}:{f.line}: {f.message}; {f.remedy}" for f in error.findings]
    return [str(error)]
