"""Softmax regression, and the whitening that comes before it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def fit(x: Any, labels: NDArray[Any], classes: int, c: float, rounds: int) -> tuple[Floats, Floats]:
    """Weights (features x classes) and biases that minimise the penalised log loss, by L-BFGS.

    `x` is a dense or a sparse (CSR) matrix of float32, one row an example; `c` weighs the examples against the
    penalty. Rare classes weigh more, by the square root of their rarity.
    """
    rows, columns = x.shape
    share = np.bincount(labels, minlength=classes).astype(np.float64)
    weight = np.sqrt(rows / (classes * np.maximum(share, 1)))[labels]
    wanted = np.eye(classes, dtype=np.float32)[labels]
    origin = np.zeros((columns, classes), dtype=np.float32), np.zeros(classes, dtype=np.float32)
    return _descend(x, wanted, (c * weight / weight.mean()).astype(np.float32), origin, rounds)


def refit(x: Any, wanted: Floats, known: tuple[Floats, Floats], c: float, rounds: int) -> tuple[Floats, Floats]:
    """Weights near to the known ones that give the wanted probabilities, one row of them a row of `x`.

    A row that asks for what the known weights already say moves nothing: such rows keep what was learned in place.
    """
    return _descend(x, wanted, np.full(len(wanted), c, dtype=np.float32), known, rounds)


def _descend(
    x: Any, wanted: Floats, weight: Floats, origin: tuple[Floats, Floats], rounds: int
) -> tuple[Floats, Floats]:
    """Minimise the weighted cross-entropy plus half the squared distance of the weights from their origin."""
    from scipy.optimize import minimize

    columns, classes = origin[0].shape
    across = x.T.tocsr() if hasattr(x, "tocsr") else np.ascontiguousarray(x.T)

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        flat = flat.astype(np.float32)
        w, b = flat[: columns * classes].reshape(columns, classes), flat[columns * classes :]
        p = softmax(x @ w + b)
        away = w - origin[0]
        value = -float(np.dot(weight, (wanted * np.log(p + 1e-12)).sum(axis=1))) + 0.5 * float(np.vdot(away, away))
        p -= wanted
        p *= weight[:, None]
        slope = np.concatenate([np.asarray(across @ p + away).ravel(), p.sum(axis=0)])
        return value, slope.astype(np.float64)

    begin = np.concatenate([origin[0].ravel(), origin[1]]).astype(np.float64)
    found = minimize(loss, begin, jac=True, method="L-BFGS-B", options={"maxiter": rounds})
    flat = found.x.astype(np.float32)
    return flat[: columns * classes].reshape(columns, classes), flat[columns * classes :]


def within_class_whitening(x: Floats, labels: NDArray[Any], classes: int, shrinkage: float = 0.5) -> Floats:
    """A square matrix that evens out how examples of one class differ among themselves.

    What varies inside every class says nothing about the class (Hatch, Kajarekar, Stolcke 2006, WCCN).
    `shrinkage` in 0..1 draws the covariance towards a multiple of the identity.
    """
    width = x.shape[1]
    counts = np.maximum(np.bincount(labels, minlength=classes), 1)
    centres = np.zeros((classes, width), dtype=np.float64)
    np.add.at(centres, labels, x)
    inside = x - (centres / counts[:, None])[labels]
    covariance = inside.T @ inside / len(x)
    covariance = (1 - shrinkage) * covariance + shrinkage * np.trace(covariance) / width * np.eye(width)
    values, directions = np.linalg.eigh(covariance)
    result: Floats = (directions * np.maximum(values, 1e-12) ** -0.5).astype(np.float32)
    return result


def unit(rows: Floats) -> Floats:
    """Rows of unit length."""
    result: Floats = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return result


def softmax(logits: Floats) -> Floats:
    """Rows that sum to one."""
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    result: Floats = shifted / shifted.sum(axis=1, keepdims=True)
    return result
