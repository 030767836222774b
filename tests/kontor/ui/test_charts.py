"""Geometry of the charts: true to the values, within the drawing, never without the table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontor.ui import charts


def test_bars_are_as_long_as_their_values() -> None:
    chart = charts.bar_chart(
        "t", [("a", 4), ("b", 1), ("c", 0)], label_heading="l", value_heading="v", marked=["b"]
    )
    assert [(datum.share, datum.is_marked) for datum in chart.data] == [
        (1.0, False),
        (0.25, True),
        (0.0, False),
    ]


def test_shares_are_ruled_against_the_whole() -> None:
    chart = charts.bar_chart("t", [("a", 0.5)], label_heading="l", value_heading="v", is_share=True)
    assert (chart.data[0].share, chart.data[0].text) == (0.5, "50%")


def test_a_chain_is_ruled_against_its_first_step() -> None:
    chart = charts.chain_chart(
        "t",
        [("planned", 720, ""), ("held", 605, "of 720"), ("unknown", 0, "")],
        label_heading="l",
        value_heading="v",
    )
    assert [round(datum.share, 3) for datum in chart.data] == [1.0, 0.84, 0.0]


def test_nothing_to_show_draws_nothing() -> None:
    assert charts.bar_chart("t", [], label_heading="l", value_heading="v").data == []
    assert charts.histogram("t", [], label_heading="l", value_heading="v").columns == []
    assert charts.line_chart("t", [], [], label_heading="l").lines == []


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=60))
def test_columns_stand_on_the_axis_and_stay_in_the_drawing(counts: list[int]) -> None:
    chart = charts.histogram(
        "t", [(str(n), count) for n, count in enumerate(counts)], label_heading="l", value_heading="v"
    )
    for column in chart.columns:
        assert column.y + column.height == pytest.approx(charts.BOTTOM, abs=0.11)
        assert column.y >= charts.TOP - 0.11
        assert column.x + column.width <= charts.WIDTH + 0.11
    assert sum(column.is_labelled for column in chart.columns) <= 12
    assert 1 <= len(chart.ticks) <= 4


def test_axes_end_at_round_numbers() -> None:
    chart = charts.histogram("t", [("0", 88)], label_heading="l", value_heading="v")
    assert [tick.text for tick in chart.ticks] == ["50", "100"]
    assert [
        tick.text for tick in charts.histogram("t", [("0", 2)], label_heading="l", value_heading="v").ticks
    ] == [
        "1",
        "2",
    ]


def test_lines_have_a_point_for_each_label_and_names_that_do_not_collide() -> None:
    chart = charts.line_chart(
        "t", ["2016", "2017", "2018"], [("a", [1, 2, 3]), ("b", [3, 2, 3])], label_heading="y"
    )
    assert [len(line.points.split()) for line in chart.lines] == [3, 3]
    first, second = (line.label_y for line in chart.lines)
    assert abs(first - second) >= 13
    assert chart.rows == [("2016", ["1", "3"]), ("2017", ["2", "2"]), ("2018", ["3", "3"])]


def test_a_line_passes_by_labels_for_which_it_has_no_value() -> None:
    chart = charts.line_chart(
        "t", ["2016", "2017", "2018"], [("a", [1, None, 3]), ("b", [None, 2, None])], label_heading="y"
    )
    assert [len(line.points.split()) for line in chart.lines] == [2, 1]
    assert chart.rows == [("2016", ["1", ""]), ("2017", ["", "2"]), ("2018", ["3", ""])]
    assert chart.lines[1].end_x == (charts.LEFT + charts.WIDTH - 70) / 2


def test_series_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="every series needs 2 values"):
        charts.line_chart("t", ["a", "b"], [("x", [1.0])], label_heading="l")


@pytest.mark.parametrize(
    ("positions", "named"),
    [
        ([0, 0.25, 0.5, 0.75, 1], [1, 3, 5]),
        # the days lie close to the end: a label there would stand in the last one
        ([0, 0.05, 0.8, 0.9, 1], [1, 5]),
        ([0, 0.05, 0.6, 0.9, 1], [1, 3, 5]),
    ],
)
def test_a_label_in_the_middle_stands_where_it_covers_no_other(
    positions: list[float], named: list[int]
) -> None:
    drawn = charts.line_chart(
        "Course",
        [f"Nov. 200{number}" for number in range(1, 6)],
        [("Members", [1, 2, 3, 4, 5])],
        label_heading="Day",
        positions=positions,
    )
    assert [one.text for one in drawn.axis_labels] == [f"Nov. 200{number}" for number in named]
