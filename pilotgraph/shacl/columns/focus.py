"""A set of nodes, in the forms in which checks ask for it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pilotgraph.shacl.columns.terms import Ids, Mask


class Focus:
    """Numbers of nodes in order, each once, out of `size` terms."""

    def __init__(self, ids: Ids, size: int) -> None:
        self.ids, self.size = ids, size

    def __len__(self) -> int:
        """Count the nodes."""
        return len(self.ids)

    @classmethod
    def of(cls, numbers: Ids, size: int) -> Focus:
        """Take numbers in any order, repeats included."""
        return cls(distinct(numbers, size), size)

    @cached_property
    def mask(self) -> Mask:
        """Tell of every term whether it is in the set."""
        marked = np.zeros(self.size, dtype=np.bool_)
        marked[self.ids] = True
        return marked

    @cached_property
    def places(self) -> NDArray[np.int32]:
        """Give the place in `ids` of every term of the set."""
        found = np.zeros(self.size, dtype=np.int32)
        found[self.ids] = np.arange(len(self.ids), dtype=np.int32)
        return found


_FEW = 64


def distinct(numbers: Ids, size: int) -> Ids:
    """Give numbers in order, each once."""
    if len(numbers) * _FEW < size:
        return np.unique(numbers)
    marked = np.zeros(size, dtype=np.bool_)
    marked[numbers] = True
    return np.flatnonzero(marked).astype(np.uint32)
