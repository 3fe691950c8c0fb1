"""The flow end to end: starter articles, hostile articles, and runs after runs."""

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import pipeline
from pipeline.claims.extractor import Extractor
from pipeline.cli import main
from pipeline.fetching.catalog import CatalogError
from pipeline.progress import Progress, listening
from pipeline.records import Article, Extraction
from pipeline.run_report import RunReport
from pipeline.running import extraction as extracting
from pipeline.settings import Settings
from pipeline.store import Build, DatabaseBusyError, OutputNotWritableError

GOOD = "Irisin and memory\n\nIrisin increases BDNF in mice. Exercise improves memory by increasing BDNF.\n"
ENGLISH = "The muscles of the body are at work in many of the things that people do on every day of the week. "
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
    + "".join(f'<!ENTITY lol{n} "{"&lol" + (str(n - 1) if n > 1 else "") + ";"}{"&lol;" * 9}">' for n in range(1, 9))
    + "]><article><body><p>&lol8;</p></body></article>"
)
GERMAN = (
    "Die Skelettmuskulatur schüttet bei körperlicher Arbeit Botenstoffe aus, die im Gehirn wirken. "
    "Wer sich regelmäßig bewegt, hat nach den vorliegenden Untersuchungen ein besseres Gedächtnis. "
) * 8
EXTERNAL = (
    '<?xml version="1.0"?><!DOCTYPE article [<!ENTITY secret SYSTEM "file:///etc/hostname">]>'
    "<article><body><p>Irisin increases &secret;.</p></body></article>"
)
# File name, bytes, and a word of the reason that the user is given.
HOSTILE: tuple[tuple[str, bytes, str], ...] = (
    ("empty.txt", b"", "empty"),
    ("blank.md", b" \n\t\n", ""),
    ("binary.txt", bytes(range(256)) * 40, ""),
    ("truncated.pdf", b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Typ", ""),
    ("no-text.html", b"<html><head><title>x</title></head><body><nav><a href='/'>Home</a></nav></body></html>", ""),
    ("malformed.xml", b"<article><front></article>", ""),
    ("laughs.xml", LAUGHS.encode(), ""),
    ("external.nxml", EXTERNAL.encode(), ""),
    ("huge.txt", (ENGLISH * 500_000).encode(), "MB"),
    ("utf-16-without-mark.txt", (ENGLISH * 4).encode("utf-16-le")[1:], ""),
    ("german.txt", GERMAN.encode(), "English"),
    ("sheet.xlsx", b"PK\x03\x04", "suffix"),
)


def dump(db: Path, without: frozenset[str] = frozenset()) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables but `runs`, in an order of their own; columns named in `without` left out."""
    with pipeline.connect(db) as connection:
        tables = connection.execute(
            "SELECT table_name, list(column_name ORDER BY column_index) FROM duckdb_columns() "
            "JOIN duckdb_tables() USING (table_name) WHERE table_name <> 'runs' GROUP BY ALL"
        ).fetchall()
        return {
            table: connection.execute(
                f"SELECT {', '.join(column for column in columns if column not in without)} FROM {table} ORDER BY ALL"
            ).fetchall()
            for table, columns in tables
        }


def rows(db: Path, query: str) -> list[tuple[Any, ...]]:
    with pipeline.connect(db) as connection:
        return connection.execute(query).fetchall()


def write(folder: Path, articles: dict[str, str]) -> Path:
    for name, text in articles.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


# Starter articles


def test_every_starter_article_is_used(starter_run: RunReport, root: Path) -> None:
    files = [path for path in (root / "sources/articles").rglob("*") if path.is_file()]
    assert starter_run.rejects == ()
    assert starter_run.counts["extracted"] == len(files) >= 8


def test_starter_articles_give_claims_triples_and_tables(starter_run: RunReport) -> None:
    assert starter_run.totals["claims"] > 50
    assert starter_run.totals["triples"] > 5
    assert {path.name for path in starter_run.tables} >= {"evidence.csv", "triples.csv", "consensus.csv"}
    assert all(path.stat().st_size > 0 for path in starter_run.tables)


def test_the_evidence_of_every_claim_is_its_text(starter_run: RunReport) -> None:
    wrong = rows(
        starter_run.db,
        "SELECT claim_id FROM claims JOIN documents d USING (document_id) JOIN sentences s USING (sentence_id) "
        "WHERE d.text[claims.char_start + 1 : claims.char_end] <> s.text",  # SQL counts from 1
    )
    assert wrong == []


@pytest.mark.parametrize("verdict", ["consensus", "contested", "no effect"])
def test_starter_articles_show_each_verdict(starter_run: RunReport, verdict: str) -> None:
    condition = "direction = 'none'" if verdict == "no effect" else f"verdict = '{verdict}'"
    assert rows(starter_run.db, f"FROM consensus WHERE {condition}")


def test_summary_shows_numbers_highlights_and_places(
    starter_run: RunReport, capsys: pytest.CaptureFixture[str]
) -> None:
    from pipeline.summary import print_summary

    with pipeline.connect(starter_run.db) as connection:
        print_summary(starter_run, connection)
    out = capsys.readouterr().out
    for word in ("Articles", "Claims", "Triples", "Consensus", "Contested", "Depends", "No effect", "Copied"):
        assert f"\n{word} " in f"\n{out}"
    assert str(starter_run.db) in out
    assert all(str(path) in out for path in starter_run.tables)


# Hostile articles


@pytest.fixture(scope="module")
def hostile_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunReport]:
    folder = tmp_path_factory.mktemp("hostile")
    write(folder / "articles", {"a-good.txt": GOOD, "z-good.txt": GOOD.replace("Irisin", "Cathepsin B")})
    for name, data, _ in HOSTILE:
        (folder / "articles" / name).write_bytes(data)
    catalog = "".join(
        f'[[source]]\nsource_id = "{source_id}"\ntitle = "x"\nkind = "{kind}"\nlocation = "{location}"\n'
        for source_id, kind, location in (
            ("missing_folder", "folder", "no-such-folder"),
            ("missing_file", "file", "no-such-file.txt"),
            ("present", "folder", "articles"),
        )
    )
    (folder / "catalog.toml").write_text(catalog)
    yield pipeline.run(folder / "catalog.toml", folder / "out/claims.duckdb")
    (folder / "articles/huge.txt").unlink()


@pytest.mark.parametrize(("name", "word"), [(name, word) for name, _, word in HOSTILE])
def test_hostile_article_is_rejected_with_a_reason(hostile_run: RunReport, name: str, word: str) -> None:
    found = rows(hostile_run.db, f"SELECT reason FROM rejects WHERE source_id = 'present' AND path = '{name}'")
    assert len(found) == 1
    assert word in found[0][0]
    assert len(found[0][0]) > 10
    assert "Traceback" not in found[0][0] and "please report" not in found[0][0]


@pytest.mark.parametrize("source_id", ["missing_folder", "missing_file"])
def test_source_that_is_not_there_is_rejected(hostile_run: RunReport, source_id: str) -> None:
    ((stage, reason),) = rows(hostile_run.db, f"SELECT stage, reason FROM rejects WHERE source_id = '{source_id}'")
    assert stage == "fetching"
    assert "no-such" in reason


def test_other_articles_go_through(hostile_run: RunReport) -> None:
    paths = rows(hostile_run.db, "SELECT path FROM documents ORDER BY path")
    assert paths == [("a-good.txt",), ("z-good.txt",)]
    assert hostile_run.totals["claims"] > 0
    assert hostile_run.counts["rejected"] == len(hostile_run.rejects) == len(HOSTILE) + 2


# Runs after runs


def test_second_run_extracts_nothing_and_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = write(tmp_path / "articles", {"a.txt": GOOD, "b.txt": GOOD.replace("Irisin", "Lactate"), "c.txt": ""})
    db = tmp_path / "claims.duckdb"
    pipeline.run(sources, db)
    before = dump(db)

    def refuse(*_: object) -> Extractor:
        raise AssertionError("nothing is to be extracted")

    monkeypatch.setattr(extracting, "loaded_extractor", refuse)
    report = pipeline.run(sources, db)
    assert (report.counts["extracted"], report.counts["unchanged"], report.counts["rejected"]) == (0, 2, 1)
    assert dump(db) == before


def test_fresh_run_extracts_all_again_and_changes_nothing(tmp_path: Path) -> None:
    sources = write(tmp_path / "articles", {"a.txt": GOOD, "b.txt": GOOD})
    db = tmp_path / "claims.duckdb"
    volatile = frozenset({"fetched_at", "extracted_run", "first_run"})
    pipeline.run(sources, db)
    before = dump(db, volatile)
    report = pipeline.run(sources, db, fresh=True)
    assert report.counts["extracted"] == 2
    assert dump(db, volatile) == before


def test_changed_article_supersedes_the_old_version_which_stays(tmp_path: Path) -> None:
    sources = write(tmp_path / "articles", {"a.txt": GOOD, "b.txt": GOOD})
    db = tmp_path / "claims.duckdb"
    pipeline.run(sources, db)
    write(sources, {"a.txt": GOOD.replace("increases", "decreases")})
    report = pipeline.run(sources, db)
    assert (report.counts["extracted"], report.counts["unchanged"]) == (1, 1)
    versions = rows(db, "SELECT document_id, superseded_by FROM documents WHERE path = 'a.txt' ORDER BY superseded_by")
    assert len(versions) == 2
    assert {versions[0][1], versions[1][1]} == {None, next(id_ for id_, by in versions if by is None)}
    assert rows(db, "SELECT DISTINCT effect FROM evidence WHERE path = 'a.txt' AND object_id = 'bdnf' AND "
                    "subject_id = 'irisin'") == [("decreases",)]  # fmt: skip


def test_order_of_sources_and_batches_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {f"{name}.txt": GOOD.replace("Irisin", name) for name in ("Irisin", "Lactate", "Apelin")}
    for folder in ("one", "two"):
        write(tmp_path / folder, texts)  # the same articles in both: exact copies
    tables = [
        f'[[source]]\nsource_id = "{name}"\ntitle = "x"\nkind = "folder"\nlocation = "{name}"\n'
        for name in ("one", "two")
    ]
    (tmp_path / "catalog.toml").write_text("".join(tables))
    (tmp_path / "reversed.toml").write_text("".join(reversed(tables)))
    monkeypatch.setenv("MYOCLAIMS_BATCH_SIZE", "4")
    pipeline.run(tmp_path / "catalog.toml", tmp_path / "a.duckdb")
    monkeypatch.setenv("MYOCLAIMS_BATCH_SIZE", "1")
    pipeline.run(tmp_path / "reversed.toml", tmp_path / "b.duckdb")
    volatile = frozenset({"fetched_at", "extracted_run", "first_run"})
    assert dump(tmp_path / "a.duckdb", volatile) == dump(tmp_path / "b.duckdb", volatile)


# What fails on the way


class Stumbling(Extractor):
    """Fails on articles that say "stumble"; lies about offsets in those that say "contradict"."""

    def extract_all(self, articles: Iterable[Article]) -> Iterator[Extraction]:
        for article in articles:
            if "stumble" in article.text:
                raise ZeroDivisionError("no such\nluck")
            for extraction in super().extract_all([article]):
                if "contradict" in article.text:
                    shifted = tuple(replace(s, char_start=s.char_start + 1) for s in extraction.sentences)
                    extraction = replace(extraction, sentences=shifted)
                yield extraction


@pytest.fixture
def stumbling(monkeypatch: pytest.MonkeyPatch) -> None:
    extractor = Stumbling.load(Settings())
    monkeypatch.setattr(extracting, "loaded_extractor", lambda _: extractor)


@pytest.mark.parametrize(("word", "stage"), [("stumble", "extracting"), ("contradict", "storing")])
def test_article_that_fails_is_rejected_alone(tmp_path: Path, stumbling: None, word: str, stage: str) -> None:
    bad = GOOD + f"\nTo {word} is human, and it is as true of the muscles as it is of the mind.\n"
    sources = write(tmp_path / "articles", {"a.txt": GOOD, "b.txt": bad, "c.txt": GOOD.replace("Irisin", "Lactate")})
    report = pipeline.run(sources, tmp_path / "claims.duckdb")
    assert [(reject.path, reject.stage) for reject in report.rejects] == [("b.txt", stage)]
    assert "\n" not in report.rejects[0].reason
    assert report.counts["extracted"] == 2


def test_run_that_breaks_off_leaves_the_published_database_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = write(tmp_path / "articles", {"a.txt": GOOD})
    db = tmp_path / "out" / "claims.duckdb"
    pipeline.run(sources, db)
    before, files = dump(db), sorted(db.parent.iterdir())
    write(sources, {"b.txt": GOOD})

    def pull_the_plug(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("flows.reconciled", pull_the_plug)
        with pytest.raises(KeyboardInterrupt):
            pipeline.run(sources, db)
    assert dump(db) == before
    shards = db.with_name(db.name + ".shards")
    assert sorted(db.parent.iterdir()) == sorted([*files, shards])

    def refuse(*_: object) -> Extractor:
        raise AssertionError("what was extracted before the run broke off is not extracted again")

    monkeypatch.setattr(extracting, "loaded_extractor", refuse)
    assert pipeline.run(sources, db).counts["extracted"] == 1
    assert sorted(db.parent.iterdir()) == files


def test_second_run_on_a_database_that_is_being_built_is_refused(tmp_path: Path) -> None:
    sources = write(tmp_path / "articles", {"a.txt": GOOD})
    db = tmp_path / "claims.duckdb"
    pipeline.run(sources, db)
    before = dump(db)
    with Build(db, "another run"), pytest.raises(DatabaseBusyError, match="Another run"):
        pipeline.run(sources, db)
    assert dump(db) == before


def test_output_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    sources = write(tmp_path / "articles", {"a.txt": GOOD})
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputNotWritableError, match="file"):
        pipeline.run(sources, tmp_path / "file" / "claims.duckdb")


def test_missing_catalog_is_told(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match=r"none\.toml"):
        pipeline.run(tmp_path / "none.toml", tmp_path / "claims.duckdb")


@pytest.mark.parametrize(
    ("articles", "options", "code"),
    [
        ({"a.txt": GOOD}, (), 0),
        ({"a.txt": GOOD}, ("--strict",), 0),
        ({"a.txt": GOOD, "b.txt": ""}, (), 0),
        ({"a.txt": GOOD, "b.txt": ""}, ("--strict",), 1),
        ({"b.txt": ""}, (), 1),
        ({}, (), 1),
    ],
)
def test_exit_code_of_a_run(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    articles: dict[str, str],
    options: tuple[str, ...],
    code: int,
) -> None:
    (tmp_path / "articles").mkdir()
    sources = write(tmp_path / "articles", articles)
    with pytest.raises(SystemExit) as ended:
        main(["run", "--sources", str(sources), "--db", str(tmp_path / "claims.duckdb"), *options])
    assert ended.value.code == code
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    assert ("b.txt" in out) == ("b.txt" in articles)


@pytest.mark.parametrize("fault", ["busy", "unwritable"])
def test_run_that_cannot_begin_is_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str], fault: str) -> None:
    sources = write(tmp_path / "articles", {"a.txt": GOOD})
    (tmp_path / "file").write_text("in the way")
    db = tmp_path / ("claims.duckdb" if fault == "busy" else "file/claims.duckdb")
    with Build(tmp_path / "claims.duckdb", "another run"), pytest.raises(SystemExit) as ended:
        main(["run", "--sources", str(sources), "--db", str(db)])
    assert ended.value.code == 2
    out, err = capsys.readouterr()
    assert err.startswith("myoclaims: ")
    assert "Traceback" not in out + err


# Pieces


def test_progress_is_told_to_the_listener(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = write(tmp_path / "articles", {"a.txt": GOOD, "b.txt": GOOD})
    monkeypatch.setenv("MYOCLAIMS_BATCH_SIZE", "1")
    heard: list[Progress] = []
    with listening(heard.append):
        pipeline.run(sources, tmp_path / "claims.duckdb")
    assert [(progress.step, progress.articles) for progress in heard] == [
        ("articles", 1),
        ("articles", 2),
        ("reconciling", 2),
        ("exporting", 2),
    ]
    assert heard[-1].claims > heard[0].claims > 0


def test_extract_gives_the_claims_of_a_text() -> None:
    text = "First paragraph\nin two lines.\n\nIrisin increases BDNF in mice."
    claims = pipeline.extract(text)
    assert [(c.subject_id, c.object_id, str(c.effect)) for c in claims] == [("irisin", "bdnf", "increases")]
    assert text[claims[0].char_start : claims[0].char_end] == "Irisin increases BDNF in mice."


def test_file_of_several_articles_is_read_again_but_known_articles_are_not_extracted(
    root: Path, tmp_path: Path
) -> None:
    found = (root / "sources/articles/abstracts").glob("*.xml")
    texts = [path.read_text(encoding="utf-8") for path in sorted(found)]
    inner = [text[text.index("<PubmedArticle>") : text.rindex("</PubmedArticle>")] for text in texts]
    (tmp_path / "articles").mkdir()
    joined = "".join(f"{part}</PubmedArticle>" for part in inner)
    (tmp_path / "articles/set.xml").write_text(f"<PubmedArticleSet>{joined}</PubmedArticleSet>", encoding="utf-8")
    first = pipeline.run(tmp_path / "articles", tmp_path / "claims.duckdb")
    second = pipeline.run(tmp_path / "articles", tmp_path / "claims.duckdb")
    assert (first.counts["extracted"], second.counts["extracted"], second.counts["unchanged"]) == (2, 0, 2)
    shutil.rmtree(tmp_path / "articles")
