from collections.abc import Callable

import pytest

from pipeline.reading import UnreadableError
from pipeline.reading.html import read_html
from pipeline.records import Article

PROSE = (
    "Regular exercise raises the level of BDNF in the blood of older adults, as twelve weeks of training have shown."
)
PAGE = f"""<!DOCTYPE html>
<html lang="en"><head><title>Irisin and memory | Muscle Blog</title>
<meta name="author" content="Jane Doe"><meta property="article:published_time" content="2024-03-05T10:00:00Z"></head>
<body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/shop">Shop</a></li></ul></nav>
<div class="cookie-banner"><p>This website uses cookies.</p><button>Accept all</button></div>
<article><h1>Irisin and memory</h1>
<div class="share"><a href="#">Share on Facebook</a></div>
<p>Irisin is a <b>hormone</b> of muscle<sup><a href="#r1">[1]</a></sup>. {PROSE}</p><p>{PROSE} Again.</p>
<h2>What it does</h2><p>It does two things:</p>
<ul><li><strong>Memory</strong>: irisin improves it.</li>
<li>BDNF rises.<ul><li>In the hippocampus too.</li></ul></li></ul>
<h3>How</h3><p>VO<sub>2</sub>max rises.<br>Then it falls.</p><p>{PROSE} Once more.</p>
<table><tr><td>Dose</td><td>Twelve weeks</td></tr></table>
<figure><img src="x.png" alt=""><figcaption>Two people train.</figcaption></figure>
<h2>References</h2><ol><li>Smith J. Irisin. 2020.</li></ol></article>
<section id="comments"><h3>2 comments</h3><p>Great article, it cured my depression!</p></section>
<footer>All about muscle since 2001</footer></body></html>"""


def test_headings_paragraphs_and_list_entries_are_kept_in_order() -> None:
    found = [(piece.kind.value, piece.text, piece.section) for piece in read_html(PAGE).pieces]
    effects = "Irisin and memory > What it does"
    assert found[0] == ("heading", "Irisin and memory", "")
    assert found[3:9] == [
        ("heading", "What it does", "Irisin and memory"),
        ("paragraph", "It does two things:", effects),
        ("bullet", "Memory: irisin improves it.", effects),
        ("bullet", "BDNF rises.", effects),
        ("bullet", "In the hippocampus too.", effects),
        ("heading", "How", effects),
    ]
    assert found[9:11] == [
        ("paragraph", "VO2max rises.", f"{effects} > How"),
        ("paragraph", "Then it falls.", f"{effects} > How"),
    ]


def test_title_author_and_date_are_kept() -> None:
    draft = read_html(PAGE)
    assert (draft.title, draft.author, draft.published) == ("Irisin and memory", "Jane Doe", "2024-03-05")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("Shop", "menu"),
        ("This website uses cookies.", "cookie notice"),
        ("Accept all", "cookie notice"),
        ("Great article, it cured my depression!", "comments"),
        ("Two people train.", "figure"),
        ("Twelve weeks", "table"),
        ("All about muscle since 2001", "page footer"),
    ],
)
def test_what_is_left_out_can_be_seen_with_its_reason(words: str, reason: str) -> None:
    draft = read_html(PAGE)
    assert all(words not in piece.text for piece in draft.pieces)
    assert reason in {item.reason for item in draft.dropped if words in item.text}


def test_what_is_kept_is_not_called_dropped() -> None:
    dropped = [item.text for item in read_html(PAGE).dropped]
    assert not any(PROSE in text or "VO2max" in text for text in dropped)


def test_the_article_is_free_of_comments_menus_and_reference_lists(read_text: Callable[..., Article]) -> None:
    article = read_text(PAGE, "page.html")
    for words in ("depression", "Shop", "cookies", "Facebook", "Smith", "[1]"):
        assert words not in article.text
    assert article.text.startswith("Irisin and memory\n\nIrisin is a hormone of muscle. Regular exercise")
    assert {"comments", "references"} <= {item.reason for item in article.dropped}


@pytest.mark.parametrize(
    "page",
    [
        "<html><body></body></html>",
        "<html><head><title>Irisin</title></head><body><script>load()</script><div id='app'></div></body></html>",
        "<html><body><nav><a href='/'>Home</a></nav></body></html>",
        "<div>" * 3000 + "</div>" * 3000,
    ],
)
def test_a_page_without_text_is_refused(page: str) -> None:
    with pytest.raises(UnreadableError, match="without article text"):
        read_html(page)


def test_a_short_page_is_read() -> None:
    assert [piece.text for piece in read_html(f"<p>{PROSE}</p>").pieces] == [PROSE]


def test_xhtml_with_a_declared_encoding_is_read() -> None:
    page = f'<?xml version="1.0" encoding="ISO-8859-1"?>\n<html><body><p>{PROSE}</p></body></html>'
    assert [piece.text for piece in read_html(page).pieces] == [PROSE]


def test_deep_nesting_neither_crashes_nor_loses_the_text() -> None:
    page = f"<html><body><p>{PROSE}</p>{'<div>' * 2000}<p>{PROSE}</p>{'</div>' * 2000}</body></html>"
    assert any(PROSE in piece.text for piece in read_html(page).pieces)


def test_reading_twice_gives_the_same(read_text: Callable[..., Article]) -> None:
    assert read_text(PAGE, "page.html") == read_text(PAGE, "page.html")


