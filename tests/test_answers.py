"""The questions page: each answer is a sentence made from the results."""

import json
import re
from pathlib import Path
from statistics import median

import msgspec
import pytest
from builds import ROOT, drawn_once
from records import Entry, run
from reports import made

from bench.pages.suites import load_suites
from bench.project import Project
from bench.records.run_lines import PROTOCOL
from hooks.report import elements as h
from hooks.report.pages.answers import ANSWERS, FASTEST, Versus, answers
from hooks.report.reading.cache import Cache
from hooks.report.reading.report import read_report
from hooks.report.reading.store import Store


def answer_of(tmp_path: Path, first: float, second: float, **more: object) -> str:
    """The answer to whether FlashAttention-3 or cuDNN is faster, as text, with these latencies."""
    entries = [Entry("flash_attn3", "FA3", first), Entry("cudnn_attention", "cuDNN", second)]
    report = made(tmp_path, entries, **more).report
    return re.sub("<[^>]*>", "", h.html(answers(report)["answer-fa3-or-cudnn"]))


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (100, 150, "FA3 is 1.50× as fast as cuDNN: faster at all 6 workloads."),
        (150, 100, "FA3 is 0.67× as fast as cuDNN: slower at all 6 workloads."),
        (100, 100.1, "FA3 is 1.00× as fast as cuDNN: tied at all 6 workloads."),
    ],
)
def test_an_answer_says_by_how_much_and_at_how_many_workloads_one_line_is_faster(
    first: float, second: float, words: str, tmp_path: Path
) -> None:
    assert (
        answer_of(tmp_path, first, second, noise=0.0001) == f"NVIDIA H200, flux, bfloat16: {words}"
    )


def test_latencies_of_a_single_round_are_neither_faster_nor_slower_nor_tied(tmp_path: Path) -> None:
    once = msgspec.structs.replace(PROTOCOL, rounds=1)
    text = answer_of(tmp_path, 100, 150, run=run(protocol=once), noise=0.0001)
    assert text.endswith("FA3 is 1.50× as fast as cuDNN.")


def test_a_question_without_results_names_the_command_that_answers_it(tmp_path: Path) -> None:
    report = made(tmp_path, [Entry("other", "Other", 100)]).report
    text = h.html(answers(report)["answer-fa3-or-cudnn"])
    assert "python -m bench all --suite training" in text


def test_the_page_has_every_answer_and_each_is_about_pages_and_a_suite_that_exist() -> None:
    page = (ROOT / "docs" / "questions.md").read_text(encoding="utf-8")
    placed = re.findall('data-report="answer-([^"]*)"', page)
    assert sorted(placed) == sorted(ANSWERS)
    suites = load_suites(Project(ROOT))
    for sentence, suite in ANSWERS.values():
        assert suite in suites
        names = (
            {sentence.page, sentence.other}
            if isinstance(sentence, Versus)
            else {getattr(sentence, "keywords", {}).get("page", FASTEST)}
        )
        for name in names - {FASTEST}:
            assert (ROOT / "docs" / "impls" / f"{name}.md").is_file()


def test_the_answers_about_a_committed_run_are_what_its_records_say() -> None:
    (path,) = (ROOT / "data").glob("*/20261130T182825Z-decode.jsonl")
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    timed = [each for each in records if each["type"] == "result"]
    report = read_report(Project(ROOT), Store(Project(ROOT), Cache(drawn_once())))
    texts = {
        name: next(
            line
            for line in re.sub("<[^>]*>", "", h.html(answer).replace("</li>", "\n")).splitlines()
            if line.startswith("NVIDIA H200, decode, Cached attention, bfloat16: ")
        ).replace("\u00a0", " ")
        for name, answer in answers(report).items()
        if name in ("answer-first-call", "answer-block-mask", "answer-sustained")
    }
    first = max(each["outcome"]["first_call_ms"] for each in timed if each["round"] == 1)
    assert f"up to {first / 1000:.1f} s (FlashInfer)" in texts["answer-first-call"]
    plans = [
        median(each["outcome"]["plan_us"])
        for each in records
        if each["type"] == "examination" and each["implementation"] == "flex_attention"
    ]
    least, most = (f"{pick(plans) / 1000:.2f}" for pick in (min, max))
    assert f"planning FlexAttention takes {least} to {most} ms" in texts["answer-block-mask"]
    bursts: dict[tuple[str, str], list[float]] = {}
    sustained = {}
    for each in timed:
        case = each["implementation"], json.dumps(each["workload"])
        if burst := each["outcome"].get("burst"):
            bursts.setdefault(case, []).append(burst["wall_us"] / burst["calls"])
        if after := each["outcome"].get("sustained"):
            sustained[case] = after["wall_us"] / after["calls"]
    losses = {case: 100 * (us / median(bursts[case]) - 1) for case, us in sustained.items()}
    assert f"to +{max(losses.values()):.1f} % (FlashAttention-3 (tok" in texts["answer-sustained"]
