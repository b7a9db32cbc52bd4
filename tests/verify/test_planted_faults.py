"""Verification notices: each test plants one fault in a sound challenge and reads its name."""

import pytest

from grader.verify import Certificate

from .conftest import Plant


def said(certificate: Certificate, check: str) -> str:
    """Return the one message of a check; there has to be exactly one kind of fault."""
    assert {check} == {fault.check for fault in certificate.faults}, certificate.faults
    return " / ".join(fault.message for fault in certificate.faults)


def test_a_sound_challenge_holds(plant: Plant) -> None:
    certificate = plant()
    assert () == certificate.faults
    assert certificate.mutation.killed > 20
    assert 1.0 == certificate.mutation.score
    assert (3, 3) == (certificate.separation.separated, certificate.separation.diagnosed)
    assert certificate.noise is not None
    assert certificate.noise.ceiling < certificate.noise.rtol < certificate.noise.floor


def test_a_group_that_tests_nothing(plant: Plant) -> None:
    idle = (
        'GROUPS = (EXAMPLE, ORDINARY, EDGES, Group(name="idle", title="Idle", points=5, '
        'generate=ordinary, draws=3, check=Holds(name="true", holds=lambda *_: True, '
        'message="It is.")))\n'
    )
    message = said(plant(("spec.py", "GROUPS = (EXAMPLE, ORDINARY, EDGES)\n", idle)), "groups")
    assert "the group 'idle' tests nothing" in message


@pytest.mark.parametrize("times", [100, 30_000])
def test_a_tolerance_that_is_too_wide(plant: Plant, times: int) -> None:
    wide = f'MORE = {{"tolerance": Tolerance(rtol={times} * 2.0**-20)}}'
    faults = plant(("spec.py", "MORE = {{}}", wide)).faults
    assert any("is too wide" in f.message for f in faults if f.check == "tolerance")


def test_a_tolerance_that_is_too_narrow(plant: Plant) -> None:
    narrow = 'MORE = {"tolerance": Tolerance(rtol=1e-16, atol=0)}'
    faults = plant(("spec.py", "MORE = {{}}", narrow)).faults
    assert any("rtol 1e-16 is too narrow" in fault.message for fault in faults)


def test_evidence_that_is_out_of_date(plant: Plant) -> None:
    stored = 'MORE = {"tolerance": Tolerance.derived(noise_ceiling=1e-12, bug_floor=1e-2)}'
    faults = plant(("spec.py", "MORE = {{}}", stored)).faults
    assert any("the stored noise ceiling 1.0e-12 is out of date" in f.message for f in faults)


def test_two_variants_that_coincide(plant: Plant) -> None:
    twin = '''
def unweighted(values, rate):
    """Add the values up."""
    return sum(values, 0.0)


def last_missing('''
    entry = (
        'MISTAKES = (\n    Misconception(id="unweighted", variant=programs.unweighted, '
        'title="Sum", hint="Is that all?"),\n'
    )
    certificate = plant(
        ("reference.py", "\ndef last_missing(", twin), ("spec.py", "MISTAKES = (\n", entry)
    )
    messages = [fault.message for fault in certificate.faults if fault.check == "separation"]
    assert ["'unweighted' and 'undamped' coincide"] == [
        m.partition("misconceptions ")[2].partition(":")[0] for m in messages
    ]


def test_a_variant_that_is_right(plant: Plant) -> None:
    same = ("reference.py", "total = total + rate * value", "total = value + rate * total")
    faults = plant(same).faults
    assert any(
        "'damped-value' cannot be told from the reference" in fault.message for fault in faults
    )


def test_a_reference_with_a_wrong_sign(plant: Plant) -> None:
    faults = plant(("reference.py", "total = rate * total + value", "total = rate * total - value"))
    messages = [fault.message for fault in faults.faults if fault.check == "doctest"]
    assert any("the doctest of reference." in m and "damped_sum fails" in m for m in messages)


def test_a_mutant_that_survives(plant: Plant) -> None:
    """Only values of one sign and no rate but 1: the rate is never looked at."""
    tame = ("spec.py", "round(float(rng.uniform(0.2, 0.8)), 3)", "1.0")
    certificate = plant(
        tame,
        (
            "spec.py",
            'Case(name="one", args=([2.5], 0.25)),',
            'Case(name="one", args=([2.5], 1.0)),',
        ),
    )
    messages = [fault.message for fault in certificate.faults if fault.check == "mutation"]
    assert messages
    assert all("no hidden case rejects this wrong program" in message for message in messages)
    assert all("tells it apart" in message for message in messages)
    assert certificate.mutation.score < 1


def test_a_submission_in_the_wrong_folder(plant: Plant) -> None:
    certificate = plant(
        submissions__accepted__wrong="def {id}(values, rate):\n    return sum(values)\n"
    )
    assert "accepted/wrong.py gets wrong_answer" in " ".join(
        fault.message for fault in certificate.faults if fault.check == "submissions"
    )


def test_a_starter_that_earns_points(plant: Plant) -> None:
    generous = plant(("starter.py", '"""Return the damped sum."""', "return 2.5 if values else 0"),
                     ("spec.py", 'award="all",', ""))  # fmt: skip
    messages = [fault.message for fault in generous.faults if fault.check == "submissions"]
    assert any(m.startswith("starter.py earns") for m in messages)


def test_an_accepted_submission_that_is_slow(plant: Plant) -> None:
    slow = """
        import time

        def {id}(values, rate):
            end = time.process_time() + 0.03
            while time.process_time() < end:
                pass
            total = 0
            for value in values:
                total = total * rate + value
            return total
        """
    limits = 'MORE = {"limits": __import__("grader.spec").spec.Limits(cpu_case_s=0.05)}'
    certificate = plant(("spec.py", "MORE = {{}}", limits), submissions__accepted__slow=slow)
    assert "the slowest accepted case takes" in said(certificate, "time")


def test_a_sentence_that_is_not_written(plant: Plant) -> None:
    certificate = plant(("spec.py", 'hint="Count."', 'hint="(to be written) what was done"'))
    assert "'last-missing' has no title or no hint yet" in said(certificate, "sentences")


def test_a_reference_that_differs_from_run_to_run(plant: Plant) -> None:
    chance = (
        "    import random\n    return total * random.choice([1.0, 1 + 1e-13])\n\n\ndef undamped"
    )
    declared = 'MORE = {"scale": lambda values, rate: 1.0 + sum(map(abs, values))}'
    certificate = plant(
        ("reference.py", "    return total\n\n\ndef undamped", chance),
        ("spec.py", "MORE = {{}}", declared),
    )
    assert "determinism" in {fault.check for fault in certificate.faults}


def test_a_challenge_that_cannot_be_built(plant: Plant) -> None:
    from grader.errors import AuthorError

    with pytest.raises(AuthorError, match="case 'three' of group 'example'"):
        plant(("reference.py", "    total = 0.0\n", "    total = 0.0 / len([])\n"))
