"""`grader batch`: a class's submissions at once."""

from pathlib import Path

import click

from grader.cli import options
from grader.cli.options import INTERRUPTED


@click.command()
@click.argument("challenge")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=options.A_PATH)
@click.option(
    "--out",
    metavar="DIR",
    required=True,
    type=options.A_PATH,
    help="Where the run is kept (run.sqlite), and results.jsonl and summary.csv are written.",
)
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(1, 1024),
    help="Worker processes. Default: one per core.",
)
@click.option(
    "--executor",
    type=click.Choice(["local", "dask"]),
    default="local",
    show_default=True,
    help="Who does the work: processes of this machine, or a Dask cluster.",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="The Dask scheduler, as in tcp://host:8786. Default: a new cluster on this machine.",
)
@click.option("--fresh", is_flag=True, help="Begin anew: replace what DIR holds.")
@click.option("--retry", is_flag=True, help="Try again what was quarantined after three faults.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
@options.roots
@options.secret_file
@options.box
def command(
    challenge: str,
    paths: tuple[Path, ...],
    out: Path,
    jobs: int | None,
    executor: str,
    scheduler: str | None,
    fresh: bool,
    retry: bool,
    quiet: bool,
    roots: tuple[Path, ...],
    secret_file: Path | None,
    tier: str,
    unsafe: bool,
) -> int:
    """Grade every file of PATH... (folders are searched for .py, .js, .mjs and .cjs files).

    An archive (zip, tar), such as a platform's download, is imported into DIR/work first; a
    folder that `grader import` has written is taken as it is.

    A batch that was stopped, by whatever, goes on when it is started again: what has its mark
    is not graded twice. Ctrl-C finishes what is running and stops; a second one stops at once.

    Exit code 0: all were graded, whatever their marks; 3: some were not, by a fault that is
    not the students'; 2: the request cannot be met; 130: interrupted.
    """
    from grader import batch, collecting
    from grader.executors import choosing as executors
    from grader.executors.stopping import gently
    from grader.executors.worker import prepare
    from grader.reports import progress, summary, table

    setup = prepare(challenge, roots, options.secret_of(secret_file), options.tier_of(tier, unsafe))
    found = collecting.collect(paths, setup.challenge, out)
    click.echo(table.skipped(found.skipped), nl=False, err=True)
    with batch.open_store(out, setup, fresh=fresh, retry=retry) as store:
        work = batch.Batch(store, setup, found.tasks)
        with (
            executors.opened(executor, work.setup, jobs, scheduler) as workers,
            gently(workers) as stopped,
        ):
            progress.show(work, workers, quiet=quiet)
        batch.export(store, out, {batch.SUMMARY: [summary.summary_csv(store.marks())]})
        marks = list(store.marks())
        table.show(marks, out)
        click.echo(table.without_a_mark(work.without_a_mark()), nl=False, err=True)
        if stopped:
            click.echo(table.stopped(len(marks), len(found.tasks)), nl=False, err=True)
            return INTERRUPTED
        return 3 if work.without_a_mark() else 0
