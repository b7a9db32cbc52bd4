#!/usr/bin/env bash
# Makes the image able to grade. Runs once, as root, with the network; grading then needs none.
#
# AUTOGRADER_ROOT    the platform's folder; /autograder unless set
# AUTOGRADER_PYTHON  the Python to use; unless set, the one that was packed with if it is here, else
#                    a python3 that is new enough, else one that is installed now
#
# pip takes packages from where it is set to take them (PIP_INDEX_URL, PIP_NO_INDEX and
# PIP_FIND_LINKS are its own variables).
set -euo pipefail
umask 022  # submissions run as another user, who has to be able to read numpy

root=${AUTOGRADER_ROOT:-/autograder}
package=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/grader
venv=$root/grader-venv
least= seen=
. "$package/python.sh"

fail() {
  echo "setup.sh: $1" >&2
  exit 1
}

# A release, not a candidate (Ubuntu 22.04 has one of 3.11), with what a virtual environment takes.
suits() {
  command -v "$1" >/dev/null && "$1" - "$least" <<'PYTHON' 2>/dev/null
import ensurepip, sys, venv
least = tuple(map(int, sys.argv[1].split(".")))
sys.exit(not (sys.version_info[:2] >= least and sys.version_info.releaselevel == "final"))
PYTHON
}

find_python() {
  if [[ -n ${AUTOGRADER_PYTHON:-} ]]; then
    suits "$AUTOGRADER_PYTHON" ||
      fail "AUTOGRADER_PYTHON is $AUTOGRADER_PYTHON; expected a Python >= $least with venv"
    python=$AUTOGRADER_PYTHON
    return
  fi
  for python in "python$seen" python3; do
    if suits "$python"; then return; fi
  done
  return 1
}

apt() { DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 "$@" >&2; }

# Ubuntu 24.04 has one that suits; for 22.04 the "deadsnakes" archive of Python versions does.
install_python() {
  command -v apt-get >/dev/null ||
    fail "there is no Python >= $least here, and no apt-get; set AUTOGRADER_PYTHON to one"
  apt update
  apt install -y --no-install-recommends python3 python3-venv ca-certificates
  if find_python; then return; fi
  apt install -y --no-install-recommends software-properties-common
  add-apt-repository -y ppa:deadsnakes/ppa >&2
  apt update
  apt install -y --no-install-recommends "python$seen" "python$seen-venv"
  find_python || fail "no Python >= $least could be installed; use an image that has one"
}

# What grading needs to know is root's: the wheel has the reference, beside it lies the secret.
chmod -R go= "$package"
[[ $(id -u) != 0 ]] || chown -R 0:0 "$package"

find_python || install_python
echo "setup.sh: using $("$python" --version) ($(command -v "$python"))"

# A second run starts anew, so that an image is never half of one package and half of another.
"$python" -m venv --clear "$venv"
(cd "$package" && "$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
  --only-binary :all: --constraint constraints.txt --requirement requirements.txt) ||
  fail "pip could not install the pinned packages on $("$python" --version); see above"

# A fault of the package shows now, when the image is built, and not at the first submission.
"$venv/bin/python" -I -B -m grader.lms.harness.ready "$package"
