"""How heavily a reason weighs: the rarer what is shared, and the closer the tie, the heavier.

weight = −log2(holders ÷ population) × the factor of the link type × the factor of the roles × what else applies.
The first is the information content of the feature: to learn that a pilot is among 2 of 34 tells 4.1 bits,
among 17 of 34 only one bit, and what all have tells nothing. The factors are judgements, written down here
and in `docs/commands/explain.md` so that they can be disputed; each is a plain multiplier.
"""

from __future__ import annotations

import math
from typing import Final

# In the order in which equal weights are listed, and absent links told.
FACTORS: Final = {
    "relation": 3.0,
    "pilot": 2.0,
    "role": 2.0,
    "organisation": 2.0,
    "place": 2.0,
    "programme": 1.5,
    "page": 1.5,
    "passage": 1.5,
    "goal": 1.0,
    "domain": 1.0,
    "legal-area": 1.0,
    "target-group": 1.0,
    "ict": 0.75,
    "result-kind": 0.5,
    "line": 0.5,
    "ownership": 0.5,
    "pillar": 0.5,
    "kind": 0.4,
    "theme": 0.3,
}
# Who pays or administers does so for many: it says little about what two pilots have to do with each other.
MONEY_ROLES: Final = frozenset({"funder", "scheme-administrator", "programme-lead", "facilitator"})
# Who is only asked, hoped for, referred to or spoken of does not cooperate.
DISTANT_ROLES: Final = frozenset(
    {"consulted", "idea-originator", "intended-partner", "prospective-user", "referral-target", "subject"}
)
MONEY: Final = 0.25
DISTANT: Final = 0.5
ASSIGNED: Final = 0.75  # an editor, and not the source, applied the concept
OTHER_GROUP: Final = 0.75  # the direct target group of one is the indirect one of another
WITHIN: Final = 0.75  # one place lies in the other
NEAR: Final = 0.5  # both places lie in a third
BY_PROGRAMME: Final = 0.75  # through a programme, and not through a pilot of its own
TOGETHER: Final = 1.5  # one passage names both organisations
STRONG: Final = 5.0
MODERATE: Final = 2.0


def information(holders: int, population: int) -> float:
    """Give the information content in bits of belonging to `holders` of `population`.

    >>> information(2, 8), information(8, 8)
    (2.0, 0.0)
    """
    return max(0.0, -math.log2(holders / population)) if 0 < holders < population else 0.0


def role_factor(roles: set[str]) -> float:
    """Give the factor of the closest of some roles (slugs) that one organisation has in one pilot.

    >>> role_factor({"funder"}), role_factor({"funder", "consulted"}), role_factor({"lead"}), role_factor(set())
    (0.25, 0.5, 1.0, 1.0)
    """
    if roles and roles <= MONEY_ROLES:
        return MONEY
    return DISTANT if roles and roles <= MONEY_ROLES | DISTANT_ROLES else 1.0


def strength(weight: float) -> str:
    """Name a weight: strong, moderate or weak.

    >>> strength(5.0), strength(2.0), strength(1.9)
    ('strong', 'moderate', 'weak')
    """
    if weight >= STRONG:
        return "strong"
    return "moderate" if weight >= MODERATE else "weak"
