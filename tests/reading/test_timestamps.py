import pytest

from pipeline.reading.timestamps import mark_timestamps, split_at_timestamps


def split(text: str) -> list[tuple[str, float | None]]:
    return [(" ".join(words.split()), second) for words, second in split_at_timestamps(mark_timestamps(text))]


def anchor(clock: str) -> str:
    return f'<a class="yt-timestamp" data-t="{clock}">[{clock}]</a>'


@pytest.mark.parametrize(
    "mark",
    [
        anchor("00:37:52"),
        f"[00:37:52]({anchor('00:37:52')})",
        '[00:37:52](<a class="yt-timestamp" data-t="00:37:52">00:37:52</a>)',
        f"[{anchor('00:37:52')}]",
        f"({anchor('00:37:52')})",
        "[00:37:52]",
        "([00:37:52])",
        "[37:52]",
        "[00:37:52, 01:02:03]",
        f"{anchor('00:37:52')}, {anchor('01:02:03')}",
        f"[Source: {anchor('00:37:52')}]",
    ],
)
@pytest.mark.parametrize("end", [" {}.", ". {}", " {}"])
def test_every_form_gives_its_seconds_and_leaves_the_sentence_clean(mark: str, end: str) -> None:
    ((words, second),) = split("IL-6 rose" + end.format(mark))
    assert words.rstrip(".") == "IL-6 rose"
    assert second == 37 * 60 + 52


def test_a_paragraph_is_split_where_a_timestamp_ends_a_sentence() -> None:
    assert split("IL-6 rose. It fell [00:00:10]. BDNF rose [00:00:20]. Nothing else did.") == [
        ("IL-6 rose. It fell.", 10.0),
        ("BDNF rose.", 20.0),
        ("Nothing else did.", None),
    ]


def test_a_timestamp_inside_a_sentence_does_not_split_it_and_the_first_counts() -> None:
    assert split("Fasting lowers mTOR [00:00:10], and so [00:00:15] does sleep [00:00:20].") == [
        ("Fasting lowers mTOR, and so does sleep.", 10.0)
    ]


def test_where_a_paragraph_begins_with_one_they_stand_before_their_words() -> None:
    assert split("[00:00:10] IL-6 rose. [00:00:20] BDNF fell.") == [("IL-6 rose.", 10.0), ("BDNF fell.", 20.0)]


def test_minutes_written_first_are_known_by_impossible_hours() -> None:
    assert split("IL-6 rose [56:20:00]. BDNF fell [01:07:19].") == [("IL-6 rose.", 3380.0), ("BDNF fell.", 4039.0)]


@pytest.mark.parametrize(
    "text", ["A ratio of [1:2] was seen.", "See [12] and [3:].", "At 12:30 they ate.", "<a href='x'>y</a>."]
)
def test_other_brackets_are_left_alone(text: str) -> None:
    assert split(text) == [(text, None)]
