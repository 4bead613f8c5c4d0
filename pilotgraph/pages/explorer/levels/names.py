"""The names that a reader looks for, in pieces by their first letters: the page loads the few that a word leads to."""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# A name as the page gets it: label, place of its mode in the list of modes, id, part, number of links.
Name = list[Any]

_WORD = re.compile(r"[^\W_]+")
_FIRST_LETTERS: Final = 2
_MOST_LETTERS: Final = 10
# Names in a piece before it is cut by one more letter, and of names with one and the same word.
_LARGEST: Final = 800
_MOST_OF_A_WORD: Final = 300


def fold(text: str) -> list[str]:
    """The words of a text in small letters without accents, as the page folds them.

    >>> fold("Één loket (pilot)")
    ['een', 'loket', 'pilot']
    """
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.category(c).startswith("M"))
    return _WORD.findall(plain.lower())


def pieces(names: Iterable[Name]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Cut names into pieces: each with the letters that its words begin with.

    A piece has `names`, those with the most links first. Of a word that very many names have it holds some, and `cut`
    then tells the words: who asks for one should add another.
    """
    by_word: dict[str, list[Name]] = {}
    for name in names:
        for word in sorted(set(fold(name[0]))):
            by_word.setdefault(word, []).append(name)
    kept = {word: sorted(found, key=_order)[:_MOST_OF_A_WORD] for word, found in sorted(by_word.items())}
    cut = {word for word, found in by_word.items() if len(found) > _MOST_OF_A_WORD}
    for key, words in _cut(kept, _FIRST_LETTERS):
        once = {name[2]: name for found in words.values() for name in found}
        yield key, {"names": sorted(once.values(), key=_order), "cut": sorted(cut & set(words))}


def _cut(words: dict[str, list[Name]], letters: int) -> Iterator[tuple[str, dict[str, list[Name]]]]:
    for key, group in groupby(words, key=lambda word: word[:letters]):
        piece = {word: words[word] for word in group}
        if len(piece) == 1 or letters == _MOST_LETTERS or sum(map(len, piece.values())) <= _LARGEST:
            yield key, piece
        else:
            yield from _cut(piece, letters + 1)


def _order(name: Name) -> tuple[int, str, str]:
    return -name[4], name[0], name[2]
