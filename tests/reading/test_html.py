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
