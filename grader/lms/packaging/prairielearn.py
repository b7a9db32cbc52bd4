"""PrairieLearn's external grader: a question for the course, and an image that grades it.

    question/   `info.json` and `question.html` for the course's `questions`; nothing secret
    image/      what `docker build` makes the grader's image of: it holds the reference and the
                secret, and belongs where PrairieLearn takes images from and students do not

PrairieLearn starts the image for each submission, without a network, with the student's files in
`/grade/student`.
"""

import json
import uuid
from collections.abc import Iterator, Mapping

from grader.catalog import Loaded
from grader.errors import UsageError
from grader.languages import by_name
from grader.lms.packaging import contents
from grader.lms.packaging.contents import EXECUTABLE, Asked, File, Package

_TIMEOUT_S = 600
"""What PrairieLearn grants at most; the entry point gives up before."""

_DOCKERFILE = """\
FROM ubuntu:24.04
COPY . /autograder/source
RUN /autograder/source/setup.sh && mv /autograder/source/run_autograder /autograder/ \\
 && rm -rf /var/lib/apt/lists/*
ENTRYPOINT ["/autograder/run_autograder"]
"""
_PANELS = """\
<pl-question-panel>
<markdown>
{statement}
</markdown>
<pl-file-upload file-names="{names}"></pl-file-upload>
</pl-question-panel>

<pl-submission-panel>
<pl-external-grader-results></pl-external-grader-results>
<pl-file-preview></pl-file-preview>
</pl-submission-panel>
"""


def package(asked: Asked) -> Package:
    """Return the package; `UsageError` where the statement cannot be shown there."""
    if asked.scale_to is not None:
        raise UsageError(
            "--scale-to: PrairieLearn takes a share from 0 to 1, and has points of its own: leave "
            "it out"
        )
    common = contents.package(asked)
    image = _image_name(asked.loaded)
    build: Mapping[str, File] = {
        "Dockerfile": File(_DOCKERFILE.encode()),
        "setup.sh": File(contents.script("setup.sh"), EXECUTABLE),
        "run_autograder": File(contents.script("prairielearn.sh"), EXECUTABLE),
        **common.files,
    }
    files = {f"image/{path}": file for path, file in build.items()}
    files["question/info.json"] = File(_info(asked.loaded, image))
    files["question/question.html"] = File(_question(asked.loaded))
    return Package(files, (*_warnings(image), *common.warnings))


def _warnings(image: str) -> Iterator[str]:
    yield (
        f"build the folder image as {image}, give it to a registry that students cannot read, and "
        "write its name there into question/info.json"
    )


def _image_name(loaded: Loaded) -> str:
    return f"grader-{loaded.folder.name.replace('_', '-')}"


def _info(loaded: Loaded, image: str) -> bytes:
    challenge = loaded.challenge
    info = {
        # Of the challenge, so that a package made anew is the same question.
        "uuid": str(uuid.uuid5(uuid.NAMESPACE_OID, f"grader {challenge.id}")),
        "title": challenge.title,
        "topic": "Programming",
        "type": "v3",
        "singleVariant": True,
        "gradingMethod": "External",
        "externalGradingOptions": {
            "enabled": True,
            "image": image,
            "entrypoint": "/autograder/run_autograder",
            "timeout": _TIMEOUT_S,
            "enableNetworking": False,
        },
    }
    return json.dumps(info, indent=2).encode() + b"\n"


def _question(loaded: Loaded) -> bytes:
    path = loaded.folder / "statement.md"
    try:
        statement = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}; every challenge has one") from None
    if "{{" in statement or "</markdown>" in statement:
        raise UsageError(
            f"{path} holds {{{{ or </markdown>, which PrairieLearn would take for its own: write "
            "it otherwise, as `{ {`"
        )
    # One file, in the first language: PrairieLearn wants all that it names.
    name = f"solution{by_name(loaded.challenge.languages[0]).suffixes[0]}"
    return _PANELS.format(statement=statement.strip(), names=name).encode()
