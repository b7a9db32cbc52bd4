#!/usr/bin/env bash
# Grades what lies in /autograder/submission into /autograder/results/results.json, which there
# always is in the end. AUTOGRADER_ROOT is another folder than /autograder.
root=${AUTOGRADER_ROOT:-/autograder}
results=$root/results/results.json
mkdir -p "$root/results"
rm -f "$results"

# Gradescope ends it after 600 s and then knows no more than that.
OPENBLAS_NUM_THREADS=1 timeout --kill-after=5 570 \
  "$root/grader-venv/bin/python" -I -B -m grader.lms.harness.gradescope "$root"
code=$?

# It writes its own faults down. Killed or out of memory it could not: then it is asked to write that,
# with the score of the attempt before. The last is for where there is none that could be asked.
if [[ ! -s $results ]]; then
  timeout --kill-after=2 20 \
    "$root/grader-venv/bin/python" -I -B -m grader.lms.harness.gradescope "$root" "$code"
fi
if [[ ! -s $results ]]; then
  cat >"$results.new" <<JSON
{
  "score": 0,
  "visibility": "visible",
  "stdout_visibility": "hidden",
  "tests": [
    {
      "name": "Not graded yet",
      "status": "failed",
      "score": 0,
      "output": "This submission could not be graded. It is no fault of yours: whatever score is shown for it stands for none. Your instructor has to run it again.",
      "output_format": "text",
      "visibility": "visible"
    },
    {
      "name": "For instructors: what went wrong",
      "status": "failed",
      "score": 0,
      "output": "The grader ended with exit code $code (124: over 570 s; 137: killed, perhaps for its memory; 127: setup.sh has not run to its end) and wrote no result. Standard output has what it said. Mend it, then regrade this submission.",
      "output_format": "text",
      "visibility": "hidden"
    }
  ],
  "extra_data": {"grader": {"verdict": "judge_error"}}
}
JSON
  mv "$results.new" "$results"
fi
exit 0
