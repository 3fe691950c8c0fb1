from collections.abc import Callable

import pytest

from pipeline.reading.drafts import Piece
from pipeline.reading.front_matter import split_front_matter
from pipeline.reading.markdown import read_markdown
from pipeline.reading.wiki_syntax import without_wiki_syntax
from pipeline.records import Article, BlockKind


def read(text: str) -> tuple[Piece, ...]:
    return read_markdown(text).pieces


def texts(text: str) -> list[str]:
    return [piece.text for piece in read(text)]


def reasons(text: str) -> list[str]:
    return [item.reason for item in read_markdown(text).dropped]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("**Irisin** is *small*, `BDNF` is not.", "Irisin is small, BDNF is not."),
        ("Irisin acts on [memory](https://example.org/x).", "Irisin acts on memory."),
        ("Irisin ![a picture](x.png) rose.", "Irisin  rose."),
        ("See <https://example.org>.", "See ."),
        ("IL<sub>6</sub> rose &amp; fell.", "IL6 rose & fell."),
        ("Irisin acts on the [[brain]].", "Irisin acts on the brain."),
        ("Irisin acts on [[brain_health | the brain]].", "Irisin acts on the brain."),
        ("Raises [[Cards/Dopamine\\|Dopamine]].", "Raises Dopamine."),
        ("Helps [[brain_health]] and [[Cards/Mood#Low|mood]].", "Helps brain health and mood."),
        ("Acts on [[Notes/Deep Brain#Parts]].", "Acts on Deep Brain."),
        ("Irisin rose.[^1] IL-6 fell.[^note]", "Irisin rose. IL-6 fell."),
        ("Irisin ==really== rose.", "Irisin really rose."),
        ("Irisin rose. ^abc-1", "Irisin rose."),
        ("Irisin rose. { #abc1}", "Irisin rose."),
        ("Irisin {{chart}} rose{% note %}.", "Irisin  rose."),
        ("Irisin <!-- not yet --> rose. %%private%%", "Irisin  rose."),
        ("A line\nthat goes on.", "A line that goes on."),
        ("One sentence  \ngoes on.", "One sentence goes on."),
        ("    An indented paragraph is no code.", "An indented paragraph is no code."),
        ("<div>Irisin rose.</div>", "Irisin rose."),
    ],
)
def test_marks_go_and_words_stay(markup: str, expected: str) -> None:
    assert texts(markup) == [expected]


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("From: [[hubermanlab]] <br/>", "source line"),
        ("up:: [[Theanine]]", "link field"),
        ("> jump:: [[Cards/Brain\\|Brain]], [[BBB]]", "link field"),
        ("down::", "link field"),
        ("#health #brain/memory", "tags"),
        ("{ #5VGPRSXK}", "block id"),
        ("{{recovery-pyramid}}", "shortcode"),
        ("[^1]: Smith et al. Irisin.\n    Nature, 2020.", "footnote"),
        ("```\nx = 1\n```", "code"),
    ],
)
def test_what_is_no_text_is_dropped_with_its_reason(markup: str, reason: str) -> None:
    assert texts(f"{markup}\n\nIrisin rose.") == ["Irisin rose."]
    assert reasons(f"{markup}\n\nIrisin rose.") == [reason]


def test_a_field_with_words_of_its_own_stays() -> None:
    assert texts("Finding:: irisin raises BDNF.") == ["Finding:: irisin raises BDNF."]


def test_headings_give_nested_sections() -> None:
    found = read("# Irisin\n\n## Effects\n\nA.\n\n### On memory\n\nB.\n\n## 2. Outlook:\n\nC.")
    assert [(piece.text, piece.section) for piece in found] == [
        ("Irisin", ""),
        ("Effects", "Irisin"),
        ("A.", "Irisin > Effects"),
        ("On memory", "Irisin > Effects"),
        ("B.", "Irisin > Effects > On memory"),
        ("Outlook:", "Irisin"),
        ("C.", "Irisin > Outlook"),
    ]


def test_list_entries_are_bullets_each_and_keep_their_lead() -> None:
    found = read(
        "It does this:\n\n- **Mood**: better\n- Sleep\n  - deep\n    second line\n\n1. **BDNF:** more\n\n   More on it."
    )
    assert [(piece.kind.value, piece.text) for piece in found] == [
        ("paragraph", "It does this:"),
        ("bullet", "Mood: better"),
        ("bullet", "Sleep"),
        ("bullet", "deep second line"),
        ("bullet", "BDNF: more"),
        ("bullet", "More on it."),
    ]


