"""`grader batch`: a class's submissions at once."""

import os
from contextlib import closing
from pathlib import Path

import click

from grader.cli import options
from grader.errors import GraderError


@click.command()
@click.argument("challenge")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=options.A_PATH)
@click.option(
    "--out",
    metavar="DIR",
    required=True,
    type=options.A_PATH,
    help="Where results.jsonl and summary.csv go.",
)
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(1, 1024),
    help="Worker processes. Default: one per core.",
)
@click.option("--fresh", is_flag=True, help="Replace the results that DIR holds.")
@options.roots
@options.secret_file
@options.box
def command(
    challenge: str,
    paths: tuple[Path, ...],
    out: Path,
    jobs: int | None,
    fresh: bool,
    roots: tuple[Path, ...],
    secret_file: Path | None,
    tier: str,
    unsafe: bool,
) -> int:
    """Grade every file of PATH... (folders are searched for .py files).

    Exit code 0: all were graded, whatever their marks; 3: some were not, by a fault that is
    not the students'; 2: the request cannot be met; 130: interrupted.
    """
    from grader import batch, discovery
    from grader.executors.local import LocalExecutor
    from grader.executors.worker import prepare
    from grader.reports import progress, summary, table

    found = discovery.find(paths)
    click.echo(table.skipped(found.skipped), nl=False, err=True)
    setup = prepare(challenge, roots, options.secret_of(secret_file), options.tier_of(tier, unsafe))
    executor = LocalExecutor(setup, jobs or len(os.sched_getaffinity(0)))
    with batch.Output(out, fresh=fresh) as output:
        try:
            with closing(executor.run(found.tasks)) as rows:
                for row in progress.shown(rows, len(found.tasks)):
                    output.add(row)
        except (KeyboardInterrupt, GraderError):
            click.echo(output.kept(len(found.tasks)), err=True)
            raise
        try:
            for _ in progress.shown(
                output.explain(executor, found.tasks), output.wanted(), "looking for examples"
            ):
                pass
        except GraderError as error:
            click.echo(f"grader: no examples: {error}", err=True)
        output.finish({batch.SUMMARY: summary.summary_csv(output.sorted_rows())})
    table.show(output.sorted_rows(), out)
    return 3 if summary.has_judge_errors(output.rows) else 0
