"""What a network holds: the options that all networks share, and what they leave out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypedDict

from pilotgraph.errors import DatasetError
from pilotgraph.queries import did_you_mean
from pilotgraph.terms import PG, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pilotgraph.dataset import Dataset
    from pilotgraph.store.base import Reader

ALL: Final = "all"
RELATIONS: Final = ("actor", "goal", "domain", "place", ALL)
# Who has only these roles pays for a pilot, runs the scheme that pays, or runs the programme around it. One
# body does so for many pilots, which would all seem linked. Facilitators work with the pilot itself and stay.
FUNDING_ROLES: Final = frozenset({"funder", "scheme-administrator", "programme-lead"})


class Choices(TypedDict, total=False):
    """The options by name, for those who call with keywords; what is left out has its default."""

    relation: str
    kinds: bool
    without_roles: Iterable[str]
    funders: bool
    sources: Iterable[str]
    as_of: str | None


@dataclass(frozen=True)
class NetworkOptions:
    """Which network: of what, and what is left out.

    `relation` is what the pilots are linked to: actor, goal, domain or place; or all of these and more, for the
    cross-links between pilots. With `kinds`, professional groups
    and kinds of organisation are actors too, though a group in two pilots is not one actor. `without_roles`
    (slugs) leaves out participation in these roles, `funders=False` that in one of :data:`FUNDING_ROLES`.
    `sources` (slugs; none means all) keeps the claims of these sources, and the pilots that they name.
    `as_of`, a date such as 2021-06-30, leaves out the pilots which by their stated dates had not begun or had
    ended then, and the claims with a later reference date; a pilot without stated dates stays.
    `language` is that of the labels: en or nl.

    Raises DatasetError for a relation that does not exist or a date that is none.
    """

    relation: str = "actor"
    kinds: bool = False
    without_roles: frozenset[str] = frozenset()
    funders: bool = True
    sources: frozenset[str] = frozenset()
    as_of: str | None = None
    language: str = "en"

    def __post_init__(self) -> None:
        """Check what can be checked without the data."""
        if self.relation not in RELATIONS:
            hint = did_you_mean(self.relation, RELATIONS) or f"; there are {', '.join(RELATIONS)}"
            msg = f"{self.relation}: no such network{hint}"
            raise DatasetError(msg)
        if self.as_of is not None and not _is_date(self.as_of):
            msg = f"as of {self.as_of}: that is no date; write it as 2021-06-30"
            raise DatasetError(msg)

    @classmethod
    def of(cls, language: str, choices: Choices) -> NetworkOptions:
        """Make options from any iterables of slugs.

        >>> NetworkOptions.of("nl", {"sources": ["s"]}).sources
        frozenset({'s'})
        """
        return cls(
            relation=choices.get("relation", cls.relation),
            kinds=choices.get("kinds", cls.kinds),
            without_roles=frozenset(choices.get("without_roles", ())),
            funders=choices.get("funders", cls.funders),
            sources=frozenset(choices.get("sources", ())),
            as_of=choices.get("as_of", cls.as_of),
            language=language,
        )

    @property
    def left_out(self) -> frozenset[str]:
        """All roles (slugs) that are left out."""
        return self.without_roles if self.funders else self.without_roles | FUNDING_ROLES


def _is_date(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def check_roles(slugs: Iterable[str], reader: Reader) -> None:
    """Raise DatasetError for a slug that is no role of the data set."""
    rows = reader.select(f"SELECT DISTINCT ?role {{ ?claim <{PG}role> ?role }}")
    _check("--without", "role", slugs, {plain(row["role"]).rsplit("/", 1)[-1] for row in rows})


def check_sources(slugs: Iterable[str], dataset: Dataset) -> None:
    """Raise DatasetError for a slug that is no source of the data set."""
    _check("--source", "source", slugs, {source.slug for source in dataset.sources})


def _check(option: str, what: str, slugs: Iterable[str], known: set[str]) -> None:
    for slug in slugs:
        if slug not in known:
            hint = did_you_mean(slug, known) or f"; there are {', '.join(sorted(known))}"
            msg = f"{option} {slug}: no such {what}{hint}"
            raise DatasetError(msg)
