"""The whole way from bytes to articles: what holds for every article, and what hostile files come to."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.reading import UnreadableError, read, read_all
from pipeline.reading.assembly import assemble
from pipeline.reading.characters import clean_characters
from pipeline.reading.markdown import read_markdown
from pipeline.reading.plain_text import read_plain_text
from pipeline.records import Article, Fetched, Reject, Stage

MakeFetched = Callable[..., Fetched]

PROSE = (
    "Regular exercise raises the level of BDNF in the blood of older adults, and this may be why they have a better "
    "memory than those who do not train. The effect was not seen in the control group, as Müller and her team say."
)
GERMAN = (
    "Regelmäßiges Training erhöht den Spiegel von BDNF im Blut der älteren Menschen, und das ist einer der Gründe, "
    "warum sie sich besser erinnern als die, die nicht trainieren. Die Wirkung wurde in der Kontrollgruppe nicht "
    "beobachtet und ist auch nach einem Jahr noch nicht zu sehen."
)
LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
FRAGMENTS = st.sampled_from(
    [
        PROSE,
        "Irisin acts.",
        "Context",
        "1. Lift",
        "- one",
        "* two",
        "> [!info] Key",
        "> quoted",
        "# Top",
        "## Sub",
        "---",
        "[[a_b | c]]",
        "[00:01:02]",
        "**bold**",
        "| a | b |",
        "|---|---|",
        "```",
        "References",
        "Recent Posts",
        "[^1]: x",
        '<a class="yt-timestamp" data-t="00:00:10">[00:00:10]</a>',
        "title: x",
        "exer-",
        "cise",
        "\u00a0",
        "\u200b",
        "&amp;",
        "<b>",
        "</div>",
        "![x](y)",
        "IL\u20116",
        "(e.",
        "g.",
        ", x",
        "TITLE: Irisin",
        "ABSTRACT.METHODS:",
        "(fifthQuint)X.",
    ]
)
ARTICLES = st.lists(
    st.tuples(
        st.one_of(FRAGMENTS, st.text(max_size=12)), st.sampled_from(["\n", "\n\n", " ", "\n \n", "\r\n", "  \n"])
    ),
    max_size=25,
).map(lambda parts: "".join(text + gap for text, gap in parts))


def check_blocks(article: Article) -> None:
    """Blocks are in order, never overlap, hold words, and only white space lies between them."""
    at = 0
    for block in article.blocks:
        assert at <= block.char_start < block.char_end <= len(article.text)
        assert article.text[at : block.char_start] in ("", " ", "\n", "\n\n")
        words = article.text[block.char_start : block.char_end]
        assert words == words.strip()
        assert any(char.isalnum() for char in words)
        assert "\n" not in words
        at = block.char_end
    assert at == len(article.text)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=ARTICLES, reader=st.sampled_from([read_plain_text, read_markdown]))
def test_blocks_cover_the_text_in_order_whatever_is_read(
    fetched: MakeFetched, text: str, reader: Callable[..., object]
) -> None:
    source = fetched(text.encode("utf-8", "ignore"))
    try:
        article = assemble(reader(clean_characters(f"{PROSE}\n\n{text}")), source)  # type: ignore[arg-type]
    except UnreadableError:
        return  # what is left is in no English, which the language check says
    check_blocks(article)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.one_of(st.binary(max_size=300), ARTICLES.map(lambda text: text.encode("utf-8", "ignore"))),
    name=st.sampled_from(["a.txt", "a.md", "a.html", "a.xml", "a.pdf", "a"]),
)
def test_any_bytes_under_any_name_give_articles_or_a_reject(fetched: MakeFetched, data: bytes, name: str) -> None:
    found = list(read_all(fetched(data, name)))
    assert found
    for item in found:
        if isinstance(item, Article):
            check_blocks(item)
        else:
            assert item.reason


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.txt", b"", "is empty"),
        ("a.md", b" \n\t\n", "is empty"),
        ("a.pdf", b"", "is empty"),
        ("a.txt", b"\x7fELF" + bytes(range(256)) * 8, "is a program"),
        ("a.txt", bytes(range(256)) * 8, "is binary"),
        ("a.pdf", b"%PDF-1.4\n1 0 obj << /Type", "breaks off before its end"),
        ("a.html", b"<html><body><script>x()</script></body></html>", "without article text"),
        ("a.xml", b"<article><body><p>Irisin", "not well-formed XML"),
        (
            "a.xml",
            f'<!DOCTYPE article [<!ENTITY l0 "lol">{LAUGHS}]><article>&l9;</article>'.encode(),
            "XML entity 'l0'",
        ),
        (
            "a.xml",
            b'<!DOCTYPE article [<!ENTITY x SYSTEM "file:///etc/passwd">]><article>&x;</article>',
            "XML entity 'x'",
        ),
        ("a.xml", b"<article>" * 5000 + b"</article>" * 5000, "100 deep"),
        ("a.xml", b"<article><front/><body/></article>", "no article text"),
        ("a.txt", b"Irisin improves memory. " * 400_000, "longer|more than any article"),
        ("a.txt", GERMAN.encode(), "looks like German"),
        ("a.txt", GERMAN.encode("latin-1"), "looks like German"),
        ("a.md", ("# Titel\n\n" + GERMAN).encode(), "looks like German"),
        ("a.html", f"<html><body><p>{GERMAN}</p></body></html>".encode(), "looks like German"),
        ("a.xml", f"<article><body><p>{GERMAN}</p></body></article>".encode(), "looks like German"),
        ("a.txt", ("Мышцы действуют на мозг и память. " * 20).encode("koi8-r"), "not in English"),
        ("a.md", b"---\ntitle: Irisin\n---\n", "no article text"),
        ("a.txt", b"top of page\n\nSee All\n\nbottom of page", "no article text"),
    ],
)
def test_a_hostile_file_is_a_reject_that_says_why(fetched: MakeFetched, name: str, data: bytes, said: str) -> None:
    source = fetched(data, name)
    (reject,) = read_all(source)
    assert isinstance(reject, Reject)
    assert (reject.stage, reject.path, reject.sha256) == (Stage.READING, name, source.sha256)
    with pytest.raises(UnreadableError, match=said):
        read(source)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252", "mac_roman"]
)
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
def test_no_encoding_garbles_the_text(fetched: MakeFetched, name: str, encoding: str) -> None:
    markup = f"<html><body><p>{PROSE}</p></body></html>" if name == "a.html" else PROSE
    assert read(fetched(markup.encode(encoding), name)).text == PROSE


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.md", "> " * 3000 + PROSE),
        ("a.md", PROSE + "\n\n" + "".join(f"{' ' * depth}- x\n" for depth in range(500))),
        ("a.md", PROSE + "\n\n" + "[" * 5_000),
        ("a.md", PROSE + "\n\n" + "<!--" * 20_000),
        ("a.txt", PROSE + "\n\n" + "(" * 20_000),
        ("a.txt", PROSE + " " * 100_000 + "End."),
        ("a.txt", "Word\n" * 5_000 + PROSE),
        ("a.html", "<div>" * 1000 + f"<p>{PROSE}</p>" + "</div>" * 1000),
    ],
)
def test_deep_nesting_and_endless_runs_do_not_crash(fetched: MakeFetched, name: str, text: str) -> None:
    for item in read_all(fetched(text, name)):
        if isinstance(item, Article):
            check_blocks(item)


def test_the_same_bytes_give_the_same_document(fetched: MakeFetched) -> None:
    first, second = (read(fetched(PROSE, path)) for path in ("a.txt", "elsewhere/b.txt"))
    assert first.document_id == second.document_id
    assert first.text == second.text


def test_the_articles_at_hand_are_read_with_their_furniture_gone(fetched: MakeFetched, shared: Path) -> None:
    paths = sorted(path for path in (shared / "articles").rglob("*") if path.is_file())
    found = [item for path in paths for item in read_all(fetched(path.read_bytes(), path.name))]
    articles = [item for item in found if isinstance(item, Article)]
    assert len(articles) >= 53
    for article in articles:
        check_blocks(article)
        for words in ("cookie", "bottom of page", "Recent Posts", "yt-timestamp", "[[", "{{"):
            assert words.lower() not in article.text.lower(), (article.path, words)
