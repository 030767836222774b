"""Every broken rule of the format is named with its place."""

import pytest

from kontor_engines.meetings import FormatError, Seat, read_problem


def faults(event):
    with pytest.raises(FormatError) as caught:
        read_problem(event)
    return list(caught.value.faults)


def test_defaults_of_the_format(event):
    problem = read_problem(event)
    assert problem.people[1].slots == {1, 2, 3, 4}
    assert problem.meetings[0].pair == "de-zh"
    assert problem.meetings[0].priority == 1.0
    assert problem.interpreters[0].pairs == {"de-zh"}
    assert problem.interpreters[1].max_run is None
    assert problem.halls[0].tables == (2, 2, 2, 2, 2)
    assert problem.halls[0].closed == {(2, 4)}
    assert (problem.max_gaps, problem.published, problem.frozen_before, problem.max_changes) == (
        None,
        None,
        0,
        None,
    )


def test_published_seats_may_name_what_is_gone(event):
    event["published"] = {
        "m1": {"slot": 1, "hall": "gone", "table": 4, "interpreter": "ill"},
        "cancelled": {"slot": 0, "hall": "E", "table": 1, "interpreter": None},
        "m2": None,
    }
    published = read_problem(event).published
    assert published["m1"] == Seat(slot=1, hall="gone", table=4, interpreter="ill")
    assert published["m2"] is None


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (["format"], "kontor-meetings/2", 'format: must be "kontor-meetings/1", got "kontor-meetings/2"'),
        (["name"], "", 'name: must be a text that is not empty, got ""'),
        (["gap_rule"], "week", 'gap_rule: must be "day" or "timeline", got "week"'),
        (["gaprule"], "day", 'unknown key "gaprule"'),
        (["max_gaps"], -1, "max_gaps: must be at least 0, got -1"),
        (["max_gaps"], True, "max_gaps: must be a whole number, got true"),
        (["slots", 2, "day"], "x", 'slots[2].day: must be a whole number, got "x"'),
        (["slots", 4, "day"], 0, "slots[4].day: day 0 comes back after day 1"),
        (["slots", 0, "start"], "noon", 'slots[0].start: must be a time in ISO 8601, got "noon"'),
        (["slots", 0, "minutes"], 0, "slots[0].minutes: must be at least 1, got 0"),
        (["halls", 1, "id"], "E", 'halls[1].id: "E" stands twice'),
        (
            ["halls", 0, "tables"],
            [1, 2],
            "halls[0].tables: must be one number, or one for each of the 5 slots, got 2",
        ),
        (["halls", 1, "tables"], [1, 1, -1, 1, 1], "halls[1].tables[2]: must be at least 0, got -1"),
        (["halls", 0, "closed", 0, "table"], 3, "halls[0].closed[0].table: no table 3"),
        (["halls", 0, "closed", 0, "slots"], [9], "halls[0].closed[0].slots[0]: no slot 9"),
        (["apart", 0], ["E", "X"], 'apart[0][1]: no hall "X"'),
        (["apart", 0], ["E", "E"], "apart[0]: must be two different halls"),
        (["people", 1, "id"], "anna", 'people[1].id: "anna" stands twice'),
        (["people", 1, "unavailable"], [1, 1], "people[1].unavailable[1]: slot 1 stands twice"),
        (["people", 1, "slots"], "all", 'people[1].slots: must be a list, got "all"'),
        (
            ["interpreters", 0, "pairs"],
            ["DE-zh"],
            'interpreters[0].pairs[0]: must be two lower-case languages such as "de-zh", got "DE-zh"',
        ),
        (["interpreters", 0, "max_run"], 0, "interpreters[0].max_run: must be at least 1, got 0"),
        (["meetings", 0, "people", 1], "p9", 'meetings[0].people[1]: no person "p9"'),
        (["meetings", 0, "people"], ["anna"], "meetings[0].people: a meeting has two or more people, got 1"),
        (["meetings", 0, "people"], ["anna", "anna"], 'meetings[0].people[1]: "anna" stands twice'),
        (["meetings", 0, "priority"], 0, "meetings[0].priority: must be a finite number above 0, got 0"),
        (
            ["meetings", 0, "priority"],
            float("nan"),
            "meetings[0].priority: must be a finite number above 0, got nan",
        ),
        (["meetings", 0, "slot"], 7, "meetings[0].slot: no slot 7"),
        (["meetings", 0, "hall"], "X", 'meetings[0].hall: no hall "X"'),
        (["meetings", 0, "table"], 1, "meetings[0].table: must be true or false, got 1"),
        (["meetings", 1, "table"], False, "meetings[1].hall: a meeting without a table must name its hall"),
        (["meetings", 2, "after"], ["m9"], 'meetings[2].after[0]: no meeting "m9"'),
        (["meetings", 1, "id"], "m1", 'meetings[1].id: "m1" stands twice'),
        (["published"], {"m1": {"slot": 9, "hall": "E"}}, "published.m1.slot: no slot 9"),
        (["frozen_before"], 6, "frozen_before: must be at most 5, got 6"),
        (["locked"], ["m1"], 'locked[0]: "m1" is not in published'),
        (["max_changes"], 1.5, "max_changes: must be a whole number, got 1.5"),
    ],
)
def test_a_fault_is_reported_with_its_place(event, path, value, fault):
    target = event
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    assert fault in faults(event)


def test_all_faults_are_reported_up_to_100(event):
    event["people"][0]["age"] = 3
    del event["halls"][0]["tables"]
    assert faults(event) == [
        'halls[0]: key "tables" is missing',
        "halls[0].closed[0].table: no table 2",
        'people[0]: unknown key "age"',
    ]
    event["meetings"] = [{"id": f"x{i}", "people": ["nobody", "anna"]} for i in range(200)]
    assert len(faults(event)) == 100


def test_cycles_are_faults_of_the_meetings_on_them(event):
    event["meetings"][0]["after"] = ["m3"]
    event["meetings"][1]["after"] = ["m3"]
    assert faults(event) == [
        'meetings[0].after: "m1" would have to lie after itself (a cycle)',
        'meetings[2].after: "m3" would have to lie after itself (a cycle)',
    ]


@pytest.mark.parametrize(
    "data", [{}, [], {"format": None, "slots": {}, "people": 3, "meetings": [4], "halls": [None]}]
)
def test_nonsense_is_refused_and_not_crashed_on(data):
    assert faults(data)