def test_lists_in_lists_in_lists_stay() -> None:
    nested = "".join(f"{'  ' * depth}- level {depth}\n" for depth in range(30))
    assert len(read(nested)) == 30


def test_tables_become_one_block_a_row() -> None:
    found = read("| Kind | Effect |\n|---|---|\n| **HIIT** | more [[irisin]] |")
    assert [(piece.kind, piece.text) for piece in found] == [
        (BlockKind.TABLE, "Kind | Effect"),
        (BlockKind.TABLE, "HIIT | more irisin"),
    ]


def test_a_callout_title_heads_the_callout_alone() -> None:
    found = read("## Effects\n\n> [!info] Key Takeaway\n> Irisin rose.\n> - and BDNF\n\nAfter it.")
    assert [(piece.kind.value, piece.text, piece.section) for piece in found] == [
        ("heading", "Effects", ""),
        ("heading", "Key Takeaway", "Effects"),
        ("paragraph", "Irisin rose.", "Effects > Key Takeaway"),
        ("bullet", "and BDNF", "Effects > Key Takeaway"),
        ("paragraph", "After it.", "Effects"),
    ]


@pytest.mark.parametrize("head", ["[!quote] [[Sources/@smith\\|@smith]]", "[!quote-yellow] (Page 244) yellow"])
def test_the_title_of_a_quotation_is_its_source_and_its_body_stays(head: str) -> None:
    assert texts(f"> {head}\n>\n> Irisin rose.\n>\n{{ #AB1}}") == ["Irisin rose."]
    assert "source of a quotation" in reasons(f"> {head}\n> Irisin rose.")


def test_a_callout_named_like_its_kind_has_no_heading() -> None:
    assert texts("> [!Definition] Definition\n> Irisin is a hormone.") == ["Irisin is a hormone."]


def test_a_line_in_bold_alone_is_a_heading_and_a_bold_lead_is_not() -> None:
    assert [piece.kind.value for piece in read("**Key points**\n\n**Volume matters**: more is better.")] == [
        "heading",
        "paragraph",
    ]


def test_timestamps_are_kept_as_seconds_and_parts_of_a_paragraph_belong_together() -> None:
    found = read("IL-6 rose [00:00:10]. BDNF fell [00:00:20].\n\n- Mood rose [00:01:00].")
    assert [(piece.text.strip(), piece.timestamp_s, piece.continues) for piece in found] == [
        ("IL-6 rose.", 10.0, False),
        ("BDNF fell.", 20.0, True),
        ("Mood rose.", 60.0, False),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It treats depression [[x | depression]].", "It treats depression ."),
        ("It raises plasticity [[a_and_b | plasticity]] and mood.", "It raises plasticity  and mood."),
        ("It supports health [[muscle_health_as_a_key | muscle health as a key]].", "It supports health ."),
        ("It rose. [[how_it_acts_on_mood | How it acts on mood]]. Then it fell.", "It rose. Then it fell."),
        ("It alters physiology [[x | The Mind Body Connection]].", "It alters physiology ."),
        ("It alters the [[mind_and_body_at_rest | mind and body at rest]].", "It alters the mind and body at rest."),
        ("It prevents [[cancer_and_its_causes | cancer]].", "It prevents cancer."),
        ("A professor of [[eyes_and_brain_health | eyes and brain health]].", "A professor of eyes and brain health."),
        ("It helps [[a_b_c | a b c]] to grow.", "It helps a b c to grow."),
    ],
)
def test_links_that_only_point_elsewhere_go_and_links_in_the_sentence_stay(text: str, expected: str) -> None:
    assert without_wiki_syntax(text)[0] == expected


