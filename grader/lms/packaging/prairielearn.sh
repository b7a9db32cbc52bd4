#!/usr/bin/env bash
# Grades what lies in /grade/student into /grade/results/results.json, which there always is in the
# end. AUTOGRADER_ROOT and GRADE_ROOT are other folders than /autograder and /grade.
root=${AUTOGRADER_ROOT:-/autograder}
grade=${GRADE_ROOT:-/grade}
results=$grade/results/results.json
mkdir -p "$grade/results"
rm -f "$results"

OPENBLAS_NUM_THREADS=1 timeout --kill-after=5 570 \
  "$root/grader-venv/bin/python" -I -B -m grader.lms.harness.prairielearn "$root" "$grade"
code=$?

# It writes its own faults down. This is for when it could not: killed, out of memory, not there.
if [[ ! -s $results ]]; then
  echo "run_autograder: the grader ended with exit code $code and wrote no result" >&2
  cat >"$results.new" <<JSON
{
  "gradable": false,
  "format_errors": ["This submission could not be graded. It is no fault of yours and costs no points and no attempt. Your instructor has to mend the grader."]
}
JSON
  mv "$results.new" "$results"
fi
exit 0
