"""When a failed charge is tried again: by the networks' rules, the customer's word and the day money is there."""

from bot.domain.retries.planning import FailedCharge, Failure, RetryPlan, plan_retry
from bot.domain.retries.rulebook import Rulebook, RulebookError, read

__all__ = ["FailedCharge", "Failure", "RetryPlan", "Rulebook", "RulebookError", "plan_retry", "read"]
