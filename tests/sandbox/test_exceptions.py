"""Attacks by exceptions that do harm when somebody looks at them.

`shown_naively` is what most programs do with an exception: each attack blows it up.
"""

import traceback
from collections.abc import Callable

import pytest

from grader.runner import Run
from grader.verdict import Verdict

EXPLODING = {
    "__str__ raises": "class Evil(Exception):\n    def __str__(self): raise ValueError('again')\n",
    "__str__ leaves": "class Evil(Exception):\n    def __str__(self): raise SystemExit(0)\n",
    "__str__ interrupts": "class Evil(Exception):\n    def __str__(self): raise KeyboardInterrupt\n",
    "__str__ is no text": "class Evil(Exception):\n    def __str__(self): return 42\n",
    "__str__ recurses": "class Evil(Exception):\n    def __str__(self): return str(self)\n",
    "__repr__ raises": "class Evil(Exception):\n"
    "    def __repr__(self): raise ValueError('again')\n"
    "    __str__ = __repr__\n",
    "__class__ lies": "class Evil(Exception):\n    @property\n"
    "    def __class__(self): raise SystemExit(0)\n"
    "    def __str__(self): return self.__class__\n",
    "__getattribute__ raises": "class Evil(Exception):\n"
    "    def __getattribute__(self, name): raise RuntimeError(name)\n"
    "    def __str__(self): return self.args\n",
    "the metaclass raises": "class Meta(type):\n"
    "    def __getattribute__(cls, name): raise RuntimeError(name)\n"
    "class Evil(Exception, metaclass=Meta):\n"
    "    def __str__(self): return type(self).__name__\n",
    "not an Exception": "class Evil(BaseException):\n    def __str__(self): raise SystemExit(0)\n",
    "a KeyboardInterrupt": "class Evil(KeyboardInterrupt):\n"
    "    def __str__(self): raise KeyboardInterrupt\n",
    "a GeneratorExit": "class Evil(GeneratorExit):\n    def __str__(self): raise GeneratorExit\n",
    "a text that is no str": "class Text(str):\n"
    "    def __str__(self): raise SystemExit(0)\n"
    "    def __getitem__(self, key): raise SystemExit(0)\n"
    "    def encode(self, *_): raise SystemExit(0)\n"
    "class Evil(Exception):\n    def __str__(self): return Text('x')\n"
    "    def __format__(self, spec): return str(Text('x').encode())\n",
}
RAISE = "def attack(value):\n    raise Evil()\n"

NASTY = {
    "a metaclass that leaves": "class Meta(type):\n"
    "    def __instancecheck__(cls, other): raise SystemExit(0)\n"
    "    def __subclasscheck__(cls, other): raise SystemExit(0)\n"
    "class Evil(Exception, metaclass=Meta): pass\n"
    "def attack(value):\n    raise Evil()\n",
    "a circle of causes": "def attack(value):\n"
    "    a, b = ValueError('a'), ValueError('b')\n"
    "    a.__cause__, b.__cause__ = b, a\n    a.__context__, b.__context__ = b, a\n    raise a\n",
    "a message of 60 MB": "def attack(value):\n    raise ValueError('x' * (60 << 20))\n",
    "half a character": "def attack(value):\n    raise ValueError('\\ud800' * 600)\n",
    "control characters": "def attack(value):\n    raise ValueError('\\x1b[2J\\x00\\x07\\r\\n' * 99)\n",
    "a thousand contexts": "def attack(value, depth=900):\n"
    "    try:\n        raise ValueError(depth)\n"
    "    finally:\n        if depth: attack(value, depth - 1)\n",
    "a group in groups": "def attack(value):\n    error = ValueError('core')\n"
    "    for _ in range(5000): error = ExceptionGroup('more', [error])\n    raise error\n",
    "a syntax error of its own": "def attack(value):\n"
    "    raise SyntaxError('m', ('f' * 9999, 10**30, object(), 't' * 9999))\n",
    "a frame with another name": "def attack(value):\n"
    "    exec(compile('raise ValueError', '/etc/passwd', 'exec'))\n",
    "a frame with a long name": "def attack(value):\n"
    "    exec('def ' + 'n' * 100_000 + '(): raise ValueError', globals())\n"
    "    globals()['n' * 100_000]()\n",
    "a message that is a secret class": "def attack(value):\n"
    "    raise type('answer_is_42', (Exception,), {})()\n",
    "recursion without end": "def attack(value):\n    return attack(value)\n",
    "an exception in a finaliser": "class Kept:\n    def __del__(self): raise SystemExit(0)\n"
    "def attack(value):\n    kept = Kept()\n    raise ValueError('first')\n",
    "a traceback that was replaced": "import types\ndef attack(value):\n"
    "    error = ValueError('x')\n"
    "    try: raise error\n"
    "    except ValueError: pass\n"
    "    trace = error.__traceback__\n"
    "    trace.tb_next = types.TracebackType(None, trace.tb_frame, 0, 10**9)\n"
    "    raise error\n",
    "no exception at all": "def attack(value):\n    raise 42\n",
    "a StopIteration": "def attack(value):\n    raise StopIteration(value)\n",
    "a system exit with a list": "def attack(value):\n    raise SystemExit([1] * 1000)\n",
}


def shown_naively(source: str) -> str:
    """Run `attack` here and show what it raises, as most programs would."""
    namespace: dict[str, Callable[[int], object]] = {}
    exec(source, namespace)
    try:
        namespace["attack"](1)
    except BaseException as error:
        if isinstance(error, BaseException):
            return f"{error}"
    return ""


@pytest.mark.parametrize("evil", EXPLODING.values(), ids=EXPLODING)
def test_an_exception_that_explodes_is_a_runtime_error(evil: str, run: Callable[..., Run]) -> None:
    with pytest.raises(BaseException):  # noqa: B017 (each raises another one)
        shown_naively(evil + RAISE)
    seen = run(evil + RAISE, 1, 2)
    assert [Verdict.RUNTIME_ERROR] * 2 == [case.verdict for case in seen.cases]
    assert all(case.raised is not None for case in seen.cases)


@pytest.mark.parametrize("evil", EXPLODING.values(), ids=EXPLODING)
def test_an_exception_that_explodes_at_import_is_invalid(
    evil: str, run: Callable[..., Run]
) -> None:
    seen = run(evil + "raise Evil()\n", 1)
    assert Verdict.INVALID_SUBMISSION == seen.cases[0].verdict
    assert seen.invalid is not None


@pytest.mark.parametrize("source", NASTY.values(), ids=NASTY)
def test_a_nasty_exception_is_shown_short_and_plain(source: str, run: Callable[..., Run]) -> None:
    seen = run(source, 1)
    raised = seen.cases[0].raised
    assert Verdict.RUNTIME_ERROR == seen.cases[0].verdict
    assert raised is not None
    assert len(raised.message) <= 500
    assert "answer_is_42" not in raised.kind
    raised.message.encode()  # no half characters


def test_the_nasty_ones_are_nasty() -> None:
    """Shown as usual, they are long, refer to a file that is not theirs, or have no end."""
    assert len(shown_naively(NASTY["a message of 60 MB"])) > 60_000_000
    with pytest.raises(UnicodeEncodeError):
        shown_naively(NASTY["half a character"]).encode()
    assert "\x1b" in shown_naively(NASTY["control characters"])
    namespace: dict[str, Callable[[int], object]] = {}
    exec(NASTY["a frame with another name"], namespace)
    with pytest.raises(ValueError) as caught:
        namespace["attack"](1)
    assert "/etc/passwd" in "".join(traceback.format_exception(caught.value))
