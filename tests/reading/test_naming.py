import pytest

from pipeline.reading.naming import Named, as_citations, of_others, works_named
from pipeline.reading.passages import Link, Passage, with_references
from pipeline.reading.references import looks_like_reference, quoted_titles, reference_title
from pipeline.records import Citation


def linked(text: str, *addresses: str) -> Passage:
    """A passage in which each [words in brackets] lead to one of the addresses."""
    links = []
    for address in addresses:
        start, end = text.index("["), text.index("]") - 1
        text = text.replace("[", "", 1).replace("]", "", 1)
        links.append(Link(address, start, end))
    return Passage(text, tuple(links))


def found(*passages: Passage) -> list[tuple[str, str]]:
    return [(citation.manner, citation.identifier) for citation in as_citations(works_named(passages))]


@pytest.mark.parametrize(
    ("entry", "title"),
    [
        ("1. Smith J, Doe A. Irisin and the ageing brain. J Muscle. 2020;12:34-5.", "Irisin and the ageing brain"),
        (
            "Smith, J. A., Doe, B., & Roe, C. (2020). Irisin in older adults: A trial. J Muscle, 12(3), 34–36.",
            "Irisin in older adults: A trial",
        ),
        ("[3] J. Smith, “Irisin and the ageing brain,” Proc. Muscle, 2020.", "Irisin and the ageing brain"),
        ("Smith, J. 2020. Does irisin help the brain? J Muscle 3.", "Does irisin help the brain?"),
        ("Irisin and the ageing brain. Journal of Muscle, 2025.", "Irisin and the ageing brain"),
        (
            "van der Berg HR, O’Neil-Smith AB, et al. Effects of HIIT vs. MICT on irisin. Eur J Muscle. 2019.",
            "Effects of HIIT vs. MICT on irisin",
        ),
        (
            "Kraemer WJ et al. (2024). Hormonal responses to resistance exercise. Journal of Muscle",
            "Hormonal responses to resistance exercise",
        ),
        ("Smith J. Irisin. European Journal of Muscle and Fine Sinew and Bone. 2020.", ""),
        ("Journal of Muscle and Bone Science 2025; Frontiers in Sinew 2025.", ""),
        ("Jane Doe and John Roe and Ann Smith. 2020.", ""),
        ("https://muscle-blog.example/irisin-and-the-ageing-brain", ""),
        ("", ""),
    ],
)
def test_a_reference_entry_has_a_title(entry: str, title: str) -> None:
    assert reference_title(entry) == title


@pytest.mark.parametrize(
    ("text", "is_reference"),
    [
        ("Smith J, Doe A. Irisin and the ageing brain. J Muscle. 2020;12:34-5.", True),
        ("Vitamin D supplementation raised the mood of adults in 2020.", False),
        ("Smith J said that irisin rose.", False),
        ("In 2020, Smith J. found irisin.", False),
    ],
)
def test_an_entry_is_known_by_authors_and_year(text: str, is_reference: bool) -> None:
    assert looks_like_reference(text) is is_reference


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("Smith wrote an article entitled “Irisin and the ageing brain”.", ["Irisin and the ageing brain"]),
        ('In "Why Your Muscles Talk to the Brain", Doe goes on.', ["Why Your Muscles Talk to the Brain"]),
        ("“We saw thicker bone in every group,” says Calder.", []),
        ("“Irisin protected our older mice against disease,” Calder said.", []),
        ("The question was “How often did you feel low last week?”", []),
        ("The study “Irisin in older adults” is small.", []),
        ("A paper entitled “Irisin and the ageing brain” says so.", ["Irisin and the ageing brain"]),
        ("He called it “the best way to keep the brain young”.", []),
    ],
)
def test_titles_in_quotation_marks(text: str, titles: list[str]) -> None:
    assert [words for words, _, _ in quoted_titles(text)] == titles


@pytest.mark.parametrize(
    ("passage", "expected"),
    [
        (
            linked("Irisin rose [in one trial].", "https://doi.org/10.1000/182"),
            [("cites", "doi:10.1000/182")],
        ),
        (
            linked("As [Irisin and the Ageing Brain] shows.", "https://muscle-blog.example/post"),
            [("cites", "url:muscle-blog.example/post"), ("cites", "title:irisin and the ageing brain")],
        ),
        (
            linked("It [raises the size of the hippocampus] too.", "https://muscle-blog.example/post"),
            [("cites", "url:muscle-blog.example/post")],
        ),
        (linked("[Share this article with friends]", "https://www.facebook.com/sharer?u=x"), []),
        (linked("[Write to us]", "mailto:jane@muscle-blog.example"), []),
        (linked("The [next part] follows.", "/next"), []),
        (
            linked("This article was originally published on [Muscle Blog].", "https://muscle-blog.example/post"),
            [("reproduces", "url:muscle-blog.example/post")],
        ),
        (
            linked("This article was originally published on [Muscle Blog].", "https://muscle-blog.example/"),
            [("reproduces", "url:muscle-blog.example"), ("reproduces", "publisher:muscle blog")],
        ),
        (
            linked("This article was originally published [here].", "https://muscle-blog.example/post"),
            [("reproduces", "url:muscle-blog.example/post")],
        ),
        (
            linked("This article was originally published in 2015 and cites [a trial].", "https://doi.org/10.1000/182"),
            [],
        ),
        (
            linked("Republished from Muscle Blog. It cites [one large trial].", "https://doi.org/10.1000/182"),
            [("reproduces", "publisher:muscle blog"), ("cites", "doi:10.1000/182")],
        ),
        (
            Passage("A preprint of this article is available at https://doi.org/10.1101/2020.01.02.123456v1."),
            [("version of", "doi:10.1101/2020.01.02.123456")],
        ),
        (
            Passage("This article, “How Muscles Help You Remember”, was originally published by Stride & Sinew."),
            [("reproduces", "title:how muscles help you remember")],
        ),
        (Passage("Reproduced with permission from Quayside Press.", caption=True), []),
        (Passage("The scale was originally published in 1988."), []),
    ],
)
def test_prose_names_works(passage: Passage, expected: list[tuple[str, str]]) -> None:
    assert found(passage) == expected


