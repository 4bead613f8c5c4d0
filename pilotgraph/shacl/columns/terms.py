"""The dictionary: every term of the data as it stands in canonical N-Triples, and its number."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from pyoxigraph import BlankNode, Literal, NamedNode

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl
    from numpy.typing import NDArray

    from pilotgraph.shacl.model import Value

    Ids = NDArray[np.uint32]
    Mask = NDArray[np.bool_]

ABSENT = -1
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_CHARACTERS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


class Dictionary:
    """Numbers for texts, given in the order in which they first come."""

    def __init__(self) -> None:
        import polars as pl  # noqa: PLC0415 - loading it takes a tenth of a second

        self.categories = pl.Categories.random()
        self._type = pl.Categorical(self.categories)
        # The numbers live as long as a column that uses them does.
        self._keep: pl.Series = pl.Series([], dtype=self._type)
        self._count = 0
        self._texts: list[pl.Series] = []

    def numbers(self, texts: pl.Series) -> Ids:
        """Give the number of each text."""
        import polars as pl  # noqa: PLC0415

        column = texts.cast(self._type)
        found = column.to_physical().cast(pl.UInt32).to_numpy()
        self._keep = column.slice(0, 1) if len(column) else self._keep
        count = int(found.max(initial=0)) + 1 if len(found) else 0
        if count > self._count:
            fresh = np.flatnonzero(found >= self._count)
            first = np.zeros(count - self._count, dtype=np.int64)
            first[found[fresh[::-1]] - self._count] = fresh[::-1]
            # Added to nothing, the texts get memory of their own, and let go of the part of the file.
            self._texts.append(texts.gather(first) + "")
            self._count = count
        return found

    @property
    def texts(self) -> pl.Series:
        """The texts in the order of their numbers."""
        import polars as pl  # noqa: PLC0415

        if len(self._texts) != 1:
            self._texts = [pl.concat([pl.Series([], dtype=pl.String), *self._texts])]
        return self._texts[0]

    def number(self, text: str) -> int:
        """Give the number of a text, or ABSENT."""
        try:
            return int(self.categories[text])
        except KeyError:
            return ABSENT


class Terms:
    """Numbers of terms and back. `texts` holds the N-Triples form of each number."""

    def __init__(self, dictionary: Dictionary) -> None:
        self._dictionary = dictionary
        self.texts = dictionary.texts
        self._known: dict[int, Value] = {}

    def add(self, terms: Iterable[Value]) -> None:
        """Give numbers to terms that the data may not have, before anything is asked of the dictionary."""
        import polars as pl  # noqa: PLC0415

        self._dictionary.numbers(pl.Series([str(term) for term in terms], dtype=pl.String))
        self.texts = self._dictionary.texts

    def __len__(self) -> int:
        """Count the terms."""
        return len(self.texts)

    def id(self, term: Value) -> int:
        """Give the number of a term, or ABSENT."""
        return self._dictionary.number(str(term))

    def ids(self, terms: Iterable[Value]) -> Ids:
        """Give the numbers of the terms that the data have."""
        return np.array([found for one in terms if (found := self.id(one)) != ABSENT], dtype=np.uint32)

    def mask(self, terms: Iterable[Value]) -> Mask:
        """Mark the numbers of terms."""
        marked = np.zeros(len(self), dtype=np.bool_)
        marked[self.ids(terms)] = True
        return marked

    def term(self, number: int) -> Value:
        """Give the term of a number."""
        if number not in self._known:
            self._known[number] = parse_term(self.texts[number])
        return self._known[number]

    def lexical(self, numbers: Ids) -> pl.Series:
        """Give the texts of IRIs and literals, without brackets, quotes and what follows them."""
        return self._bare.gather(numbers)

    @cached_property
    def _bare(self) -> pl.Series:
        import polars as pl  # noqa: PLC0415

        column = pl.col("t")
        # An IRI loses one character at its end, a literal its quote, tag or datatype.
        suffix = column.str.split('"').list.get(-1).str.len_chars() + 1
        end = pl.when(column.str.starts_with('"')).then(suffix).otherwise(1)
        bare = column.str.slice(1, column.str.len_chars() - 1 - end)
        texts = pl.DataFrame({"t": self.texts}).select(bare)["t"]
        escaped = np.flatnonzero(texts.str.contains("\\", literal=True).to_numpy())
        if len(escaped):
            texts = texts.scatter(escaped, [unescape(text) for text in texts.gather(escaped).to_list()])
        return texts

    @cached_property
    def plain(self) -> Mask:
        """Tell of each term whether it has only characters from space to tilde: others are escaped, or longer."""
        short = self.texts.str.len_bytes() == self.texts.str.len_chars()
        plain: Mask = (short & ~self.texts.str.contains("\\", literal=True)).to_numpy()
        return plain

    @cached_property
    def kinds(self) -> NDArray[np.uint8]:
        """Tell of each number what it is: 0 an IRI, 1 a blank node, 2 a literal."""
        literal = self.texts.str.starts_with('"').to_numpy()
        blank = self.texts.str.starts_with("_").to_numpy()
        kinds: NDArray[np.uint8] = literal.astype(np.uint8) * np.uint8(2) + blank.astype(np.uint8)
        return kinds

    @cached_property
    def _suffixes(self) -> tuple[NDArray[np.uint16], list[str]]:
        """What follows the text of a literal (a tag, a datatype or nothing), numbered; 0 for no literal."""
        import polars as pl  # noqa: PLC0415

        literals = np.flatnonzero(self.kinds == 2)  # noqa: PLR2004
        suffix = self.texts.gather(literals).str.split('"').list.get(-1)
        names = suffix.unique(maintain_order=True)
        numbers = suffix.cast(pl.Enum(names)).to_physical().to_numpy()
        codes = np.zeros(len(self), dtype=np.uint16)
        codes[literals] = numbers + 1
        return codes, ["", *names.to_list()]

    @property
    def suffixes(self) -> NDArray[np.uint16]:
        """The number of the tag or datatype of each literal; 0 for what is none."""
        return self._suffixes[0]

    def suffix_codes(self, name: str) -> list[int]:
        """Give the number of a suffix such as ``@nl``, ``^^<…>`` or nothing, if there is such a literal."""
        return [code for code, known in enumerate(self._suffixes[1]) if code and known == name]

    @property
    def languages(self) -> dict[int, str]:
        """The suffixes that are language tags."""
        return {code: name[1:] for code, name in enumerate(self._suffixes[1]) if name.startswith("@")}

    @property
    def datatypes(self) -> dict[int, str]:
        """The suffixes that are datatypes other than xsd:string."""
        return {code: name[3:-1] for code, name in enumerate(self._suffixes[1]) if name.startswith("^^")}


def unescape(text: str) -> str:
    """Read the escapes of N-Triples."""
    return _ESCAPE.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _CHARACTERS.get(match[3], match[3])


def parse_term(text: str) -> Value:
    """Read a term in canonical N-Triples."""
    if text.startswith("<"):
        return NamedNode(text[1:-1])
    if text.startswith("_"):
        return BlankNode(text[2:])
    end = text.rindex('"')
    lexical, suffix = unescape(text[1:end]), text[end + 1 :]
    if suffix.startswith("@"):
        return Literal(lexical, language=suffix[1:])
    return Literal(lexical, datatype=NamedNode(suffix[3:-1])) if suffix else Literal(lexical)
