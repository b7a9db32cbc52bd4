"""Which failures may be the machine's doing, and are judged once more on a quiet worker. Pure."""

from grader.marking import Evidence
from grader.outcome import CaseRun
from grader.spec import Limits


def suspicious(evidence: Evidence, limits: Limits) -> bool:
    """Tell whether a busy or broken machine may have failed a submission.

    So it may be with a death by the clock of a process that had CPU time left, with a crash by a
    signal, and with one case over its CPU limit where another took more than half of it. A loop
    that never ends is not suspicious: its other cases take no time, or are not run.
    """
    cases = evidence.run.cases
    if any(_by_the_clock(case, limits) or case.stopped == "signal" for case in cases):
        return True
    over = [case for case in cases if case.stopped == "cpu"]
    others = [case for case in cases if case.stopped != "cpu"]
    half = limits.cpu_case_s / 2
    return len(over) == 1 and any(case.cpu_s > half for case in others)


def _by_the_clock(case: CaseRun, limits: Limits) -> bool:
    return case.stopped == "wall" and case.cpu_s < limits.cpu_case_s
