"""The box: a cell per worker, a fork per submission, values only across the boundary.

What runs on which side:
- judge side (trusted): `box`, `cell`, `channel`, `layout`, `tiers`, `plain`;
- inside the box: `zygote`, `confine`, `kernel`, `seccomp`, `syscalls`, `landlock`, `probe`;
- on both: `wire`.

The package imports the standard library, numpy, `grader.values`, `grader.verdict`
and `grader.errors`, and nothing that knows an answer.
"""
