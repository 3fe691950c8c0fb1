"""Night after night over a site: what is new is asked for, what is as it was stays, what failed is asked again."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import pipeline
from pipeline.fetching import load_sources
from pipeline.records import Article
from pipeline.run_report import RunReport
from pipeline.running.batches import Known, read_sources
from pipeline.settings import Settings
from tests.fetching.loopback import Exchange, Route, Server, serving
from tests.test_flow import rows

PAGE = (
    "<html><head><title>{0} and the brain</title></head><body><article><h1>{0} and the brain</h1>"
    "<p>{0} increases BDNF in mice, as we have written here on many a day of the week. Exercise improves memory by "
    "increasing {0}, and that is what people who go for a walk each morning tell us as well.</p></article></body>"
)
ITEM = "<item><title>{0}</title><link>{1}/{0}</link><guid isPermaLink='false'>{0}</guid></item>"


def page(name: str) -> Route:
    """A page with an ETag, which is sent only where it changed."""

    def answer(exchange: Exchange) -> None:
        tag = f'"{name}"'
        if exchange.request.headers.get("if-none-match") == tag:
            exchange.reply(status=304)
        else:
            exchange.reply(PAGE.format(name.split("-")[0]), etag=tag)

    return answer


@dataclass
class Site:
    """A site with a feed, and a catalog that names it."""

    server: Server
    catalog: Path

    def announce(self, *names: str) -> None:
        items = "".join(ITEM.format(name, self.server.url) for name in names)
        feed = f"<rss version='2.0'><channel><title>Site</title>{items}</channel></rss>"
        self.server.routes["/feed"] = lambda exchange: exchange.reply(feed, content_type="application/rss+xml")
        for name in names:
            self.server.routes.setdefault(f"/{name}", page(name))

    def night(self, fresh: bool = False) -> tuple[RunReport, list[str]]:
        """A run, and the paths that were asked for."""
        self.server.requests.clear()
        report = pipeline.run(self.catalog, self.catalog.parent / "out" / "claims.duckdb", fresh=fresh)
        return report, [request.path for request in self.server.requests if request.path != "/robots.txt"]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with serving({}) as server:
        (tmp_path / "catalog.toml").write_text(
            '[[source]]\nsource_id = "site"\ntitle = "Site"\nkind = "feed"\n'
            f'location = "{server.url}/feed"\nallow_private = ["{server.host}"]\n'
        )
        yield Site(server, tmp_path / "catalog.toml")


def test_only_what_is_new_is_asked_for(site: Site) -> None:
    site.announce("Irisin", "Lactate")
    first, asked = site.night()
    assert first.counts["extracted"] == 2
    assert sorted(asked) == ["/Irisin", "/Lactate", "/feed"]
    site.announce("Irisin", "Lactate", "Apelin")
    second, asked = site.night()
    assert (second.counts["extracted"], second.counts["rejected"]) == (1, 0)
    assert "/Apelin" in asked
    assert second.totals["documents"] == 3
    assert rows(second.db, "SELECT count(*) FROM visits WHERE etag <> ''") == [(3,)]


def test_two_sources_on_one_host_keep_to_one_pace(tmp_path: Path) -> None:
    with serving({"/Irisin": page("Irisin"), "/Lactate": page("Lactate")}) as server:
        entry = (
            '[[source]]\nsource_id = "{0}"\ntitle = "{0}"\nkind = "pages"\n'
            f'addresses = ["{server.url}/{{0}}"]\ndelay_s = 0.3\nallow_private = ["{server.host}"]\n'
        )
        (tmp_path / "catalog.toml").write_text(entry.format("Irisin") + entry.format("Lactate"))
        started = time.monotonic()
        found = list(read_sources(load_sources(tmp_path / "catalog.toml"), Known(), Settings()))
        assert sum(isinstance(read, Article) for read in found) == 2
        assert time.monotonic() - started >= 3 * 0.3, "robots.txt and a page of each: three times between four requests"


def test_a_fresh_run_asks_for_everything_and_changes_nothing(site: Site) -> None:
    site.announce("Irisin", "Lactate")
    site.night()
    report, asked = site.night(fresh=True)
    assert sorted(asked) == ["/Irisin", "/Lactate", "/feed"]
    assert (report.counts["extracted"], report.totals["documents"]) == (2, 2)


def test_a_page_that_failed_is_asked_for_again_though_the_feed_is_as_it_was(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.announce("Irisin", "Lactate")
    site.server.routes["/Lactate"] = lambda exchange: exchange.reply("no", 503, retry_after="86400")
    report, _ = site.night()
    ((source_id, path, reason),) = rows(report.db, "SELECT source_id, path, reason FROM rejects")
    assert (source_id, path) == ("site", f"{site.server.url}/Lactate")
    assert "503" in reason
    site.server.routes["/Lactate"] = page("Lactate")
    report, asked = site.night()
    assert "/Lactate" in asked
    assert (report.counts["extracted"], report.totals["documents"], report.totals["rejects"]) == (1, 2, 0)


def test_a_page_that_cannot_be_read_stays_rejected_while_it_is_as_it_was(site: Site) -> None:
    site.announce("Irisin")
    empty = page("nothing")

    def nothing(exchange: Exchange) -> None:
        if "if-none-match" in exchange.request.headers:
            empty(exchange)
        else:
            exchange.reply("<html><body></body></html>", etag='"nothing"')

    site.announce("Irisin", "nothing")
    site.server.routes["/nothing"] = nothing
    first, _ = site.night()
    second, _ = site.night()
    assert [(r.path, r.stage) for r in first.rejects] == [(f"{site.server.url}/nothing", "reading")]
    assert rows(second.db, "SELECT count(*) FROM rejects") == [(1,)]
    assert second.counts["extracted"] == 0


def test_a_site_that_is_down_costs_nothing_but_a_line_among_the_rejects(site: Site) -> None:
    site.announce("Irisin")
    site.night()
    site.server.routes["/feed"] = lambda exchange: exchange.reply("no", 500, retry_after="86400")
    report, _ = site.night()
    assert report.totals["documents"] == 1
    assert [reject.path for reject in report.rejects] == [f"{site.server.url}/feed"]
    site.announce("Irisin")
    report, _ = site.night()
    assert report.totals["rejects"] == 0


def test_another_pipeline_asks_for_everything_anew(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.announce("Irisin")
    site.night()
    monkeypatch.setattr("pipeline.claims.version.PIPELINE_VERSION", "of tomorrow")
    monkeypatch.setattr("flows.pipeline_key", lambda _: "key of tomorrow")
    report, asked = site.night()
    assert "/Irisin" in asked
    assert report.totals["documents"] == 1
