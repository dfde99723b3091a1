"""The checks of claims, one module a family; each takes the claims and gives findings."""

from collections.abc import Iterator

from assistant.claims.claim_set import ClaimSet
from assistant.claims.finding import Finding
from assistant.claims.rule import Rule
from assistant.claims.rules import antecedent, category, clarity, dependency, form, functional, ranges, support

_FAMILIES = (form, dependency, category, antecedent, ranges, clarity, functional, support)
RULES: tuple[Rule, ...] = tuple(rule for family in _FAMILIES for rule in vars(family).values() if isinstance(rule, Rule))


def check(claims: ClaimSet) -> Iterator[Finding]:
    """What all checks find, family by family."""
    for family in _FAMILIES:
        yield from family.check(claims)
