from collections.abc import Callable

import pytest

from pipeline.reading.works import (
    host_of,
    identifiers_in,
    is_citable,
    is_site,
    publisher_identifier,
    title_identifier,
    web_identifier,
)
from pipeline.records import Article

PROSE = (
    "Regular exercise raises the level of BDNF in the blood of older adults, as twelve weeks of training have shown."
)


@pytest.mark.parametrize(
    ("address", "identifier"),
    [
        ("https://doi.org/10.1016/J.Cell.2020.01.001", "doi:10.1016/j.cell.2020.01.001"),
        ("http://dx.doi.org/10.1000/182.", "doi:10.1000/182"),
        ("https://doi.org/10.1016%2Fj.cell.2020.01.001", "doi:10.1016/j.cell.2020.01.001"),
        ("https://press.example/doi/10.1111/jgs.1234?journalCode=jgs", "doi:10.1111/jgs.1234"),
        ("https://press.example/doi/full/10.1111/jgs.1234#results", "doi:10.1111/jgs.1234"),
        ("https://press.example/doi/abs/10.1111/jgs.1234", "doi:10.1111/jgs.1234"),
        ("https://press.example/articles/10.3389/fnins.2020.00123/full", "doi:10.3389/fnins.2020.00123"),
        ("https://press.example/content/10.1000/182.pdf", "doi:10.1000/182"),
        ("/doi/10.1000/182/abstract", "doi:10.1000/182"),
        ("https://www.biorxiv.org/content/10.1101/2020.01.01.123456v2.full.pdf", "doi:10.1101/2020.01.01.123456"),
        ("https://www.medrxiv.org/content/10.1101/2020.01.01.123456v1", "doi:10.1101/2020.01.01.123456"),
        (
            "https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0123456",
            "doi:10.1371/journal.pone.0123456",
        ),
        ("https://www.nature.com/articles/s41586-020-1234-5", "doi:10.1038/s41586-020-1234-5"),
        ("https://arxiv.org/abs/2101.12345v2", "doi:10.48550/arxiv.2101.12345"),
        ("https://www.google.com/url?q=https://doi.org/10.1000/182&sa=D", "doi:10.1000/182"),
        ("10.1016/S0140-6736(05)12345-6)", "doi:10.1016/s0140-6736(05)12345-6"),
        (
            "https://doi.org/10.1002/(SICI)1097-0258(19980815)17:15/16<1661::AID-SIM968>3.0.CO;2-2",
            "doi:10.1002/(sici)1097-0258(19980815)17:15/16<1661::aid-sim968>3.0.co;2-2",
        ),
        ("https://pubmed.ncbi.nlm.nih.gov/123/", "pmid:123"),
        ("https://www.ncbi.nlm.nih.gov/pubmed/123?dopt=Abstract", "pmid:123"),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC123/", "pmcid:PMC123"),
        ("https://pmc.ncbi.nlm.nih.gov/articles/pmc123", "pmcid:PMC123"),
        ("https://europepmc.org/article/MED/123", "pmid:123"),
        ("https://europepmc.org/article/PMC/PMC123", "pmcid:PMC123"),
        ("https://clinicaltrials.gov/ct2/show/NCT01234567", "nct:NCT01234567"),
        ("https://classic.clinicaltrials.gov/study/nct01234567", "nct:NCT01234567"),
        ("https://WWW.Muscle-Blog.Example/Post/?utm_source=mail&id=3#top", "url:muscle-blog.example/Post?id=3"),
        ("http://muscle-blog.example/post/", "url:muscle-blog.example/post"),
        ("//muscle-blog.example/post", "url:muscle-blog.example/post"),
        ("www.muscle-blog.example/post", "url:muscle-blog.example/post"),
        ("https://muscle-blog.example/?fbclid=abc", "url:muscle-blog.example"),
        ("mailto:jane@muscle-blog.example", ""),
        ("javascript:void(0)", ""),
        ("/about", ""),
        ("#note", ""),
        ("https://[broken/post", ""),
        ("", ""),
    ],
)
def test_an_address_tells_the_work(address: str, identifier: str) -> None:
    assert web_identifier(address) == identifier


