"""`grader regrade`: a run once more, after its challenge was mended."""

from pathlib import Path

import click

from grader.cli import options


@click.command()
@click.argument("folder", metavar="DIR", type=options.A_PATH)
@click.option(
    "--challenge",
    "only",
    metavar="ID",
    multiple=True,
    help="Only this one of the run's challenges; may be repeated.",
)
@click.option("--publish", is_flag=True, help="Let the last regrade count.")
@click.option("--rollback", is_flag=True, help="Take a published regrade back.")
@click.option("--jobs", metavar="N", type=click.IntRange(1, 1024), help="Worker processes.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
@options.roots
@options.secret_file
@options.box
def command(
    folder: Path,
    only: tuple[str, ...],
    publish: bool,
    rollback: bool,
    jobs: int | None,
    quiet: bool,
    roots: tuple[Path, ...],
    secret_file: Path | None,
    tier: str,
    unsafe: bool,
) -> int:
    """Grade the run in DIR again, and say who goes up and who down, because of which cases.

    Of an assignment, each challenge is graded again, or those of --challenge; the others keep
    their results. A regrade that was not published is replaced by the next one. Nothing
    counts before --publish, which --rollback takes back. What the box returned then is marked
    again; only what cannot be is run. The changes are also in DIR/regrade.csv.

    Who cannot be graded again, because the file is gone or is another one than was graded, or by
    a fault of ours, keeps the mark that counts and is named; the exit code is 3.
    """
    from grader import batch, regrading
    from grader.cli import exports, planning
    from grader.errors import UsageError
    from grader.executors import choosing as executors
    from grader.executors.stopping import gently
    from grader.executors.worker import prepare
    from grader.reports import progress, regrade
    from grader.store import FILE, Store

    with Store(folder / FILE, create=False) as store:
        if publish or rollback:
            if publish and rollback:
                raise UsageError("--publish and --rollback are opposites: give one of them")
            if only:
                raise UsageError(
                    "--challenge says what to grade again; --publish and --rollback take the last "
                    "regrade whole: leave it out"
                )
            change = regrading.publish if publish else regrading.roll_back
            count = change(store)
            exports.write(store, folder)
            click.echo(f"{'published' if publish else 'taken back'}: {count} results count now")
            return 0
        secret = options.secret_of(secret_file)
        strict = options.tier_of(tier, unsafe)
        challenges = regrading.chosen(store, only)
        setups = [prepare(each, roots, secret, strict) for each in challenges]
        generation = regrading.draft(store, challenges)
        due = {setup.challenge: regrading.due(store, setup.challenge) for setup in setups}
        works = [
            batch.Batch(store, setup, due[setup.challenge].tasks, generation) for setup in setups
        ]
        stopped = False
        for work in works:
            if stopped or not len(work):
                continue
            with executors.opened("local", work.setup, jobs, None) as workers:
                with gently(workers) as asked:
                    progress.show(work, workers, quiet=quiet, named=len(works) > 1)
                stopped = bool(asked)
        failed = planning.without_a_mark(works)
        kept = 0 if stopped else len(regrading.keep_marks(store, generation))
        found = list(regrading.changes(store, store.generation, generation))
        batch.write(folder / "regrade.csv", regrade.as_csv(found))
        remarked = sum(work.remarked for work in works)
        ran = sum(work.ran for work in works)
        count = sum(len(each.tasks) + len(each.unlike) for each in due.values())
        click.echo(regrade.lines(found, count, remarked, ran), nl=False)
        if stopped:
            return options.INTERRUPTED
        unlike = regrading.named(store, due)
        click.echo(regrade.not_again({**unlike, **failed}, kept), nl=False, err=True)
        click.echo("nothing counts yet: `grader regrade DIR --publish` lets it")
        return 3 if unlike or failed else 0