@pytest.mark.parametrize(
    ("block", "title", "author", "published"),
    [
        ("title: Irisin\nauthor: Jane Doe\ndate: 2024-03-05", "Irisin", "Jane Doe", "2024-03-05"),
        ("title: 'Irisin: a hormone'\nauthors: [Jane Doe, John Roe]", "Irisin: a hormone", "Jane Doe; John Roe", ""),
        ("title: Irisin: a hormone\nauthor: Jane Doe", "Irisin: a hormone", "Jane Doe", ""),
        ('{"aliases": ["x"], "date created": "2022-11-28 Mon", "tags": null}', "", "", "2022-11-28 Mon"),
        ("Title: Irisin\nauthor:\n  name: Jane Doe", "Irisin", "Jane Doe", ""),
        ("title: 2024", "2024", "", ""),
        ("a: &a [x]\nb: *a\ntitle: Irisin", "Irisin", "", ""),
        ("", "", "", ""),
    ],
)
def test_front_matter_is_metadata(block: str, title: str, author: str, published: str) -> None:
    head, rest = split_front_matter(f"---\n{block}\n---\n\nIrisin rose.")
    assert (head.title, head.author, head.published) == (title, author, published)
    assert rest.strip() == "Irisin rose."


@pytest.mark.parametrize(
    "text", ["---\nIrisin rose.\n---\nBDNF fell.", "Irisin rose.\n---\ntitle: x\n---", "--- a\ntitle: x\n---"]
)
def test_a_rule_is_no_front_matter(text: str) -> None:
    assert split_front_matter(text)[1] == text


@pytest.mark.parametrize("block", ["a: [" * 3000, "!!python/object/apply:os.system ['true']", "a: b: c: d", "\t- x"])
def test_hostile_front_matter_is_harmless(block: str) -> None:
    assert split_front_matter(f"---\n{block}\n---\nIrisin rose.")[0].title == ""


def test_title_and_excerpt_of_the_front_matter_are_text() -> None:
    found = read('---\ntitle: "Irisin helps"\nexcerpt: "It raises BDNF."\n---\n\nText.')
    assert [(piece.kind.value, piece.text) for piece in found] == [
        ("title", "Irisin helps"),
        ("paragraph", "It raises BDNF."),
        ("paragraph", "Text."),
    ]


WORKS_NOTE = """---
title: How muscle speaks to the brain
url: https://muscle-blog.example/speaks
doi: 10.1000/own
related:
  - 10.1000/front
---

*Cross-posted from [Bone Blog](https://bone-blog.example/first).*

Irisin rose [in one trial](https://doi.org/10.1000/a1) and <a href="https://pubmed.ncbi.nlm.nih.gov/12/">in another</a>,
as https://news.example/irisin says.[^1] See [part two](https://muscle-blog.example/two), [[a note]] and
![a picture](https://pictures.example/muscle.jpg) [00:10:05](<a class="yt-timestamp" data-t="00:10:05">[00:10:05]</a>).

**References:**
- Kraemer WJ, et al. (2024). Hormonal responses to resistance exercise. *Journal of Muscle*
- [Lactate and the ageing brain](https://doi.org/10.1000/b2). *J Bone*, 2021.

*Track your training with Jacked. Download now.*

[^1]: Smith J. Irisin and the ageing brain. J Muscle. 2020. doi:10.1000/c3
"""


def test_links_addresses_references_and_footnotes_are_cited(read_text: Callable[..., Article]) -> None:
    article = read_text(WORKS_NOTE, "note.md")
    assert article.identifiers == (
        "doi:10.1000/own",
        "title:how muscle speaks to the brain",
        "url:muscle-blog.example/speaks",
    )
    assert [(item.manner, item.identifier) for item in article.citations] == [
        ("reproduces", "url:bone-blog.example/first"),
        ("cites", "doi:10.1000/a1"),
        ("cites", "pmid:12"),
        ("cites", "url:news.example/irisin"),
        ("cites", "title:hormonal responses to resistance exercise"),
        ("cites", "doi:10.1000/b2"),
        ("cites", "title:lactate and the ageing brain"),
        ("cites", "doi:10.1000/c3"),
        ("cites", "title:irisin and the ageing brain"),
        ("cites", "doi:10.1000/front"),
    ]
    words = {item.identifier: item.words for item in article.citations}
    assert words["doi:10.1000/b2"] == words["title:lactate and the ageing brain"]
    assert words["doi:10.1000/a1"] == "in one trial"


def test_links_in_raw_markup_are_cited() -> None:
    draft = read_markdown('<div>\n<p>See <a href="https://doi.org/10.1000/182">the trial</a>.</p>\n</div>\n')
    assert [item.identifier for item in draft.citations] == ["doi:10.1000/182"]
