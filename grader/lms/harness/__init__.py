"""What runs on a platform, in a package that `grader.lms.packaging` has made.

A platform starts a script of the package, that starts a module here, and the module writes what the
platform reads. It never ends without that file: what a student did wrong is a result, and so is
what went wrong with us, which is told to the instructor and is not the student's loss as far as the
platform allows. Where no confinement holds nothing is run.
"""
