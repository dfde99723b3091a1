"""The report as one HTML page: no script, no network, nothing to install; text of documents is never markup in it.

The page forbids itself scripts and requests (Content-Security-Policy). The template is `page.html`, the style that of all pages.
"""

from pathlib import Path

from markupsafe import Markup

from assistant.claims import arranged
from assistant.claims.labels import LABELS, language_of
from assistant.claims.picture import svg
from assistant.claims.report import ClaimReport
from assistant.pages.environment import environment, style
from ingest.document import PatentDocument


def page(report: ClaimReport, document: PatentDocument, report_language: str = "") -> str:
    """The report on the claims of `document` as HTML. `report_language` (en or zh) is that of the labels, by default that of the findings; the
    same report gives the same page. Raises ClaimError for another language."""
    language = language_of(report, report_language)
    words = LABELS[language]
    quoted = arranged.quoted(report, document)
    return (
        environment(Path(__file__).parent)
        .get_template("page.html")
        .render(
            report=report,
            document=document,
            language=language,
            words=words,
            style=style(),
            picture=Markup(svg(report.tree, language, arranged.worst(report))),  # lxml has escaped it
            kinds=[f"{count} {words[kind]}" for kind, count in arranged.kinds(report)],
            severities=arranged.severities(report),
            findings=arranged.by_claim(report),
            quoted=quoted,
            linked={*(q.part for q in quoted), *(f"c{e.claim}" for e in report.elements)},
            arranged=arranged,
        )
    )
