"""The box: a cell per worker, a fork per submission, values only across the boundary.

What runs on which side:
- judge side (trusted): `box`, `cell`, `channel`, `supervisor`, `tiers`, `plain`;
- inside the cell: `zygote`, `layout`, `confine` and the steps that it puts in order (`mounts`,
  `identity`, `rlimits`, `landlock`, `seccomp`), `kernel`, `syscalls`, `probe`;
- on both: `control`, `wire`.

The package imports the standard library, numpy, `grader.values`, `grader.verdict`
and `grader.errors`, and nothing that knows an answer.
"""
