"""A rule of the checks: its name, its severity, its legal basis in each practice that has it, and its words in English and Chinese."""

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.claims.claim_set import ClaimSet
from assistant.claims.finding import Finding, Severity
from ingest.document import Claim


@dataclass(frozen=True)
class Rule:
    """`basis` says for `us`, `ep` and `cn` where the rule is written; a practice that is not in it does not know the rule.

    `message` and `remedy` are by language, with places in braces for the values that a finding gives.
    """

    name: str
    severity: Severity
    basis: Mapping[str, str]
    message: Mapping[str, str]
    remedy: Mapping[str, str]

    def applies(self, claims: ClaimSet) -> bool:
        return claims.practice in self.basis

    def finding(self, claims: ClaimSet, claim: Claim, start: int, end: int, **values: object) -> Finding:
        """A finding at characters `start` to `end` of a claim; `values` fill the places of the message and the remedy."""
        quoted = claim.text[start:end]
        return self._made(claims, claim.number, claims.anchor(claim), start, end, quoted, {"quoted": quoted, "claim": claim.number, **values})

    def finding_on_set(self, claims: ClaimSet, **values: object) -> Finding:
        """A finding on the claims as a whole."""
        return self._made(claims, 0, claims.document, 0, 0, "", values)

    def _made(self, claims: ClaimSet, number: int, anchor: str, start: int, end: int, quoted: str, values: Mapping[str, object]) -> Finding:
        language = claims.report_language
        return Finding(
            rule=self.name,
            severity=self.severity,
            claim=number,
            anchor=anchor,
            start=start,
            end=end,
            quoted=quoted,
            message=self.message[language].format(**values),
            remedy=self.remedy[language].format(**values),
            basis=self.basis[claims.practice],
        )
