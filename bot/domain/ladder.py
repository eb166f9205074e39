"""Which rung of the ladder speaks next: climbed one by one by what the log shows was sent, never by age alone.

Age says how far a customer may be taken; what was really said says how far they have been. An old debt that has just
been imported is therefore met like any other: first kindly, then step by step, with the gaps of the strategy.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.strategy import Facts, Stage, Strategy, fits, stage_of


@dataclass(frozen=True, slots=True)
class Step:
    """What the ladder wants next: a stage to speak, or None at its end, where a person takes over."""

    stage: Stage | None
    after: Stage | None


def rungs(strategy: Strategy) -> list[Stage]:
    """The stages that speak, the gentlest first."""
    return [stage for stage in reversed(strategy.stages) if stage.intent is not None]


def step(strategy: Strategy, facts: Facts, sent: Mapping[str, int]) -> Step | None:
    """The next rung, given how often each stage has spoken about this debt; None when nothing is to be said.

    `after` is the stage that spoke last: its rhythm must have passed.
    """
    by_age = stage_of(strategy, facts)
    if by_age is None:
        return None
    spoken = rungs(strategy)
    reached = max((n for n, stage in enumerate(spoken) if sent.get(stage.name)), default=-1)
    after = spoken[reached] if reached >= 0 else None
    higher = next((stage for stage in spoken[reached + 1 :] if fits(stage, facts)), None)
    if higher is not None:
        return Step(higher, after)
    if by_age.intent is None:
        return Step(None, after) if after is not None else None
    if after is not None and fits(after, facts) and sent[after.name] < after.at_most:
        return Step(after, after)
    return None


def standing(strategy: Strategy, facts: Facts, sent: Mapping[str, int]) -> str | None:
    """The stage in which the customer is: the one to speak next, or the last that spoke; None outside the ladder."""
    by_age = stage_of(strategy, facts)
    if by_age is None:
        return None
    taken = step(strategy, facts, sent)
    if taken is not None:
        return (taken.stage or by_age).name
    return next((stage.name for stage in reversed(rungs(strategy)) if sent.get(stage.name)), None)