def test_identifiers_of_one_reference_share_their_words() -> None:
    entry = "Smith J. Irisin and the ageing brain. J Muscle. 2020. doi:10.1000/182. PMID: 5."
    citations = as_citations(works_named([Passage(entry, reference=True)]))
    assert [citation.identifier for citation in citations] == [
        "doi:10.1000/182",
        "pmid:5",
        "title:irisin and the ageing brain",
    ]
    assert len({citation.words for citation in citations}) == 1


def test_two_works_in_one_reference_are_told_apart() -> None:
    entry = "Smith J. J Muscle. 2020. doi:10.1000/182. PMID: 5; Doe A. J Bone. 2021. doi:10.1000/183. PMID: 6."
    words = {
        citation.identifier: citation.words for citation in as_citations(works_named([Passage(entry, reference=True)]))
    }
    assert words["doi:10.1000/182"] == words["pmid:5"] != words["doi:10.1000/183"] == words["pmid:6"]


def test_a_list_of_addresses_is_of_as_many_works() -> None:
    entry = "https://doi.org/10.1000/182 https://pubmed.ncbi.nlm.nih.gov/5/"
    assert len({item.words for item in as_citations(works_named([Passage(entry, reference=True)]))}) == 2


def test_numbers_side_by_side_are_of_one_work_and_links_are_not() -> None:
    citations = as_citations(works_named([Passage("It rose (doi:10.1000/182, PMID: 5) and fell (PMID: 6).")]))
    words = {citation.identifier: citation.words for citation in citations}
    assert words["doi:10.1000/182"] == words["pmid:5"] != words["pmid:6"]
    two = linked("It rose [one], [two].", "https://doi.org/10.1000/182", "https://pubmed.ncbi.nlm.nih.gov/5")
    assert len({citation.words for citation in as_citations(works_named([two]))}) == 2
    labels = linked("It rose [trial] [[PubMed].", "https://doi.org/10.1000/182", "https://pubmed.ncbi.nlm.nih.gov/5")
    assert len({citation.words for citation in as_citations(works_named([labels]))}) == 1


def test_a_work_named_twice_is_one() -> None:
    named = [Named(("doi:10.1000/182",), "here"), Named(("doi:10.1000/182", "pmid:5"), "Smith J. Irisin.")]
    assert as_citations(named) == (
        Citation("doi:10.1000/182", "cites", "Smith J. Irisin."),
        Citation("pmid:5", "cites", "Smith J. Irisin."),
    )


def test_works_with_different_numbers_stay_two() -> None:
    named = [Named(("doi:10.1000/182", "pmid:5"), "Smith J."), Named(("doi:10.1000/183", "pmid:5"), "Doe A.")]
    assert [(item.identifier, item.words) for item in as_citations(named)] == [
        ("doi:10.1000/182", "Smith J."),
        ("pmid:5", "Smith J."),
        ("doi:10.1000/183", "Doe A."),
    ]


def test_words_are_short_and_differ() -> None:
    named = [Named((f"pmid:{number}",), "word " * 100) for number in (1, 2, 3)]
    words = [citation.words for citation in as_citations(named)]
    assert len(set(words)) == 3
    assert all(0 < len(item) <= 200 for item in words)


def test_an_article_does_not_cite_itself_or_its_site() -> None:
    citations = (
        Citation("doi:10.1000/182"),
        Citation("url:muscle-blog.example/other"),
        Citation("url:bone-blog.example/post"),
        Citation("title:irisin and the ageing brain", "reproduces"),
    )
    own = ("doi:10.1000/182", "title:irisin and the ageing brain", "url:muscle-blog.example/post")
    assert of_others(citations, own, ()) == citations[2:]


def test_entries_under_references_are_marked_up_to_the_next_heading() -> None:
    passages = [
        Passage("Muscle speaks to the brain."),
        Passage("References", heading=True),
        Passage("Irisin and the ageing brain. Journal of Muscle, 2025."),
        Passage("Subscribe to our newsletter and never miss an article."),
        Passage("This article was originally published on Muscle Blog."),
        Passage("Outlook", heading=True),
        Passage("More will be known soon."),
    ]
    assert [passage.reference for passage in with_references(passages)] == [False, False, True] + [False] * 4


@pytest.mark.parametrize("line", ["References:", "REFERENCES", "Sources", "Works Cited"])
def test_a_line_may_open_the_references(line: str) -> None:
    assert [item.reference for item in with_references([Passage(line), Passage("Irisin. J Muscle, 2020.")])] == [
        False,
        True,
    ]


@pytest.mark.parametrize("line", ["Sources of lactate:", "references to older work", "The reference was weak:"])
def test_prose_does_not_open_the_references(line: str) -> None:
    assert not any(item.reference for item in with_references([Passage(line), Passage("Irisin. J Muscle, 2020.")]))
