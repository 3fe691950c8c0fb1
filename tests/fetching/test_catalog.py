from pathlib import Path

import pytest

from pipeline.fetching import CatalogError, load_sources
from pipeline.fetching.catalog import slug
from pipeline.fetching.registry import KINDS

ENTRY = '[[source]]\nsource_id = "notes"\ntitle = "Notes"\nkind = "folder"\nlocation = "articles/notes"\n'


def write(folder: Path, text: str) -> Path:
    path = folder / "catalog.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_catalog_gives_its_sources_in_order_with_locations_from_its_folder(tmp_path: Path) -> None:
    second = ENTRY.replace("notes", "trials") + 'tier = "trial"\nglob = "*.nxml"\npublisher = "A press"\n'
    sources = load_sources(write(tmp_path, ENTRY + "\n" + second))
    assert [source.source_id for source in sources] == ["notes", "trials"]
    assert Path(sources[0].location) == tmp_path / "articles" / "notes"
    assert (sources[1].tier, sources[1].glob, sources[1].publisher) == ("trial", "*.nxml", "A press")


def test_an_absolute_location_stays(tmp_path: Path) -> None:
    place = (tmp_path / "elsewhere").as_posix()
    assert Path(load_sources(write(tmp_path, ENTRY.replace("articles/notes", place)))[0].location) == Path(place)


def test_a_missing_location_is_no_error_of_the_catalog(tmp_path: Path) -> None:
    assert len(load_sources(write(tmp_path, ENTRY))) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[source]\nsource_id = "x"', "not valid TOML"),
        ("", "no [[source]] table"),
        ("source = 3\n", "no [[source]] table"),
        ("source = [3]\n", "a table of keys was expected"),
        ('name = "x"\n' + ENTRY, "found name at the top"),
        (ENTRY + 'colour = "red"\n', "unknown key colour"),
        (ENTRY.replace('title = "Notes"\n', ""), "lacks the key title"),
        (ENTRY.replace('"Notes"', "3"), "a string in quotes was expected"),
        (ENTRY.replace('"Notes"', '" "'), "title is empty"),
        (ENTRY.replace('"folder"', '"gopher"'), "known kinds are folder, file"),
        (ENTRY + 'tier = "gospel"\n', "known tiers are trial"),
        (ENTRY + 'glob = " "\n', "glob is empty"),
        (ENTRY + 'watch = "yes"\n', "watch is 'yes'; true or false was expected"),
        (
            ENTRY + "at_most = 3\n",
            "found the key at_most, which means nothing for the kind 'folder'; it takes source_id",
        ),
        (ENTRY + "\n" + ENTRY, "has the source_id 'notes' of number 1"),
    ],
)
def test_a_wrong_catalog_is_refused_naming_file_and_fault(tmp_path: Path, text: str, said: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(CatalogError) as caught:
        load_sources(path)
    assert str(path) in str(caught.value)
    assert said in str(caught.value)


def test_the_entry_at_fault_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match=r"number 2 \(trials\)"):
        load_sources(write(tmp_path, ENTRY + "\n" + ENTRY.replace("notes", "trials") + 'colour = "red"\n'))


def test_a_catalog_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "catalog.toml"
    path.write_bytes(ENTRY.replace("Notes", "Notés").encode("latin-1"))
    with pytest.raises(CatalogError, match="not UTF-8"):
        load_sources(path)


def test_a_catalog_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "catalog.toml"
    path.write_bytes(b"\xef\xbb\xbf" + ENTRY.encode())
    assert load_sources(path)[0].source_id == "notes"


def test_a_missing_path_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="no such file or folder"):
        load_sources(tmp_path / "nowhere")


def test_a_folder_is_one_source_named_after_it(tmp_path: Path) -> None:
    folder = tmp_path / "My Notes (2024)!"
    folder.mkdir()
    (source,) = load_sources(folder)
    assert (source.source_id, source.title, source.kind, source.tier) == (
        "my-notes-2024",
        "My Notes (2024)!",
        "folder",
        "unknown",
    )


def test_a_file_is_one_source_of_kind_file(tmp_path: Path) -> None:
    article = tmp_path / "Irisin.md"
    article.write_text("Irisin improves memory.", encoding="utf-8")
    (source,) = load_sources(article)
    assert (source.source_id, source.kind, source.location) == ("irisin-md", "file", str(article))


PLACES = {
    "pages": 'addresses = ["https://e.org/a", "http://127.0.0.1:8000/b"]',
    "sitemap": 'location = "https://e.org/sitemap.xml"',
    "feed": 'location = "https://e.org/feed"',
    "pubmed": 'query = "irisin"',
    "europe_pmc": 'query = "irisin"',
    "bioc": 'ids = ["PMC1"]',
}


