"""Kernel ridge regression: every example votes for its meaning, near ones most, and likewise examples share one vote."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

WIDTH = 2.0
PENALTY = 0.1
# How much the words of examples count beside their meaning (cross-validated).
WORDS = 0.6
ROUNDS = 12
LANDMARKS = 800


def alike(left: Floats, right: Floats) -> Floats:
    """How alike two sets of points are, in 0..1: one row a point of `left`, one column a point of `right`."""
    result: Floats = left @ right.T
    result -= 1
    result *= WIDTH
    np.exp(result, out=result)
    return result


def targets(labels: NDArray[Any], classes: int) -> Floats:
    """One row an example: what its votes should add up to."""
    result: Floats = np.eye(classes, dtype=np.float32)[labels] - np.float32(1 / classes)
    return result


def fit_votes(points: Floats, words: Any, wanted: Floats) -> Floats:
    """The votes of each example, so that the weighted votes at each example add up to what is wanted there.

    `words`: a sparse matrix, one row an example; examples are alike by their points and, WORDS times, by their words.
    Conjugate gradients, preconditioned by Nyström landmarks (Rudi, Carratino, Rosasco 2017): a few rounds come to what
    a factorisation gives, in a fraction of the time.
    """
    kernel = alike(points, points)
    across = words.T.tocsr()
    precondition = _preconditioner(kernel, words)
    votes = np.zeros_like(wanted)
    residual = wanted.copy()
    step = precondition(residual)
    size = (residual * step).sum(axis=0)
    direction = step
    for _ in range(ROUNDS):
        moved = kernel @ direction
        moved += WORDS * (words @ (across @ direction))
        moved += PENALTY * direction
        far = size / np.maximum((direction * moved).sum(axis=0), 1e-12)
        votes += far * direction
        residual -= far * moved
        step = precondition(residual)
        size, before = (residual * step).sum(axis=0), size
        direction = step + (size / np.maximum(before, 1e-20)) * direction
    return votes


def _preconditioner(kernel: Floats, words: Any) -> Any:
    from scipy.linalg import cho_factor, cho_solve, cholesky, solve_triangular

    count = len(kernel)
    chosen = np.unique(np.linspace(0, count - 1, min(LANDMARKS, count)).astype(int))
    known = kernel[:, chosen] + WORDS * (words @ words[chosen].T).toarray()
    own = known[chosen].astype(np.float64) + 1e-4 * np.eye(len(chosen))
    root = cholesky(own, lower=True)
    rows = solve_triangular(root, known.T.astype(np.float64), lower=True).T.astype(np.float32)
    ridge = PENALTY + float(np.maximum(1 + WORDS - (rows * rows).sum(axis=1), 0).mean())
    inner = cho_factor(rows.T @ rows + ridge * np.eye(len(chosen), dtype=np.float32))

    def apply(residual: Floats) -> Floats:
        result: Floats = ((residual - rows @ cho_solve(inner, rows.T @ residual)) / ridge).astype(np.float32)
        return result

    return apply
