"""Web pages in the shapes of patent sites, with a text of their own."""

from datetime import date

from ingest.document import PatentDocument, Source
from ingest.files.elements import blocks_of_html, hints_of_html
from ingest.printed.structure import document_of_blocks

GOOGLE = b"""<!DOCTYPE html><html lang="en"><head><title>US8926509B2 - Sealed pump - Google Patents</title>
<meta name="DC.type" content="patent"><meta name="DC.title" content="Sealed
 pump"><meta name="DC.date" content="2008-08-22" scheme="dateSubmitted"><meta name="citation_patent_number" content="US:8926509">
<meta name="DC.date" content="2015-01-06" scheme="issue"><meta name="DC.contributor" content="Jane Doe" scheme="inventor">
<meta name="DC.contributor" content="Acme Pumps" scheme="assignee"><meta name="DC.relation" content="US:4123456:A" scheme="references">
</head><body><nav>Patents</nav><article itemscope itemtype="http://schema.org/ScholarlyArticle">
<h1 itemprop="pageTitle">US8926509B2 - Sealed pump - Google Patents</h1>
<dl><dt>Publication number</dt><dd itemprop="publicationNumber">US8926509B2</dd><meta itemprop="kindCode" content="B2">
<dt>Inventor</dt><dd itemprop="inventor" repeat>Jane Doe</dd><dd itemprop="inventor" repeat>John Roe</dd>
<dt>Original Assignee</dt><dd itemprop="assigneeOriginal" repeat>Acme Pumps</dd>
<dt>Priority date</dt><dd><time itemprop="priorityDate" datetime="2007-08-24">2007-08-24</time></dd>
<dt>Filing date</dt><dd><time itemprop="filingDate" datetime="2008-08-22">2008-08-22</time></dd>
<dt>Publication date</dt><dd><time itemprop="publicationDate" datetime="2015-01-06">2015-01-06</time></dd></dl>
<ul><li itemprop="cpcs" itemscope repeat><span itemprop="Code">F04D</span></li>
<li itemprop="cpcs" itemscope repeat>
<span itemprop="Code">F04D29/10</span>&mdash;<span itemprop="Description">Seals</span><meta itemprop="Leaf" content="true"></li>
<li itemprop="cpcs" itemscope repeat><span itemprop="Code">F04D29/00</span><meta itemprop="Leaf" content="false"></li></ul>
<section itemprop="abstract" itemscope><h2>Abstract</h2>
<div itemprop="content"><abstract lang="EN"><div num="p-0001" class="abstract">A pump with H<sub>2</sub>O.</div></abstract></div></section>
<section itemprop="description" itemscope><h2>Description</h2>
<div itemprop="content"><ul class="description" lang="EN"><heading id="h-1">BACKGROUND</heading>
<li><div num="p-0002" class="description-paragraph">Pumps are known. They leak.</div></li>
<heading>DETAILED DESCRIPTION</heading><li>
<para-num num="[0003]"></para-num><div num="0003" class="description-paragraph">The pump 10 is shown.</div></li></ul></div></section>
<section itemprop="claims" itemscope><h2>Claims (<span itemprop="count">2</span>)</h2><div itemprop="content"><ol lang="EN" class="claims">
<li class="claim">
<div id="CLM-00001" num="00001" class="claim"><div class="claim-text"><b>1</b>. A pump comprising:<div class="claim-text">a housing; and</div>
<div class="claim-text">a seal.</div></div></div></li>
<li class="claim-dependent">
<div id="CLM-00002" num="00002" class="claim">
<div class="claim-text">The pump of <claim-ref idref="CLM-00001">claim 1</claim-ref>, wherein the seal is soft.</div></div></li></ol></div></section>
<table><caption>Patent Citations (1)</caption><tr itemprop="backwardReferencesOrig" itemscope repeat>
<td><span itemprop="publicationNumber">US4123456A</span></td></tr></table>
<h2>Similar Documents</h2><table><tr itemprop="similarDocuments"><td><span itemprop="publicationNumber">US9999999B2</span></td></tr></table>
</article><footer>About</footer></body></html>"""

FREE_PATENTS = b"""<html><head><title>Sealed pump - Acme</title></head><body><div class="header">FreePatentsOnline</div>
<form action="/search"><div class="disp_doc">
<div class="disp_doc2"><div class="disp_elm_title">Title:</div><div class="disp_elm_text"><b>Sealed pump</b></div></div>
<div class="disp_doc2"><div class="disp_elm_title">Document Type and Number:</div><div class="disp_elm_text">United States Patent 8926509</div>
</div>
<div class="disp_doc2"><div class="disp_elm_title">Kind Code:</div><div class="disp_elm_text">B2</div></div>
<div class="disp_doc2"><div class="disp_elm_title">Abstract:</div><div class="disp_elm_text">A pump with a seal.</div></div>
<div class="disp_doc2"><div class="disp_elm_title">Filing Date:</div><div class="disp_elm_text">08/22/2008</div></div>
<div class="disp_doc2"><div class="disp_elm_title">Publication Date:</div><div class="disp_elm_text">01/06/2015</div></div>
<div class="disp_doc2"><div class="disp_elm_title">View Patent Images:</div><div class="disp_elm_text">Images</div></div>
<div class="disp_doc2"><div class="disp_elm_title">Claims:</div><div class="disp_elm_text">What is claimed is:<br>
<br>1. A pump comprising a housing and a seal.<br><br>2. The pump of claim 1.</div></div>
<div class="disp_doc2"><div class="disp_elm_title">Description:</div><div class="disp_elm_text">BACKGROUND<br><br>Pumps are known.<br>
<br>DETAILED DESCRIPTION<br><br>The pump 10 is shown.</div></div>
</div></form></body></html>"""

