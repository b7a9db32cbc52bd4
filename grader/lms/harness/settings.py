"""What was packed for a platform, and where it lies there: `settings.json` as a value.

    settings.json  this
    secret         what hidden cases are drawn from, its owner's alone
    private/       challenges and reference of a root that is not the grader's own

Whoever packs writes it, whoever grades reads it; both are trusted, students are not.
"""

import json
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path

from grader import secret
from grader.errors import UsageError
from grader.lms.numbers import Scaling, read

NAME = "settings.json"
SECRET = "secret"
PRIVATE = "private"
"""The parent of a packed root: `private/challenges` and `private/reference`."""

ROOT = "challenges"


@dataclass(frozen=True, slots=True)
class Settings:
    """The challenge that is graded, what it was where it was packed, and what it is worth.

    `digest` and `dataset_digest` are those of the challenge and of its hidden data; `scale_to` is a
    written number, None to leave points as they are. `private` says that the challenge lies in
    the package, not in the grader.
    """

    challenge: str
    digest: str
    dataset_digest: str
    max_score: float
    scale_to: str | None
    private: bool

    @property
    def scaling(self) -> Scaling:
        """From the challenge's points to the platform's."""
        return Scaling(None if self.scale_to is None else read(self.scale_to))

    @property
    def most(self) -> Fraction:
        """What full marks are on the platform."""
        return self.scaling.maximum or Fraction(str(self.max_score))


@dataclass(frozen=True, slots=True)
class Home:
    """The folder that a package was unpacked into."""

    folder: Path

    def settings(self) -> Settings:
        """Read the settings; `UsageError` where they are not what was packed."""
        path = self.folder / NAME
        try:
            return Settings(**json.loads(path.read_bytes()))
        except OSError as error:
            raise UsageError(f"cannot read {path}: {error.strerror}; {_AGAIN}") from None
        except (ValueError, TypeError) as error:
            raise UsageError(f"{path} is not what was packed ({error}); {_AGAIN}") from None

    def roots(self, settings: Settings) -> tuple[Path, ...]:
        """Return the further folders of challenges."""
        return (self.folder / PRIVATE / ROOT,) if settings.private else ()

    def secret(self) -> bytes:
        """Return the secret; `UsageError` where there is none."""
        return secret.read(self.folder / SECRET)


def to_json(settings: Settings) -> bytes:
    """Return the bytes of `settings.json`."""
    return json.dumps(asdict(settings), indent=1).encode() + b"\n"


_AGAIN = "upload the package again, or make it anew with `grader package`"
