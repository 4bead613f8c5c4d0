"""What the search of a site looks in: scripts, for a page that was opened from a disk may load no other kind of file.

Few pages are one list, `search/{language}.js`. Many are an index in pieces: that file then says which there are, and
the page loads the pieces that the first letters of a word lead to, and the pages that it shows. `viz/src/search`
reads both.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pilotgraph.publish.writing import Entry

# Up to so many pages one list loads in a moment.
MOST_IN_ONE = 4000
# Pages in a piece, and the size from which a piece of words is cut by one more letter.
_PAGES_AT_ONCE = 40
_LARGEST = 60_000
_FIRST_LETTERS = 2
_MOST_LETTERS = 10
# Of a word that more pages have, these many are kept, titles first: who asks for it alone sees sixty.
_MOST_OF_A_WORD = 1500
_SHORTEST_PART = 5
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_WORD = re.compile(r"[^\W_]+")

_Words = dict[str, tuple[list[int], list[int]]]


def search_files(language: str, entries: list[Entry]) -> Iterator[tuple[str, bytes]]:
    """The files of the search in a language; an entry is title, kind, path and words of a page."""
    name = f"search/{language}"
    if len(entries) <= MOST_IN_ONE:
        yield f"{name}.js", _script("window.pilotgraphPages={};\n", entries)
        return
    keys = []
    for number, (key, words) in enumerate(_pieces(_index(entries))):
        keys.append(key)
        yield f"{name}/words-{number}.js", _piece(f"words-{number}", words)
    for start in range(0, len(entries), _PAGES_AT_ONCE):
        pages = [[title, path, text] for title, _, path, text in entries[start : start + _PAGES_AT_ONCE]]
        number = start // _PAGES_AT_ONCE
        yield f"{name}/pages-{number}.js", _piece(f"pages-{number}", pages)
    kinds = [[kind, len(list(run))] for kind, run in groupby(entry[1] for entry in entries)]
    # A letter a page: how many words its title has, for the shorter of two titles fits better.
    lengths = "".join(_DIGITS[min(len(words_of(entry[0])), len(_DIGITS) - 1)] for entry in entries)
    value = {"total": len(entries), "atOnce": _PAGES_AT_ONCE, "keys": keys, "kinds": kinds, "lengths": lengths}
    yield f"{name}.js", _script("window.pilotgraphPages={};\n", value)


def words_of(text: str) -> list[str]:
    """The words of a text, in small letters and without accents, as the page cuts them.

    >>> words_of("Één loket, 2e_kans")
    ['een', 'loket', '2e', 'kans']
    """
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.category(c).startswith("M"))
    return _WORD.findall(plain.lower())


def _index(entries: list[Entry]) -> _Words:
    """By word, the numbers of the pages that have it in their title, and of those that have it elsewhere only."""
    found: _Words = defaultdict(lambda: ([], []))
    for number, (title, _, _, text) in enumerate(entries):
        titled = set(words_of(title))
        for word in titled:
            found[word][0].append(number)
        for word in set(words_of(text)) - titled:
            found[word][1].append(number)
    return _with_parts(found)


def _with_parts(found: _Words) -> _Words:
    """Dutch joins words: a long one is also found by the known word at its end."""
    joined: dict[str, list[str]] = defaultdict(list)
    for word in found:
        for at in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
            if word[at:] in found:
                joined[word[at:]].append(word)
    whole: _Words = {}
    for word, places in found.items():
        titled = set(places[0]).union(*(found[long][0] for long in joined.get(word, ())))
        other = set(places[1]).union(*(found[long][1] for long in joined.get(word, ()))) - titled
        whole[word] = sorted(titled), sorted(other)
    return whole


def _pieces(words: _Words) -> Iterator[tuple[str, dict[str, Any]]]:
    """Cut an index by first letters, and where a piece is large by more of them; each with these letters."""
    return _cut({word: _steps(*places) for word, places in sorted(words.items())}, _FIRST_LETTERS)


def _cut(words: dict[str, Any], letters: int) -> Iterator[tuple[str, dict[str, Any]]]:
    for key, group in groupby(words, key=lambda word: word[:letters]):
        part = {word: words[word] for word in group}
        small = letters == _MOST_LETTERS or len(json.dumps(part, separators=(",", ":"))) <= _LARGEST
        # The word that is the key itself has no further letter to be cut by.
        if small or len(part) == 1:
            yield key, part
        else:
            yield from _cut(part, letters + 1)


def _steps(titled: list[int], other: list[int]) -> list[Any]:
    """Numbers as steps from one to the next, which are short; with the whole number of pages where not all are told."""
    total = len(titled) + len(other)
    lists = [titled[:_MOST_OF_A_WORD], other[: max(0, _MOST_OF_A_WORD - len(titled))]]
    steps = [[one - before for before, one in zip([0, *numbers], numbers, strict=False)] for numbers in lists]
    return [*steps, total] if total > _MOST_OF_A_WORD else steps if steps[1] else steps[:1]


def _piece(name: str, value: Any) -> bytes:  # noqa: ANN401 - whatever JSON can hold
    return _script(f'window.pilotgraphPiece("{name}",{{}});\n', value)


def _script(around: str, value: Any) -> bytes:  # noqa: ANN401
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    before, _, after = around.partition("{}")
    return f"{before}{text}{after}".encode()