CHINESE = """<html><head><meta charset="utf-8"><title>一种泵</title><meta name="DC.title" content="一种泵"></head>
<body><div class="nav-bar">首页</div>
<h1>一种泵</h1><div>公开号：CN104245143A</div><h2>权利要求书</h2><p>1.一种泵，其特征在于，包括壳体。<br>2.根据权利要求1所述的泵，其特征在于，所述壳体密封。</p>
<h2>说明书</h2><p>一种泵</p><p>技术领域</p><p>[0001] 本发明涉及泵。</p></body></html>""".encode()


def document(data: bytes, name: str = "page.html") -> PatentDocument:
    return document_of_blocks(blocks_of_html(data), Source(path=name, format="html"), name, hints_of_html(data))


def test_google_patents() -> None:
    found = document(GOOGLE)
    assert (found.number, found.kind, found.language, found.title) == ("US8926509B2", "B2", "en", "Sealed pump")
    assert (found.dates.filing, found.dates.publication, found.dates.priority) == (date(2008, 8, 22), date(2015, 1, 6), date(2007, 8, 24))
    assert [(p.role, p.name) for p in found.parties] == [("inventor", "Jane Doe"), ("inventor", "John Roe"), ("assignee", "Acme Pumps")]
    assert [(c.scheme, c.symbol) for c in found.classifications] == [("cpc", "F04D"), ("cpc", "F04D 29/10")]
    assert found.citations == ("US4123456A",)
    assert found.abstract == "A pump with H₂O."
    assert [(c.number, c.text, c.depends_on) for c in found.claims] == [
        (1, "A pump comprising:\na housing; and\na seal.", ()),
        (2, "The pump of claim 1, wherein the seal is soft.", (1,)),
    ]
    assert [(s.kind, s.heading, [(p.number, p.text) for p in s.paragraphs]) for s in found.sections] == [
        ("background", "BACKGROUND", [("0002", "Pumps are known. They leak.")]),
        ("description", "DETAILED DESCRIPTION", [("0003", "The pump 10 is shown.")]),
    ]
    assert found.warnings == ()


def test_free_patents_online() -> None:
    found = document(FREE_PATENTS)
    assert (found.number, found.kind, found.title, found.abstract) == ("US8926509B2", "B2", "Sealed pump", "A pump with a seal.")
    assert (found.dates.filing, found.dates.publication) == (date(2008, 8, 22), date(2015, 1, 6))
    assert [(c.number, c.text) for c in found.claims] == [(1, "A pump comprising a housing and a seal."), (2, "The pump of claim 1.")]
    assert [(s.heading, [p.text for p in s.paragraphs]) for s in found.sections] == [
        ("BACKGROUND", ["Pumps are known."]),
        ("DETAILED DESCRIPTION", ["The pump 10 is shown."]),
    ]


def test_a_page_of_another_site() -> None:
    found = document(CHINESE)
    assert found.title == "一种泵"
    assert found.language == "zh"
    assert [(c.number, c.depends_on) for c in found.claims] == [(1, ()), (2, (1,))]
    assert [(s.heading, [(p.number, p.text) for p in s.paragraphs]) for s in found.sections][-1] == ("技术领域", [("0001", "本发明涉及泵。")])


def test_the_old_pages_of_the_uspto() -> None:
    data = (
        b"<html><head><title>United States Patent: 8926509</title></head><body><table><tr><td>( 1 of 1 )</td></tr></table>"
        b"<font size=+1>Sealed pump</font><center><b>Abstract</b></center><p>A pump with a seal.</p><hr>"
        b"<center><b><i>Claims</i></b></center><hr><br><br>What is claimed is: <br><br>1. A pump. <br><br>2. The pump of claim 1.<hr>"
        b"<center><b><i>Description</i></b></center><hr><br><br>BACKGROUND <br><br>Pumps are known.</body></html>"
    )
    found = document(data)
    assert found.number == "US8926509"
    assert found.abstract == "A pump with a seal."
    assert [c.text for c in found.claims] == ["A pump.", "The pump of claim 1."]
    assert found.sections[-1].heading == "BACKGROUND"


def test_a_page_without_metadata_has_no_hints() -> None:
    assert hints_of_html(b"<html><body><p>text</p></body></html>") == {}


def test_numbers_that_the_page_cites_are_not_its_own() -> None:
    data = b"<body><table><tr><td><span itemprop=publicationNumber>US9999999B2</span></td></tr></table><p>x</p></body>"
    assert "number" not in hints_of_html(data)
