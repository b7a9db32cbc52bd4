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
    help="Where the run is kept (run.sqlite), and results.jsonl and the tables are written.",
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
@click.option(
    "--roster",
    metavar="CSV",
    type=options.A_PATH,
    help="Who is in the class. The run keeps it until another one is given.",
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
    roster: Path | None,
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

    CHALLENGE may be an assignment.toml: each of its challenges is graded, of a student's files
    (those in a folder of a PATH) by the one that defines it, and DIR/marks.csv has a row for
    each student, by the assignment's policies.

    Who is in the --roster and has handed in nothing has a row in DIR/marks.csv, too; extensions
    are the roster's.

    A batch that was stopped, by whatever, goes on when it is started again: what has its mark
    is not graded twice. Ctrl-C finishes what is running and stops; a second one stops at once.

    Exit code 0: all were graded, whatever their marks; 3: some were not, by a fault that is
    not the students'; 2: the request cannot be met; 130: interrupted.
    """
    from grader import batch
    from grader.cli import exports, planning
    from grader.executors import choosing as executors
    from grader.executors.stopping import gently
    from grader.reports import progress, table

    plan = planning.planned(
        challenge,
        paths,
        out,
        roots,
        options.secret_of(secret_file),
        options.tier_of(tier, unsafe),
        planning.roster_of(roster, out, fresh=fresh),
        fresh=fresh,
    )
    click.echo(table.skipped(plan.skipped), nl=False, err=True)
    click.echo(table.attendance(plan.attendance), nl=False, err=True)
    with batch.open_store(
        out, *plan.setups, fresh=fresh, retry=retry, assignment=plan.assignment
    ) as store:
        planning.remember(store, plan)
        works = [batch.Batch(store, each, plan.tasks[each.challenge]) for each in plan.setups]
        stopped = False
        for work in works:
            if stopped or (plan.assignment and not len(work)):
                continue
            with executors.opened(executor, work.setup, jobs, scheduler) as workers:
                with gently(workers) as asked:
                    progress.show(work, workers, quiet=quiet, named=len(works) > 1)
                stopped = bool(asked)
        exports.write(store, out)
        marks = list(store.marks())
        table.show(marks, out)
        missing = planning.without_a_mark(works)
        click.echo(table.without_a_mark(missing), nl=False, err=True)
        if stopped:
            click.echo(table.stopped(len(marks), sum(map(len, works))), nl=False, err=True)
            return INTERRUPTED
        return 3 if missing else 0
