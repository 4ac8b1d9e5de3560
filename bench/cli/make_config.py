"""Turns the options of the command line into a configuration."""

import fnmatch
import itertools
from collections.abc import Iterable
from dataclasses import replace

import msgspec

from bench.analysis.scope import scope_in
from bench.cli.options import AUTO, DeviceChoice, RunOptions
from bench.devices import Device
from bench.devices.discovery import KINDS, detect_device
from bench.errors import BenchError, did_you_mean, read_all
from bench.operations.discovery import operation_of
from bench.operations.operation import Workload
from bench.pages.implementation import Implementation
from bench.pages.suites import Suite, find_suite, find_workload, load_suites, selection
from bench.project import Project
from bench.records.run_lines import judging, without_sustained
from bench.runner.config import RunConfig
from bench.runner.resume import find_run, refuse_changed, suite_of


def make_config(project: Project, pages: list[Implementation], options: RunOptions) -> RunConfig:
    """The configuration of a run of `pages` with `options`.

    Raises:
        BenchError: there is nothing to measure, a name is unknown, or a run cannot be continued.
    """
    if not pages:
        raise BenchError(
            "there are no pages in docs/impls: write one with python -m bench new NAME"
        )
    out = options.out or project.data
    chosen = find_suite(options.suite, project) if options.suite else None
    if options.workload:
        chosen = _selected(options.workload, chosen, project)
    device = chosen_device(options.device)
    protocol, resume = KINDS[device].protocol, None
    if options.resume:
        if chosen or options.rounds:
            raise BenchError(
                "--resume keeps the run's workloads and rounds: leave out --suite, --workload and "
                "--rounds"
            )
        resume = find_run(options.resume, out, project)
        refuse_changed(resume, tuple(pages))
        chosen, protocol = suite_of(resume, project), resume.run.protocol
    suite = chosen or find_suite(KINDS[device].suite, project)
    if not resume and suite.judged_only:
        protocol = judging(protocol)
    elif not resume and not suite.wants_sustained:
        protocol = without_sustained(protocol)
    if options.rounds:
        protocol = msgspec.structs.replace(protocol, rounds=options.rounds)
    pages, suite = _narrowed(pages, suite, options.only or [])
    return RunConfig(
        project=project,
        implementations=_able(pages, suite),
        suite=suite,
        device=device,
        out=out,
        timeout_s=options.timeout_s,
        build=options.build,
        protocol=protocol,
        share_gpu=options.share_gpu,
        resume=resume,
    )


def _selected(texts: list[str], suite: Suite | None, project: Project) -> Suite:
    """The workloads that `--workload` gives; all must be in `suite`, if there is one.

    Raises:
        BenchError: with every workload that cannot be read, or that `suite` does not have.
    """
    suites = load_suites(project).values()

    def read(text: str) -> Workload:
        workload = find_workload(text, suites)
        if suite and workload not in suite.workloads:
            raise BenchError(f"--workload {text}: suite {suite.name} has no such workload")
        return workload

    return _part(suite, read_all(read, texts))


def _narrowed(
    pages: list[Implementation], suite: Suite, patterns: list[str]
) -> tuple[list[Implementation], Suite]:
    """The pages that match one of `patterns`, or all if none does; the same for workloads.

    Raises:
        BenchError: a pattern matches nothing; the message gives the closest name.
    """
    known = [*(page.slug for page in pages), *(workload.name for workload in suite.workloads)]
    matches = {pattern: fnmatch.filter(known, pattern) for pattern in patterns}
    if lost := [pattern for pattern, names in matches.items() if not names]:
        raise BenchError(
            *(f"--only: no page or workload matches {p!r}{did_you_mean(p, known)}" for p in lost)
        )
    kept = set(itertools.chain(*matches.values()))
    workloads = tuple(workload for workload in suite.workloads if workload.name in kept)
    pages = [page for page in pages if page.slug in kept] or pages
    return pages, _part(suite, workloads) if workloads else suite


def _part(suite: Suite | None, workloads: tuple[Workload, ...]) -> Suite:
    """The workloads as a suite: `suite` without its other workloads, if that splits no scope.

    A scope is a leaderboard, so no leaderboard of the suite comes from two runs. Workloads that
    split a scope become a selection, which is measured as the suite is.
    """
    if not suite:
        return selection(workloads)
    kept = {scope_in(suite.name, workload) for workload in workloads}
    whole = tuple(each for each in suite.workloads if scope_in(suite.name, each) in kept)
    if set(whole) == set(workloads):
        return replace(suite, workloads=whole)
    part = selection(workloads)
    return replace(
        suite, name=part.name, title=part.title, description="", workloads=part.workloads
    )


def _able(implementations: Iterable[Implementation], suite: Suite) -> tuple[Implementation, ...]:
    """The implementations that the suite has a workload for.

    Raises:
        BenchError: there are none.
    """
    able = tuple(
        page
        for page in implementations
        if any(variant.implements(w) for variant in page.variants for w in suite.workloads)
    )
    if not able:
        wanted = " or ".join(sorted({operation_of(w).name for w in suite.workloads}))
        raise BenchError(f"no page here defines {wanted}, which suite {suite.name} measures")
    return able


def chosen_device(choice: DeviceChoice) -> Device:
    """The device that `choice` means on this machine."""
    return detect_device() if choice == AUTO else choice
