"""What leaves for a learning platform: files that it imports, results that it reads, grades pushed.

Theory of operation. `grades.of` makes of a run one `Grade` for each student, by the platform's own
key. A format is a module that turns grades (or one result) into bytes, by way of

    numbers    a grade as platforms read it: `.`, no exponent, never above what they take
    feedback   what a student may read, short or full: from the student's view alone
    sheet      a platform's table, of which only chosen cells change, byte for byte
    filling    which row gets which grade, what is skipped and why

and knows nothing of the command line. `packaging` makes what a platform needs to grade by itself,
of which `harness` is the part that runs there. Nothing else here judges, and nothing but `push`
speaks to a network.
"""
