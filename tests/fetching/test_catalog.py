from pathlib import Path

import pytest

from pipeline.fetching import CatalogError, load_sources
from pipeline.fetching.catalog import slug

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


@pytest.mark.parametrize(("name", "expected"), [("A  b_C", "a-b-c"), ("---", "source"), ("Ünlü", "nl")])
def test_slugs_hold_letters_digits_and_single_hyphens(name: str, expected: str) -> None:
    assert slug(name) == expected