WORKS_PAGE = f"""<!DOCTYPE html>
<html lang="en"><head><title>How muscle speaks to the brain | Muscle Blog</title>
<link rel="canonical" href="https://www.muscle-blog.example/speaks/?utm_source=feed">
<meta property="og:url" content="https://muscle-blog.example/speaks">
<meta property="og:title" content="How muscle speaks to the brain">
<meta name="citation_doi" content="10.1000/OWN"><meta name="citation_pmid" content="77">
<meta name="citation_reference" content="citation_title=Lactate and the ageing brain; citation_doi=10.1000/lac">
</head><body>
<header><a href="https://partner.example/offer">Our partner</a></header>
<nav><a href="https://menu.example/page">Menu</a></nav>
<article><h1>How muscle speaks to the brain</h1>
<p><em>This article was originally published on
<a href="https://bone-blog.example/first?utm_medium=x">Bone Blog</a>.</em></p>
<p>{PROSE} Irisin rose <a href="https://doi.org/10.1000/A1">in one trial</a> and
<a href="https://pubmed.ncbi.nlm.nih.gov/12/">in another</a>.<!-- note --> See <a href="/about">about us</a> and
<a href="https://www.muscle-blog.example/other-post">our other post</a>.</p>
<p>{PROSE} The registry <a href="https://clinicaltrials.gov/study/NCT01234567">has the plan</a>, and a
<a href="https://news.example/irisin">newspaper wrote of it</a>.</p>
<div class="share-buttons"><a href="https://pinned.example/share">Share</a></div>
<p>{PROSE} Follow us <a href="https://www.instagram.com/muscle">on Instagram</a> or
<a href="mailto:a@b.example">write</a>.</p>
<h2>References</h2>
<ol><li><span>Smith J. Irisin and the ageing brain. J Muscle. 2020.</span>
<ul><li><a href="https://doi.org/10.1000/b2">CrossRef</a></li>
<li><a href="https://pubmed.ncbi.nlm.nih.gov/34">PubMed</a></li>
<li><a href="https://scholar.google.com/scholar?q=irisin">Google Scholar</a></li></ul></li>
<li>Doe A. Short title. J Bone. 2021. PMCID: PMC56.</li></ol></article>
<div class="related-articles"><a href="https://related.example/a">Ten tips</a></div>
<section id="comments"><h3>2 comments</h3>
<p>See <a href="https://comment.example/cure">this cure</a> 10.1000/comment</p></section>
<footer><a href="https://footer.example/host">Hosted by</a></footer></body></html>"""


def test_a_page_is_known_by_what_its_head_says(read_text: Callable[..., Article]) -> None:
    assert read_text(WORKS_PAGE, "page.html").identifiers == (
        "doi:10.1000/own",
        "pmid:77",
        "title:how muscle speaks to the brain",
        "url:muscle-blog.example/speaks",
    )


def test_links_of_the_article_and_its_references_are_cited(read_text: Callable[..., Article]) -> None:
    citations = read_text(WORKS_PAGE, "page.html").citations
    assert [(citation.manner, citation.identifier) for citation in citations] == [
        ("reproduces", "url:bone-blog.example/first"),
        ("cites", "doi:10.1000/a1"),
        ("cites", "pmid:12"),
        ("cites", "nct:NCT01234567"),
        ("cites", "url:news.example/irisin"),
        ("cites", "doi:10.1000/b2"),
        ("cites", "pmid:34"),
        ("cites", "title:irisin and the ageing brain"),
        ("cites", "pmcid:PMC56"),
        ("cites", "doi:10.1000/lac"),
        ("cites", "title:lactate and the ageing brain"),
    ]


def test_the_links_of_one_reference_share_their_words(read_text: Callable[..., Article]) -> None:
    words = {citation.identifier: citation.words for citation in read_text(WORKS_PAGE, "page.html").citations}
    assert words["doi:10.1000/b2"] == words["pmid:34"] == words["title:irisin and the ageing brain"]
    assert words["doi:10.1000/a1"] != words["pmid:12"]


@pytest.mark.parametrize(
    ("banner", "notice"),
    [
        ("<h2>Retraction notice to this article</h2>", "retracted"),
        ("<p>This article has been retracted.</p>", "retracted"),
        ("<div>An expression of concern has been published for this article</div>", "concern"),
        ("<p>A Correction to this article was published on 3 March 2020.</p>", "corrected"),
        ("<p>This article is about retracted muscle.</p>", ""),
        ('<div class="comment">This article has been retracted.</div>', ""),
    ],
)
def test_a_banner_tells_how_the_article_stands(banner: str, notice: str, read_text: Callable[..., Article]) -> None:
    page = WORKS_PAGE.replace("<article>", f"{banner}<article>")
    assert read_text(page, "page.html").notice == notice


def test_entries_that_only_line_breaks_part_are_told_apart(read_text: Callable[..., Article]) -> None:
    entries = (
        'References<br>1. Smith J. Irisin and the ageing brain. J Muscle. 2020. <a href="https://doi.org/10.1000/a1">'
        'CrossRef</a>.<br>2. Doe A. Short. J Bone. 2021. <a href="https://doi.org/10.1000/b2">CrossRef</a>.'
    )
    words = {
        citation.identifier: citation.words
        for citation in read_text(f"<p>{PROSE}</p><p>{PROSE}</p><p>{entries}</p>", "page.html").citations
    }
    assert words["doi:10.1000/a1"] == words["title:irisin and the ageing brain"] != words["doi:10.1000/b2"]


def test_a_page_without_tags_of_its_own_is_read_for_works(read_text: Callable[..., Article]) -> None:
    article = read_text(
        f"<p>{PROSE} {PROSE} See 10.1000/182.<br><br>[1] Smith J. Irisin and bone. 10.1000/183</p>", "page.html"
    )
    assert [citation.identifier for citation in article.citations] == ["doi:10.1000/182", "doi:10.1000/183"]