@pytest.mark.parametrize(
    ("text", "identifiers"),
    [
        ("See doi:10.1000/182; PMID: 123, PMCID: PMC77.", ["doi:10.1000/182", "pmid:123", "pmcid:PMC77"]),
        ("(https://doi.org/10.1000/182).", ["doi:10.1000/182"]),
        ("(see 10.1000/182)", ["doi:10.1000/182"]),
        ("“10.1000/182”", ["doi:10.1000/182"]),
        ("10.1000/182,10.1000/183", ["doi:10.1000/182", "doi:10.1000/183"]),
        ("PMC12345 holds it, PMID 5 too.", ["pmcid:PMC12345", "pmid:5"]),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC99/", ["pmcid:PMC99"]),
        ("Read www.muscle-blog.example/post, it is good.", ["url:muscle-blog.example/post"]),
        ("The trial NCT01234567 is over.", []),
        ("A ratio of 10.5/3 and 10.1000 g, PM2.5 and PMC activity", []),
        ("broken 10.1016/j", []),
    ],
)
def test_identifiers_are_found_in_text(text: str, identifiers: list[str]) -> None:
    assert [found.identifier for found in identifiers_in(text)] == identifiers


@pytest.mark.parametrize(
    ("title", "identifier"),
    [
        ("Irisin and the Ageing Brain: a Review", "title:irisin and the ageing brain a review"),
        ("RETRACTED: Irisin and the ageing brain", "title:irisin and the ageing brain"),
        ("[Retracted] Irisin and the ageing brain", "title:irisin and the ageing brain"),
        ("The effect of VO₂max in Ménière’s disease", "title:the effect of vo2max in meniere s disease"),
        ("Irisin in older adults", ""),
        ("", ""),
    ],
)
def test_a_title_of_five_words_identifies(title: str, identifier: str) -> None:
    assert title_identifier(title) == identifier


def test_a_publisher_is_its_words_or_its_address() -> None:
    assert publisher_identifier("Stride & Sinew Ltd.") == "publisher:stride sinew ltd"
    assert publisher_identifier("www.Muscle-Blog.example") == "url:muscle-blog.example"
    assert publisher_identifier("…") == ""


@pytest.mark.parametrize(
    ("identifier", "citable"),
    [
        ("url:muscle-blog.example/post", True),
        ("doi:10.1000/182", True),
        ("url:facebook.com/sharer", False),
        ("url:m.facebook.com/sharer", False),
        ("url:notfacebook.com/post", True),
        ("url:netflix.com/title", True),
        ("url:muscle-blog.example/muscle.jpg", False),
        ("url:muscle-blog.example/study.pdf", True),
        ("", False),
    ],
)
def test_links_to_social_media_and_pictures_cite_nothing(identifier: str, citable: bool) -> None:
    assert is_citable(identifier) is citable


def test_hosts_and_sites() -> None:
    assert host_of("https://www.Muscle-Blog.example/post") == host_of("url:muscle-blog.example/post")
    assert is_site("url:muscle-blog.example")
    assert not is_site("url:muscle-blog.example/post")


def test_an_article_is_known_by_its_title(read_text: Callable[..., Article]) -> None:
    article = read_text(f"# How muscle speaks to the brain\n\n{PROSE}\n", "post.md")
    assert article.identifiers == ("title:how muscle speaks to the brain",)
    assert (article.citations, article.notice) == ((), "")


@pytest.mark.parametrize(
    ("title", "notice"),
    [
        ("RETRACTED: Irisin in older adults", "retracted"),
        ("Retracted: Irisin in older adults", "retracted"),
        ("[Retracted] Irisin in older adults", "retracted"),
        ("RETRACTED ARTICLE: Irisin in older adults", "retracted"),
        ("WITHDRAWN: Irisin in older adults", "retracted"),
        ("Expression of Concern: Irisin in older adults", "concern"),
        ("Retracted muscle in older adults", ""),
        ("Withdrawn from alcohol: Irisin in mice", ""),
        ("Retraction of muscle in older adults", ""),
        ("Retraction: Irisin in older adults", ""),
    ],
)
def test_a_title_may_tell_how_the_article_stands(title: str, notice: str, read_text: Callable[..., Article]) -> None:
    article = read_text(f'---\ntitle: "{title}"\n---\n\n{PROSE}\n', "post.md")
    assert article.notice == notice
    assert article.text.startswith(title)