def web(kind: str, *more: str) -> str:
    return "\n".join(('[[source]]\nsource_id = "w"\ntitle = "W"', f'kind = "{kind}"', *more)) + "\n"


@pytest.mark.parametrize("kind", PLACES)
def test_every_kind_on_the_web_is_taken_with_its_place_delay_and_private_hosts(tmp_path: Path, kind: str) -> None:
    text = web(kind, PLACES[kind], "delay_s = 1.5", 'allow_private = ["127.0.0.1:8000", " wiki.local ", "[::1]:8000"]')
    (source,) = load_sources(write(tmp_path, text))
    assert (source.kind, source.delay_s) == (kind, 1.5)
    assert source.allow_private == ("127.0.0.1:8000", "wiki.local", "[::1]:8000")
    assert source.location.startswith("https://") or kind == "pages"


def test_no_kind_was_forgotten_here() -> None:
    assert {*PLACES, "folder", "file"} == set(KINDS)


def test_an_address_stays_as_it_is_and_a_folder_counts_from_the_catalog(tmp_path: Path) -> None:
    text = web("sitemap", 'location = " https://e.org/s.xml "', 'glob = "/blog/*"', "at_most = 3")
    sitemap, notes = load_sources(write(tmp_path, text + ENTRY + "watch = true\n"))
    assert (sitemap.location, sitemap.glob, sitemap.at_most) == ("https://e.org/s.xml", "/blog/*", 3)
    assert (Path(notes.location), notes.watch) == (tmp_path / "articles" / "notes", True)


@pytest.mark.parametrize(
    ("kind", "line", "said"),
    [
        ("pages", "", "lacks the key addresses, which a source of this kind needs"),
        ("pages", "addresses = []", "addresses is empty"),
        ("pages", 'addresses = "https://e.org/a"', "a list of strings in quotes was expected"),
        ("pages", 'addresses = ["https://e.org/a", 3]', "a list of strings in quotes was expected"),
        ("pages", 'addresses = ["https://e.org/a", " "]', "a list of strings in quotes was expected"),
        ("pages", 'addresses = ["https://e.org/a", "e.org/b"]', "addresses: 'e.org/b' does not begin with http://"),
        ("pages", 'addresses = ["file:///etc/passwd"]', "does not begin with http://"),
        ("pages", 'addresses = ["https://"]', "has no host"),
        ("pages", 'addresses = ["https://jo:geheim@e.org/a"]', "user name or password"),
        ("sitemap", "", "lacks the key location"),
        (
            "sitemap",
            'location = "articles/sitemap.xml"',
            "location: 'articles/sitemap.xml' does not begin with http://",
        ),
        ("feed", 'location = " "', "location is empty"),
        ("feed", 'location = "feed://e.org/feed"', "does not begin with http://"),
        (
            "feed",
            'location = "https://e.org"\nglob = "*.md"',
            "found the key glob, which means nothing for the kind 'feed'",
        ),
        ("feed", 'location = "https://e.org"\nwatch = true', "found the key watch"),
        ("pubmed", 'query = " "', "query is empty"),
        ("pubmed", 'query = "irisin"\nlocation = "eutils"', "does not begin with http://"),
        ("bioc", 'ids = [" "]', "a list of strings in quotes was expected"),
    ],
)
def test_a_wrong_place_on_the_web_is_refused(tmp_path: Path, kind: str, line: str, said: str) -> None:
    with pytest.raises(CatalogError) as caught:
        load_sources(write(tmp_path, web(kind, line)))
    assert said in str(caught.value)
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("at_most = -1", "at_most is -1; a whole number, 0 or more was expected"),
        ("at_most = 1.5", "at_most is 1.5; a whole number"),
        ("at_most = true", "at_most is True; a whole number"),
        ("delay_s = -0.5", "delay_s is -0.5; a number, 0 or more"),
        ("delay_s = inf", "delay_s is inf; a number"),
        ("delay_s = nan", "delay_s is nan; a number"),
        ('delay_s = "1"', "delay_s is '1'; a number"),
        ('allow_private = "wiki.local"', "a list of strings in quotes"),
        ('allow_private = ["http://wiki.local/"]', "allow_private: 'http://wiki.local/' is no host"),
        ('allow_private = ["10.0.0.0/8"]', "is no host"),
        ('allow_private = ["*"]', "is no host"),
    ],
)
def test_wrong_terms_of_a_source_on_the_web_are_refused(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(CatalogError) as caught:
        load_sources(write(tmp_path, web("pages", PLACES["pages"], line)))
    assert said in str(caught.value)


@pytest.mark.parametrize(("name", "expected"), [("A  b_C", "a-b-c"), ("---", "source"), ("Ünlü", "nl")])
def test_slugs_hold_letters_digits_and_single_hyphens(name: str, expected: str) -> None:
    assert slug(name) == expected
