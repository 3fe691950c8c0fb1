"""NCBI's BioC service is played by a server that knows some articles, and says so in its own way of others."""

import json

import pytest

from pipeline.fetching import Offer, Terms, fetch
from pipeline.fetching.terms import utc_now
from pipeline.reading import read_all
from pipeline.records import Article, Fetched, Reject, Source, Unchanged, Visit
from tests.fetching.loopback import Exchange, Route, Server, serving

PROSE = (
    "Irisin is released by the muscle during exercise, and it raised the level of BDNF in the hippocampus of the older "
    "adults who had trained for twelve weeks."
)
UNKNOWN = "[Error] : No result can be found. <BR><HR><B> - https://www.ncbi.nlm.nih.gov/research/bionlp/</B><BR>"


def article(name: str) -> str:
    title = {"infons": {"section_type": "TITLE", "type": "front", "article-id_pmc": name}, "text": "Irisin"}
    text = {"infons": {"section_type": "INTRO", "type": "paragraph"}, "text": PROSE}
    return json.dumps([{"source": "PMC", "documents": [{"id": name, "passages": [title, text]}]}])


def offered(server: Server, *ids: str, visits: dict[str, Visit] | None = None) -> list[Offer]:
    source = Source("s", "S", "bioc", f"{server.url}/BioC_json", ids=ids, allow_private=(server.host,))
    return list(fetch(source, Terms(visits=visits or {}, environ={}, sleep=lambda _: None)))


def paths(offers: list[Offer], kind: type) -> list[str]:
    return [offer.path for offer in offers if isinstance(offer, kind)]


def at(name: str) -> str:
    return f"/BioC_json/{name}/unicode"


def test_each_id_is_an_article_in_the_order_of_the_catalog_and_once() -> None:
    with serving({at("PMC5"): article("PMC5"), at("77"): article("PMC6")}) as server:
        offers = offered(server, "pmc5", "77", " PMC5 ")
    assert paths(offers, Fetched) == ["PMC5.json", "77.json"]
    assert len(server.requests) == 2
    first, second = offers
    assert isinstance(first, Fetched)
    assert isinstance(second, Fetched)
    assert first.url == "https://pmc.ncbi.nlm.nih.gov/articles/PMC5/"
    assert second.url == "https://pubmed.ncbi.nlm.nih.gov/77/"
    (read,) = read_all(first)
    assert isinstance(read, Article)
    assert (read.format, read.text) == ("bioc", f"Irisin\n\n{PROSE}")


def test_an_id_that_the_service_does_not_know_is_rejected_for_good() -> None:
    with serving({at("PMC5"): UNKNOWN, at("PMC6"): article("PMC6")}) as server:
        reject, fetched = offered(server, "PMC5", "PMC6")
    assert isinstance(reject, Reject)
    assert (reject.path, reject.is_passing) == ("PMC5.json", False)
    assert "is not known to the BioC service" in reject.reason
    assert isinstance(fetched, Fetched)


@pytest.mark.parametrize("name", ["PMC", "10.1000/182", "../admin", "PMC5/x", "PMC1234567890", "５"])
def test_what_is_no_id_is_rejected_and_not_asked_for(name: str) -> None:
    with serving({}) as server:
        (reject,) = offered(server, name)
    assert isinstance(reject, Reject)
    assert not reject.is_passing
    assert "correct `ids`" in reject.reason
    assert server.requests == []


@pytest.mark.parametrize(
    "broken", ["<html>Sorry</html>", "", article("PMC5")[:-20], '{"documents": [', "[Fatal] overloaded"]
)
def test_an_answer_that_is_no_whole_json_is_asked_for_again(broken: str) -> None:
    answers: list[str] = [broken, article("PMC5")]
    with serving({at("PMC5"): lambda exchange: exchange.reply(answers.pop(0))}) as server:
        assert paths(offered(server, "PMC5"), Fetched) == ["PMC5.json"]
    with serving({at("PMC5"): broken}) as server:
        (reject,) = offered(server, "PMC5")
    assert isinstance(reject, Reject)
    assert reject.is_passing
    assert "sends no JSON" in reject.reason


def test_an_unchanged_article_is_not_sent_again() -> None:
    def tagged(exchange: Exchange) -> None:
        known = exchange.request.headers.get("if-none-match") == '"1"'
        exchange.reply("" if known else article("PMC5"), 304 if known else 200, etag='"1"')

    with serving({at("PMC5"): tagged}) as server:
        (first,) = offered(server, "PMC5")
        assert isinstance(first, Fetched)
        assert first.visit is not None
        assert first.visit.etag == '"1"'
        assert offered(server, "PMC5", visits={"PMC5.json": first.visit}) == [Unchanged("s", "PMC5.json")]


def test_a_server_without_validators_sends_all_again() -> None:
    visit = Visit("s", "PMC5.json", utc_now())
    with serving({at("PMC5"): article("PMC5")}) as server:
        assert paths(offered(server, "PMC5", visits={"PMC5.json": visit}), Fetched) == ["PMC5.json"]


def test_a_service_that_is_down_is_left_alone_after_three_failures() -> None:
    names = [f"PMC{number}" for number in range(1, 7)]
    down: dict[str, Route | str | bytes] = {at(name): lambda exchange: exchange.reply(status=503) for name in names}
    with serving(down) as server:
        offers = offered(server, *names)
    assert paths(offers, Reject) == [f"{name}.json" for name in names]
    assert all(isinstance(offer, Reject) and offer.is_passing for offer in offers)
    assert len({request.path for request in server.requests}) == 3
