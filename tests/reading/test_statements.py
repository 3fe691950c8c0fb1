import pytest

from pipeline.reading.naming import notice_in, origins_named
from pipeline.reading.passages import Link, Passage
from pipeline.reading.statements import NOTICES, Rule, Where, statement_rules, statements_in, title_notice

RULES = statement_rules()
IN_TEXT = [rule for rule in RULES if rule.where is not Where.TITLE]


def said(text: str) -> list[str]:
    """What a text with a link behind its first "here" says, as far as it names a work or a notice."""
    at = text.find("here")
    links = (Link("https://muscle-blog.example/first", at, at + 4),) if at >= 0 else ()
    passage = Passage(text, links)
    return [*(named.manner for named in origins_named([passage])), *filter(None, [notice_in([passage])])]


@pytest.mark.parametrize("rule", IN_TEXT, ids=lambda rule: rule.example[:50])
def test_the_example_of_each_rule_says_it(rule: Rule) -> None:
    assert said(rule.example) == [rule.says]


@pytest.mark.parametrize("rule", IN_TEXT, ids=lambda rule: rule.prose[:50])
def test_the_prose_that_resembles_it_does_not(rule: Rule) -> None:
    assert said(rule.prose) == []


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.where is Where.TITLE], ids=lambda rule: rule.says)
def test_titles_tell_how_the_article_stands(rule: Rule) -> None:
    assert title_notice(rule.example) == rule.says
    assert title_notice(rule.prose) == ""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("This article was originally published by Fjord Fitness Ltd.", "Fjord Fitness Ltd"),
        ("This post first appeared on www.muscle-blog.example.", "www.muscle-blog.example"),
        ("Editor’s note: This story originally ran in the Quayside Courier.", "the Quayside Courier"),
        ("This column was first published in the March issue of Muscle & Mind by Jane Doe.", "Muscle & Mind"),
        (
            "A version of this article was originally published in Journal of Fine Sinew on 3 May 2020.",
            "Journal of Fine Sinew",
        ),
        ("(Republished with permission from Muscle Blog.)", "Muscle Blog"),
        ("Cross-posted from Muscle Blog", "Muscle Blog"),
        ("Syndicated from Quayside Media.", "Quayside Media"),
        ("Reproduced with kind permission of The Daily Muscle", "The Daily Muscle"),
        (
            "This article, “How Muscles Help You Remember”, was originally published by Stride & Sinew.",
            "Stride & Sinew",
        ),
        ("This article was originally published on March 5, 2020.", ""),
        ("This article was originally published in Spanish.", ""),
    ],
)
def test_the_origin_is_named(text: str, name: str) -> None:
    assert [(item.says, item.name) for item in statements_in(text)] == [("reproduces", name)]


@pytest.mark.parametrize(
    "text",
    [
        "The scale was originally published in 1988.",
        "The data were first published by Smith.",
        "The figure is reproduced with permission.",
        "This paper was first published in Nature.",
        "The article that Smith published in Nature was retracted.",
        "Smith published the story in the Quayside Courier.",
        "Reproduction in Mice was the topic of this article.",
        "Adapted from Smith et al. 2010.",
        "This correction was made for Age and Sex.",
        "In this article we reproduce the curve of Smith.",
    ],
)
def test_prose_about_other_texts_says_nothing_of_its_own(text: str) -> None:
    assert list(statements_in(text)) == []


def test_every_manner_and_place_is_in_use() -> None:
    assert {rule.says for rule in RULES} == {"reproduces", "version of", *NOTICES}
    assert {rule.where for rule in RULES} == set(Where)


def test_a_notice_within_long_prose_is_none() -> None:
    assert notice_in([Passage("This article has been retracted. " + "Muscle speaks to the brain. " * 20)]) == ""
