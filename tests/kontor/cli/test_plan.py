"""`kontor plan` and `kontor check-plan`: files in, files out, exit codes, nothing written on refusal, Ctrl-C."""

import json
import signal
import subprocess
import sys
import time

import pytest

from kontor.cli import main

EVENT = {
    "format": "kontor-meetings/1",
    "name": "example",
    "gap_rule": "day",
    "slots": [{"day": 0}, {"day": 0}, {"day": 0}],
    "halls": [{"id": "E", "tables": 2}],
    "people": [{"id": "a"}, {"id": "b"}, {"id": "c"}],
    "meetings": [{"id": "m1", "people": ["a", "b"]}, {"id": "m2", "people": ["a", "c"], "slot": 2}],
}
# Two meetings of one person that can never be side by side, where the bound on gaps does not see it: never proved.
ENDLESS = {
    **EVENT,
    "people": [{"id": name} for name in "abcdef"],
    "meetings": [
        {"id": f"m{i}", "people": list(pair)}
        for i, pair in enumerate(["ab", "cd", "ef", "ac", "bd", "ae", "bf"])
    ],
}


@pytest.fixture
def instance(tmp_path):
    path = tmp_path / "event.json"
    path.write_text(json.dumps(EVENT), encoding="utf-8")
    return path


def test_a_plan_is_written_and_found_valid(instance, tmp_path, capsys):
    output = tmp_path / "plan.json"
    assert main(["plan", str(instance), "--output", str(output), "--seconds", "5"]) == 0
    plan = json.loads(output.read_text(encoding="utf-8"))
    assert list(plan) == [
        "format",
        "instance",
        "meetings",
        "unplaced",
        "measures",
        "bounds",
        "proved",
        "seed",
        "iterations",
        "wall_s",
        "cpu_s",
    ]
    assert plan["meetings"]["m1"]["slot"] == 1
    assert (plan["measures"]["placed"], plan["measures"]["gaps"], plan["proved"]) == (2, 0, True)
    assert "proved best" in capsys.readouterr().err
    assert main(["check-plan", str(instance), str(output)]) == 0
    assert capsys.readouterr().out == ""


def test_quiet_says_nothing(instance, tmp_path, capsys):
    assert main(["plan", str(instance), "--output", str(tmp_path / "plan.json"), "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")


def test_violations_are_listed_one_a_line(instance, tmp_path, capsys):
    output = tmp_path / "plan.json"
    main(["plan", str(instance), "--output", str(output), "--quiet"])
    plan = json.loads(output.read_text(encoding="utf-8"))
    plan["meetings"]["m1"]["slot"] = 2
    plan["measures"]["placed"] = 1
    output.write_text(json.dumps(plan), encoding="utf-8")
    assert main(["check-plan", str(instance), str(output)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "H1: a has 2 meetings in slot 2: m1, m2"
    assert "M1: placed is stated as 1, counted 2" in lines


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "no JSON in UTF-8"),
        ("[]", "the file must hold one JSON object"),
        ('{"format": "kontor-meetings/1", "format": 2}', 'key "format" stands twice'),
        (json.dumps({**EVENT, "colour": "red"}), 'unknown key "colour"'),
        (json.dumps({**EVENT, "people": []}), 'meetings[0].people[0]: no person "a"'),
    ],
)
def test_an_unusable_file_is_refused_and_nothing_is_written(tmp_path, capsys, text, message):
    path = tmp_path / "event.json"
    path.write_text(text, encoding="utf-8")
    output = tmp_path / "plan.json"
    assert main(["plan", str(path), "--output", str(output)]) == 2
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [path]
    assert main(["check-plan", str(path), str(path)]) == 2


def test_a_missing_file_is_named(instance, tmp_path, capsys):
    assert main(["check-plan", str(instance), str(tmp_path / "none.json")]) == 2
    assert capsys.readouterr().err == f"{tmp_path / 'none.json'}: No such file or directory\n"


def test_the_same_file_gives_the_same_plan_with_iterations_and_one_worker(tmp_path):
    path = tmp_path / "event.json"
    path.write_text(json.dumps(ENDLESS), encoding="utf-8")
    plans = []
    for name in ("one.json", "two.json"):
        arguments = ["--iterations", "200000", "--workers", "1", "--seed", "3", "--quiet"]
        assert main(["plan", str(path), "--output", str(tmp_path / name), *arguments]) == 0
        plans.append(json.loads((tmp_path / name).read_text(encoding="utf-8"))["meetings"])
    assert plans[0] == plans[1]


def test_a_plan_can_be_continued_and_a_foreign_start_is_refused(instance, tmp_path):
    output = tmp_path / "plan.json"
    main(["plan", str(instance), "--output", str(output), "--quiet"])
    before = json.loads(output.read_text(encoding="utf-8"))
    arguments = ["plan", str(instance), "--output", str(output), "--quiet", "--start", str(output)]
    assert main([*arguments, "--iterations", "0"]) == 0
    assert json.loads(output.read_text(encoding="utf-8"))["meetings"] == before["meetings"]
    output.write_text(json.dumps({**before, "instance": "other"}), encoding="utf-8")
    assert main(arguments) == 2


@pytest.mark.parametrize(
    "arguments", [["--seconds", "-1"], ["--workers", "0"], ["--iterations", "x"], ["--seconds", "nan"]]
)
def test_wrong_numbers_are_refused(instance, tmp_path, arguments):
    with pytest.raises(SystemExit) as caught:
        main(["plan", str(instance), "--output", str(tmp_path / "plan.json"), *arguments])
    assert caught.value.code == 2


def test_ctrl_c_writes_the_best_plan_so_far(tmp_path):
    people = [{"id": f"p{i}"} for i in range(40)]
    meetings = [
        {"id": f"m{i}-{j}", "people": [f"p{i}", f"p{j}"]}
        for i in range(40)
        for j in range(i + 1, 40)
        if (i * j) % 5 == 1
    ]
    event = {
        **EVENT,
        "slots": [{"day": 0}] * 9,
        "people": people,
        "meetings": meetings,
        "halls": [{"id": "E", "tables": 9}],
    }
    path, output = tmp_path / "event.json", tmp_path / "plan.json"
    path.write_text(json.dumps(event), encoding="utf-8")
    script = "import sys; from kontor.cli import main; sys.exit(main())"
    arguments = ["plan", str(path), "--output", str(output), "--seconds", "300"]
    command = [sys.executable, "-c", script, *arguments]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    process.stderr.readline()
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=300) == 0
    process.stderr.close()
    assert main(["check-plan", str(path), str(output)]) == 0


def test_the_commands_do_not_start_the_site():
    script = "import sys, kontor.cli.plan, kontor.cli.check_plan; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
