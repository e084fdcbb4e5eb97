"""The network at run time: convolutions over word vectors, in numpy and on one thread.

Layers look at a word and its neighbours at growing distances (dilated convolutions, Strubell et
al. 2017), so a word's classes depend on the ``REACH`` words at each side and on nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

DILATIONS = (1, 2, 3, 5)
#: How many words at each side a word's classes depend on.
REACH = sum(DILATIONS)
#: Words that go through the layers at once: their activations stay in the cache of a core.
BLOCK = 1024


@dataclass(frozen=True)
class Layer:
    """One convolution. ``weights`` has the shape ``(3, in, out)``, ``bias`` ``(out,)``."""

    weights: Array
    bias: Array


@dataclass(frozen=True)
class Network:
    """The layers and the output, ``(width, classes)``."""

    layers: Sequence[Layer]
    output: Array
    output_bias: Array

    def probabilities(self, numbers: NDArray[np.int64], vectors: Array) -> Array:
        """Class probabilities of words by their row in ``vectors``.

        ``numbers`` has the shape ``(n,)`` and ``vectors`` the shape ``(rows, width)``. The first
        and last ``REACH`` words are neighbours only, so that the answer has the shape
        ``(n - 2 * REACH, classes)``: the caller adds empty words there.
        """
        count = len(numbers) - 2 * REACH
        found = np.empty((max(count, 0), self.output.shape[1]), np.float32)
        for start in range(0, count, BLOCK):
            end = min(count, start + BLOCK)
            found[start:end] = self._logits(vectors[numbers[start : end + 2 * REACH]])
        found -= found.max(axis=1, keepdims=True)
        np.exp(found, out=found)
        found /= found.sum(axis=1, keepdims=True)
        return found

    def _logits(self, vectors: Array) -> Array:
        hidden = vectors
        for number, (layer, step) in enumerate(zip(self.layers, DILATIONS, strict=True)):
            new = _convolved(hidden, layer, step)
            if number:
                new += hidden[step:-step]
            hidden = new
        logits: Array = np.matmul(hidden, self.output)
        logits += self.output_bias
        return logits


def _convolved(hidden: Array, layer: Layer, step: int) -> Array:
    """The layer's answer for the words that have both neighbours: ``2 * step`` rows fewer."""
    new: Array = np.matmul(hidden[step:-step], layer.weights[1])
    new += np.matmul(hidden[: -2 * step], layer.weights[0])
    new += np.matmul(hidden[2 * step :], layer.weights[2])
    new += layer.bias
    np.maximum(new, 0, out=new)
    return new
