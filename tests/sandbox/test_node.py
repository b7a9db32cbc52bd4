"""Attacks from Node.js, each a submission of its own, and honest submissions beside them.

An attack is the body of a function of `world`, which says where the decoys are. It returns true
when it got what it is after. Each is first run in a bare Node, where it must succeed (so that it
would be noticed), then in the box, where it must not; after it an honest submission is served.
"""

import http.server
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader import dataset, runner, values
from grader.catalog import Loaded
from grader.errors import SandboxError, TierUnavailable
from grader.exam import Exam
from grader.grading import cell_config
from grader.judge import judge
from grader.languages import node
from grader.languages.javascript import LANGUAGE, ON_NODE
from grader.result import SubmissionResult
from grader.runner import Plan, Run
from grader.sandbox import wire
from grader.sandbox.box import Box, CellConfig
from grader.sandbox.faults import InvalidReason
from grader.sandbox.plain import PlainBox
from grader.sandbox.tiers import open_box
from grader.spec import Case, Challenge, Group, Limits
from grader.submission import Submission
from grader.values import Opaque
from grader.verdict import Verdict

if node.path() is None:
    pytest.skip("no Node.js is installed here", allow_module_level=True)

NODE = str(node.path())
MAJOR = int(ON_NODE.engine_version()[0].removeprefix("node v").partition(".")[0])
DRIVER = ON_NODE.driver
QUICK = Limits(cpu_case_s=0.5, cpu_s=1.0, wall_s=2.5, memory_mb=64)
TIERS = ("full", "no-namespaces")
REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Attack:
    """`endless`: it never returns. `since`: the first major version of Node that has it."""

    name: str
    body: str
    endless: bool = False
    since: int = 0
    as_root: bool = False

    def __str__(self) -> str:
        return self.name

    @property
    def source(self) -> str:
        return f"exports.attack = async (world) => {{\n{self.body}\n}};"


@dataclass(frozen=True, slots=True)
class World:
    """Decoys: a file with a secret, a folder that may be written to, a server that counts."""

    folder: Path
    secret: str
    port: int
    knocks: list[int]

    def facts(self) -> dict[str, Any]:
        return {
            "file": str(self.folder / "secret.txt"),
            "folder": str(self.folder),
            "reference": str(REPOSITORY / "reference"),
            "driver": str(REPOSITORY / "grader" / "languages" / "node_driver.js"),
            "node": NODE,
            "port": self.port,
        }

    def files(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())


_SPAWN_BINDING = """const made = BINDING('spawn_sync').spawn({
  file: '/bin/true', args: ['true'], envPairs: [], stdio: [{ type: 'ignore' }] });
return made.status === 0;"""
_FILL = """const parts = [];
for (let i = 0; i < 24; i++) { const part = MAKE; part.fill(1); parts.push(part); }
return parts.length === 24;"""

attacks = [
    # --- Processes
    Attack("spawnSync", "return require('child_process').spawnSync('/bin/true').status === 0;"),
    Attack(
        "execSync",
        "return require('child_process').execSync('echo hi').toString() === 'hi\\n';",
    ),
    Attack(
        "node itself",
        "return require('child_process').spawnSync(world.node, ['-e', '0']).status === 0;",
    ),
    Attack(
        "fork",
        """const { spawn } = require('child_process');
const child = spawn(world.node, ['-e', 'process.send(1)'], { stdio: ['ipc', 'ignore', 'ignore'] });
return await new Promise((resolve) => {
  child.on('message', () => resolve(true)); child.on('error', () => resolve(false)); });""",
    ),
    Attack(
        "detached",
        """const child = require('child_process').spawn('/bin/sleep', ['0.2'], { detached: true });
return await new Promise((resolve) => {
  child.on('spawn', () => resolve(true)); child.on('error', () => resolve(false)); });""",
    ),
    Attack(
        "execve",
        "process.execve('/bin/echo', ['echo', 'true'], {}); return false;",
        since=24,
    ),
    Attack("spawn binding", _SPAWN_BINDING.replace("BINDING", "process.binding")),
    Attack(
        "spawn binding by eval",
        _SPAWN_BINDING.replace("BINDING", "(0, eval)('process.binding')"),
    ),
    Attack(
        "spawn binding out of a vm",
        _SPAWN_BINDING.replace(
            "BINDING",
            "require('vm').runInNewContext('o.constructor.constructor(\"return process\")()',"
            " { o: console }).binding",
        ),
    ),
    Attack(
        "cluster",
        """const cluster = require('cluster'); cluster.setupPrimary({ exec: world.driver });
const worker = cluster.fork();
return await new Promise((resolve) => {
  worker.process.on('exit', (code) => resolve(code !== null && worker.process.pid !== undefined));
  worker.on('error', () => resolve(false)); });""",
    ),
    Attack(
        "many threads",
        """const { Worker } = require('worker_threads');
let online = 0;
for (let i = 0; i < 12; i++) {
  await new Promise((resolve) => {
    const worker = new Worker('setInterval(() => {}, 1000)', { eval: true });
    worker.on('online', () => { online++; resolve(); }); worker.on('error', resolve); });
}
setTimeout(() => process.exit(), 10);
return online === 12;""",
    ),
    # --- Signals and identity
    Attack("signal the first process", "return process.kill(1, 0);", as_root=True),
    Attack("signal the parent", "return process.kill(process.ppid, 0);"),
    Attack("signal itself", "return process.kill(process.pid, 0);"),
    Attack("become root", "process.setuid(0); return process.getuid() === 0;", as_root=True),
    Attack("raise its priority", "require('os').setPriority(0, 5); return true;"),
    # --- Network
    Attack(
        "connect",
        """return await new Promise((resolve) => {
  const socket = require('net').connect(world.port, '127.0.0.1');
  socket.on('connect', () => { socket.destroy(); resolve(true); });
  socket.on('error', () => resolve(false)); });""",
    ),
    Attack(
        "http",
        """return await new Promise((resolve) => {
  require('http').get({ port: world.port, host: '127.0.0.1', agent: false }, (answer) => {
    answer.resume(); resolve(answer.statusCode === 200); }).on('error', () => resolve(false)); });""",
    ),
    Attack(
        "fetch",
        """try { return (await fetch(`http://127.0.0.1:${world.port}/`)).status === 200;
} catch { return false; }""",
    ),
    Attack(
        "listen",
        """return await new Promise((resolve) => {
  const server = require('net').createServer();
  server.on('error', () => resolve(false));
  server.listen(0, '127.0.0.1', () => { server.close(); resolve(true); }); });""",
    ),
    Attack(
        "abstract socket",
        """return await new Promise((resolve) => {
  const server = require('net').createServer();
  server.on('error', () => resolve(false));
  server.listen('\\0node-attack-' + process.pid, () => { server.close(); resolve(true); }); });""",
    ),
    Attack(
        "datagram",
        """return await new Promise((resolve) => {
  const socket = require('dgram').createSocket('udp4');
  socket.on('error', () => resolve(false));
  socket.send('x', 9, '127.0.0.1', (error) => { socket.close(); resolve(!error); }); });""",
    ),
    Attack(
        "name lookup",
        """return await new Promise((resolve) => {
  require('dns').lookup('localhost', (error) => resolve(!error)); });""",
    ),
    Attack(
        "inspector",
        """const inspector = require('inspector');
inspector.open(0, '127.0.0.1');
const open = inspector.url() !== undefined; inspector.close(); return open;""",
    ),
    # --- Files
    Attack(
        "read users", "return require('fs').readFileSync('/etc/passwd', 'utf8').includes('root');"
    ),
    Attack("read a secret", "return require('fs').readFileSync(world.file, 'utf8').length > 0;"),
    Attack(
        "read a secret later",
        "return (await require('fs').promises.readFile(world.file, 'utf8')).length > 0;",
    ),
    Attack("list the answers", "return require('fs').readdirSync(world.reference).length > 0;"),
    Attack("list the root", "return require('fs').readdirSync('/').length > 0;"),
    Attack("list devices", "return require('fs').readdirSync('/dev').length > 0;"),
    Attack(
        "read the environment",
        "return require('fs').readFileSync('/proc/self/environ').length >= 0;",
    ),
    Attack(
        "read the first process", "return require('fs').readFileSync('/proc/1/status').length > 0;"
    ),
    Attack(
        "read its own memory map",
        "return require('fs').readFileSync('/proc/self/maps').length > 0;",
    ),
    Attack("require a file", "return require(world.driver) !== undefined;"),
    Attack(
        "write",
        "require('fs').writeFileSync(world.folder + '/written', 'x'); return true;",
    ),
    Attack("append to a secret", "require('fs').appendFileSync(world.file, ''); return true;"),
    Attack("make a folder", "require('fs').mkdtempSync(world.folder + '/made'); return true;"),
    Attack("link", "require('fs').symlinkSync('/', world.folder + '/link'); return true;"),
    Attack(
        "write into shared memory",
        """const name = '/dev/shm/node-attack-' + process.pid;
require('fs').writeFileSync(name, 'x'); require('fs').unlinkSync(name); return true;""",
    ),
    Attack("watch files", "require('fs').watch(world.folder).close(); return true;"),
    Attack(
        "heap snapshot",
        "return require('v8').writeHeapSnapshot(world.folder + '/heap').length > 0;",
    ),
    Attack(
        "report",
        """process.report.directory = world.folder;
process.report.writeReport('report.json');
return require('fs').existsSync(world.folder + '/report.json');""",
    ),
    Attack(
        "native code",
        """try { process.dlopen({ exports: {} }, '/no/such.node'); } catch (error) {
  return error.code !== 'ERR_DLOPEN_DISABLED'; }""",
    ),
    Attack("change folder", "process.chdir('/'); return true;"),
    # --- Memory: 768 MB where 64 are allowed
    Attack("arrays", _FILL.replace("MAKE", "new Array(1 << 22)")),
    Attack("typed arrays", _FILL.replace("MAKE", "new Uint8Array(32 << 20)")),
    Attack("buffers", _FILL.replace("MAKE", "Buffer.allocUnsafe(32 << 20)")),
    Attack(
        "shared memory", _FILL.replace("MAKE", "new Uint8Array(new SharedArrayBuffer(32 << 20))")
    ),
    Attack(
        "one shared memory",
        "new Uint8Array(new SharedArrayBuffer(768 << 20)).fill(1); return true;",
    ),
    Attack(
        "growing buffer",
        """const buffer = new ArrayBuffer(0, { maxByteLength: 768 << 20 });
for (let i = 1; i <= 24; i++) { buffer.resize(i << 25); new Uint8Array(buffer).fill(1); }
return true;""",
    ),
    Attack(
        "WebAssembly memory",
        """const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536 });
for (let i = 0; i < 24; i++) { memory.grow(512); new Uint8Array(memory.buffer).fill(1); }
return true;""",
    ),
    Attack(
        "strings",
        """const parts = [];
for (let i = 0; i < 24; i++) parts.push(Buffer.alloc(32 << 20, 97 + i).toString('latin1'));
return parts.length === 24;""",
    ),
    Attack(
        "more heap by a flag",
        "require('v8').setFlagsFromString('--max-old-space-size=4096');\n"
        + _FILL.replace("MAKE", "new Array(1 << 22)"),
    ),
    # --- Time
    Attack("endless loop", "for (;;);", endless=True),
    Attack("endless microtasks", "for (;;) await null;", endless=True),
    Attack("endless ticks", "const f = () => process.nextTick(f); f();", endless=True),
    Attack("endless timer", "await new Promise(() => setInterval(() => {}, 1));", endless=True),
    Attack("asleep", "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);", endless=True),
    Attack(
        "deaf to signals",
        "process.on('SIGXCPU', () => {}); process.on('SIGTERM', () => {}); for (;;);",
        endless=True,
    ),
    Attack(
        "busy thread",
        """const { Worker } = require('worker_threads');
new Worker('for (;;);', { eval: true }); await new Promise(() => setTimeout(() => {}, 1e9));""",
        endless=True,
    ),
    Attack("slow pattern", "/^(a+)+$/.test('a'.repeat(60) + 'b');", endless=True),
    Attack(
        "flood of a standard stream",
        "for (;;) require('fs').writeSync(2, 'x'.repeat(1 << 16));",
        endless=True,
    ),
    Attack(
        "stack without bound",
        """require('v8').setFlagsFromString('--stack-size=1000000');
const deeper = (n) => deeper(n + 1) + 1;
try { deeper(0); } catch {} for (;;);""",
        endless=True,
    ),
]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    knocks: list[int] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def setup(self) -> None:
            knocks.append(1)
            super().setup()

        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    folder = tmp_path_factory.mktemp("world")
    (folder / "secret.txt").write_text("answer=4711")
    for path in (folder, *list(folder.parents)[:2]):
        path.chmod(0o777)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield World(folder, "answer=4711", server.server_port, knocks)
        server.shutdown()


@pytest.fixture(scope="module", params=TIERS)
def node_box(request: pytest.FixtureRequest) -> Iterator[Box]:
    config = CellConfig(drivers=(DRIVER, "grader.languages.python_driver"), program=NODE)
    with open_box(request.param, config) as opened:
        try:
            _ = opened.tier
        except TierUnavailable as reason:
            pytest.skip(str(reason))
        yield opened


@pytest.fixture(scope="module")
def quickjs_box() -> Iterator[Box]:
    pytest.importorskip("_quickjs")
    with open_box("auto", CellConfig(drivers=(LANGUAGE.driver,))) as opened:
        try:
            _ = opened.tier
        except TierUnavailable as reason:
            pytest.skip(str(reason))
        yield opened


Submit = Callable[..., Run]


@pytest.fixture
def submit(node_box: Box) -> Submit:
    def submit(source: str, *inputs: object, **options: Any) -> Run:
        return run_in(node_box, source, *inputs, **options)

    return submit


def run_in(
    box: Box,
    source: str,
    *inputs: object,
    filename: str = "attack.js",
    limits: Limits = QUICK,
    driver: str = DRIVER,
    parameters: tuple[str, ...] = ("value",),
) -> Run:
    job = wire.Job(
        source=source.encode(),
        filename=filename,
        names=("attack",),
        parameters=parameters,
        seed=b"seed",
        print_bytes=limits.print_bytes,
        result_bytes=limits.result_bytes,
        memory_mb=limits.memory_mb,
    )
    plan = Plan(
        job=LANGUAGE.job_of(job) if driver == LANGUAGE.driver else wire.encode_job(job),
        names=job.names,
        lines=source.count("\n") + 1,
        payloads=[values.encode((value,)) for value in inputs],
        order=range(len(inputs)),
        limits=limits,
        driver=driver,
        frame_of=LANGUAGE.frame_of if driver == LANGUAGE.driver else bytes,
        crash_is_memory=driver == DRIVER,
    )
    return runner.run(plan, box)


def value_of(run: Run) -> Any:
    (case,) = run.cases
    assert (None, None) == (case.verdict, case.message)
    return case.value


# --- Attacks -----------------------------------------------------------------------------------


def test_without_a_box_it_works(attack: Attack, world: World) -> None:
    if MAJOR < attack.since:
        pytest.skip(f"this Node is older than the {attack.since} that has what the attack uses")
    if attack.as_root and os.geteuid() != 0:
        pytest.skip("without a box only root could do this")
    script = (
        f"const exports = {{}}; {attack.source}\nprocess.stdout.write('');"
        f"exports.attack({json.dumps(world.facts())}).then((said) => {{"
        "console.log(JSON.stringify(said)); process.exit(); });"
    )
    files = world.files()
    arguments = [NODE, "--no-warnings", "-e", script]
    try:
        ended = subprocess.run(
            arguments,
            cwd=world.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=0.7 if attack.endless else 15,
        )
    except subprocess.TimeoutExpired:
        assert attack.endless
        return
    finally:
        clean_up(world, files)
    if attack.endless:  # it crashed, which would be noticed as well
        assert ended.returncode != 0
    else:
        assert b"true" == ended.stdout.strip()


def clean_up(world: World, files: list[str]) -> None:
    for name in set(world.files()) - set(files):
        path = world.folder / name
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()


def test_in_the_box_it_fails(attack: Attack, world: World, submit: Submit) -> None:
    knocks, files = len(world.knocks), world.files()
    began = time.monotonic()

    run = submit(attack.source, world.facts())

    (case,) = run.cases
    assert case.value is not True, case
    assert case.verdict is not Verdict.JUDGE_ERROR, case
    if attack.endless:
        assert case.verdict is not None, case
    assert time.monotonic() - began < QUICK.wall_s + 1.5
    assert world.secret not in repr(case)
    assert (knocks, files) == (len(world.knocks), world.files())
    assert 42 == value_of(submit("exports.attack = (value) => 2 * value;", 21))


def test_a_python_submission_beside_it_may_not_start_the_program(node_box: Box) -> None:
    source = f"import os\ndef attack(value):\n    os.execve({NODE!r}, ['node', '-e', '0'], {{}})\n"

    run = run_in(node_box, source, 1, filename="attack.py", driver="grader.languages.python_driver")

    assert run.cases[0].raised is not None
    assert "PermissionError" == run.cases[0].raised.kind


# --- What it may do is forge its own answers -----------------------------------------------------


@pytest.mark.parametrize(
    "pollution",
    [
        "Object.prototype.value = 1; Object.prototype.get = () => 1; Object.prototype.kind = 'x';",
        "Array.prototype[Symbol.iterator] = function* () { yield 1; };",
        "for (const name of ['push', 'map', 'join', 'slice']) delete Array.prototype[name];",
        "for (const name of Object.getOwnPropertyNames(String.prototype))"
        " try { String.prototype[name] = () => 'forged'; } catch {}",
        "for (const name of ['set', 'subarray', 'fill', 'slice']) "
        "Object.getPrototypeOf(Uint8Array.prototype)[name] = () => { throw 1; };",
        "for (const name of Object.getOwnPropertyNames(Buffer.prototype))"
        " try { Buffer.prototype[name] = () => { throw 1; }; } catch {}",
        "for (const name of Object.getOwnPropertyNames(DataView.prototype))"
        " try { DataView.prototype[name] = () => 0; } catch {}",
        "RegExp.prototype.exec = () => null; RegExp.prototype[Symbol.split] = () => [];",
        "Function.prototype.call = Function.prototype.apply = Function.prototype.bind = () => 0;",
        "Promise.prototype.then = () => { throw 1; };",
        "JSON.parse = JSON.stringify = () => 'forged'; Reflect.apply = Reflect.ownKeys = () => 0;",
        "Number.prototype.toString = () => '7'; Math.floor = () => 7;"
        " globalThis.Number = globalThis.BigInt = () => 7;",
        "const fs = require('fs'); for (const name of Object.keys(fs)) fs[name] = () => 0;",
        "for (const name of ['TextEncoder', 'TextDecoder', 'Uint8Array', 'ArrayBuffer', 'DataView',"
        " 'Proxy', 'Error', 'Buffer', 'process', 'console', 'queueMicrotask']) "
        "delete globalThis[name];",
        "TextEncoder.prototype.encodeInto = TextDecoder.prototype.decode = () => 'forged';",
    ],
)
def test_an_honest_answer_survives_what_is_done_to_the_realm(
    pollution: str, submit: Submit
) -> None:
    source = f"""
{pollution}
const state = {{ text: 'h\\u00e9', list: [1.5, -3, [true, null]], }};
exports.attack = (value) => ({{ text: state.text, list: state.list, value }});
"""

    expected = {"text": "hé", "list": [1.5, -3, [True, None]], "value": {"a": [1, 2.5, "x"]}}
    assert expected == value_of(submit(source, {"a": [1, 2.5, "x"]}))


def test_a_frame_of_its_own_is_its_own_answer_and_no_more(submit: Submit) -> None:
    source = """
const { writeSync } = require('fs');
exports.attack = (value) => {
  const payload = Buffer.from([3, 0, 0, 0, 0, 0, 7]);
  const frame = Buffer.alloc(8 + payload.length);
  frame.writeUInt32LE(value, 0); frame.writeUInt32LE(payload.length, 4); payload.copy(frame, 8);
  for (let i = 0; i < 3; i++) writeSync(4, frame);
  for (;;);
};
"""

    forged, out_of_turn = submit(source, 1, 9).cases

    assert forged.value == 7 or forged.verdict is Verdict.RUNTIME_ERROR
    assert out_of_turn.verdict is Verdict.RUNTIME_ERROR


@pytest.mark.parametrize(
    "act",
    [
        "for (let i = 0; i < 200; i++) writeSync(4, Buffer.alloc(1 << 20, 255));",
        "writeSync(4, Buffer.from([1, 0, 0, 0, 255, 255, 255, 127]));",
        "closeSync(4); for (;;);",
        "closeSync(3); closeSync(4);",
        "for (let fd = 0; fd < 64; fd++) try { closeSync(fd); } catch {}",
    ],
)
def test_whoever_writes_on_the_channel_or_closes_it_gets_no_mark(act: str, submit: Submit) -> None:
    source = (
        f"const {{ writeSync, closeSync }} = require('fs');\nexports.attack = () => {{ {act} }};"
    )

    run = submit(source, 1)

    assert run.cases[0].verdict not in (None, Verdict.JUDGE_ERROR)


# --- Limits --------------------------------------------------------------------------------------


def test_the_heap_has_the_size_that_the_challenge_allows(submit: Submit) -> None:
    source = """
exports.attack = (value) => {
  const kept = [];
  for (let i = 0; i < value; i++) kept.push(new Array(1000).fill(i + 0.5));
  return kept.length;
};
"""
    roomy = Limits(cpu_case_s=10, cpu_s=20, wall_s=30, memory_mb=256)

    assert 20_000 == value_of(submit(source, 20_000, limits=roomy))  # 160 MB
    (case,) = submit(source, 100_000, limits=roomy).cases
    assert case.verdict is Verdict.MEMORY_LIMIT_EXCEEDED


def test_a_buffer_that_is_too_large_is_a_memory_error_with_its_line(submit: Submit) -> None:
    (case,) = submit("exports.attack = () =>\n  new Float64Array(1 << 28);", 1).cases

    assert case.verdict is Verdict.MEMORY_LIMIT_EXCEEDED
    assert case.raised is not None
    assert 2 == case.raised.line


def test_prints_are_bounded(submit: Submit) -> None:
    (case,) = submit("exports.attack = () => { for (;;) console.log('x'.repeat(999)); };", 1).cases

    assert case.verdict is Verdict.OUTPUT_LIMIT_EXCEEDED


@pytest.mark.parametrize(
    "value",
    [
        "'x'.repeat(2 << 20)",
        "new Array(300000).fill(1.5)",
        "(() => { const a = []; return a[0] = a; })()",
    ],
)
def test_what_is_returned_is_bounded(value: str, submit: Submit) -> None:
    (case,) = submit(f"exports.attack = () => {value};", 1).cases

    assert case.verdict is Verdict.OUTPUT_LIMIT_EXCEEDED


def test_the_closed_tier_says_that_it_does_not_hold() -> None:
    with (
        open_box("closed", CellConfig(drivers=(DRIVER,), program=NODE)) as box,
        pytest.raises(TierUnavailable, match="reads files, and this tier has none"),
    ):
        _ = box.tier


def test_the_box_says_when_the_program_does_not_run_in_it() -> None:
    other = os.path.realpath("/bin/true")
    with (
        open_box("full", CellConfig(drivers=(DRIVER,), program=other)) as box,
        pytest.raises(SandboxError, match=f"{other} does not start as Node.js would"),
    ):
        _ = box.tier


# --- Honest submissions --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filename", "source"),
    [
        ("a.js", "exports.attack = (value) => value + 1;"),
        ("a.js", "module.exports = (value) => value + 1;"),
        ("a.js", "module.exports = { attack: (value) => value + 1 };"),
        ("a.js", "function attack(value) { return value + 1; }"),
        ("a.js", "const attack = async (value) => value + 1;"),
        ("a.js", "#!/usr/bin/env node\nexports.attack = (value) => value + 1;"),
        ("a.mjs", "export const attack = (value) => value + 1;"),
        ("a.js", "export default function (value) { return value + 1; }"),
        ("a.mjs", "const attack = (value) => value + 1;"),
        (
            "a.mjs",
            "import { add } from 'node:util';\n".replace("{ add }", "util")
            + "export const attack = (value) => Number(util.format('%d', value + 1));",
        ),
        (
            "a.mjs",
            "const one = await Promise.resolve(1);\nexport { f as attack };"
            "\nfunction f(value) { return value + one; }",
        ),
        ("a.mjs", "export const attack = async (v) => v + (await import('node:path')).sep.length;"),
        ("a.cjs", "const assert = require('assert');\nexports.attack = (v) => (assert(v), v + 1);"),
        ("a.js", "exports.attack = (v) => new Promise((done) => setTimeout(done, 5, v + 1));"),
        ("a.js", "exports.attack = (v) => ({ then(done) { setImmediate(() => done(v + 1)); } });"),
        ("a b'\u00e9(1).js", "exports.attack = (value) => value + 1;"),
    ],
)
def test_the_function_is_found_and_called(filename: str, source: str, submit: Submit) -> None:
    assert 42 == value_of(submit(source, 41, filename=filename))


def test_what_quickjs_lacks_is_there(submit: Submit) -> None:
    source = """
const { createHash, pbkdf2 } = require('crypto');
const { promisify } = require('util');
const add = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 7, 1, 96, 2, 127, 127, 1, 127, 3, 2, 1,
  0, 7, 7, 1, 3, 97, 100, 100, 0, 0, 10, 9, 1, 7, 0, 32, 0, 32, 1, 106, 11]);
exports.attack = async (value) => [
  createHash('md5').update(value).digest('hex').length,
  (await promisify(pbkdf2)(value, 'salt', 10, 8, 'sha1')).length,
  (await WebAssembly.instantiate(add)).instance.exports.add(2, 3),
  new Intl.NumberFormat('en').format(1234.5),
];
"""

    assert [32, 8, 5, "1,234.5"] == value_of(submit(source, "x"))


INPUTS = {
    "tuple": (1, (2, 3)),
    "set": {2, 1},
    "complex": 1 + 2j,
    "large": 2**70,
    "small": -(2**70) - 5,
    "edges": [127, 128, 255, 256, 65535, 65536, 2**32, -1, -32, -33, -128, -129, -32769, -(2**31)],
    "long": [2**53, 2**63, 2**64 - 1, -(2**63)],
    "scalars": [np.float32(1.5), np.int8(-3), np.bool_(True), np.uint64(2**64 - 1)],
    "matrix": np.arange(6).reshape(2, 3),
    "truths": np.array([True, False]),
    "halves": np.array([1.5, -2, 65504, 6e-8, np.inf], dtype=np.float16),
    "complexes": np.array([1 + 2j]),
    "empty": np.zeros((0, 3)),
    "zero-dimensional": np.array(3.5),
    "bytes": b"ab",
    "text": "h\u00e9\U0001f600" * 20,
    "special": [float("nan"), float("-inf"), -0.0, 1e300, 5e-324],
    "nothing": None,
    "__proto__": {"a": 1},
    "many": {str(number): number for number in range(20)},
    "list": list(range(70_000)),
}


@pytest.mark.parametrize("name", INPUTS)
def test_values_arrive_and_return_as_they_do_in_quickjs(
    name: str, submit: Submit, quickjs_box: Box
) -> None:
    echo = "exports.attack = (value) => value;"
    given = {name: INPUTS[name]}

    expected = value_of(run_in(quickjs_box, echo, given, driver=LANGUAGE.driver))

    assert repr(expected) == repr(value_of(submit(echo, given)))


def test_what_is_no_plain_data_is_named(submit: Submit) -> None:
    source = """exports.attack = () => [new Map(), 1n, Symbol(), () => 1, new Proxy([], {}), new Date(),
  require('vm').runInNewContext('new Proxy({}, {})'), Promise.resolve(), new Error('x'),
  { get a() { return 1; } }, '\\ud800', undefined, new Float32Array([0.5])];"""

    *opaque, getter, surrogate, nothing, typed = value_of(submit(source, 1))

    kinds = ("Map", "BigInt", "symbol", "function", "Proxy", "Date", "Proxy", "Promise", "Error")
    assert [Opaque(kind) for kind in kinds] == opaque
    assert ({"a": Opaque("getter")}, "\\ud800", None, [0.5]) == (getter, surrogate, nothing, typed)


def test_prints_come_with_the_answer_and_look_like_nodes_own(submit: Submit) -> None:
    source = """console.log('at load');
exports.attack = (value) => { console.error({ value }, [1, 2]); process.stdout.write('é'); return 1; };"""

    run = submit(source, 7)

    assert run.ready is not None
    assert "at load\n" == run.ready.prints
    assert "{ value: 7 } [ 1, 2 ]\né" == run.cases[0].prints


def test_a_changed_argument_is_noticed(submit: Submit) -> None:
    source = "exports.attack = (value) => { if (value.length > 1) value[0] = 9; return 1; };"

    assert [False, True] == [case.inputs_changed for case in submit(source, [1], [1, 2]).cases]


def test_one_process_answers_call_after_call(submit: Submit) -> None:
    source = "let n = 0;\nexports.attack = async (value) => [value, n++];"

    run = submit(source, 5, 6, 7)

    assert [[5, 0], [6, 1], [7, 2]] == [case.value for case in run.cases]


@pytest.mark.parametrize(
    ("source", "kind", "line", "message"),
    [
        (
            "exports.attack = (v) => {\n  return v.x.y;\n};",
            "TypeError",
            2,
            "properties of undefined",
        ),
        (
            "exports.attack = async (v) => {\n  await null;\n  throw new RangeError('late');\n};",
            "RangeError",
            3,
            "late",
        ),
        (
            "class Own extends Error {\n  constructor(m) {\n    super(m);\n  }\n}\n"
            "exports.attack = () => {\n  throw new Own('mine');\n};",
            "Error",
            7,
            "mine",
        ),
        (
            "exports.attack = () => new Promise(() => setTimeout(() => {\n  nothing();\n}, 1));",
            "ReferenceError",
            2,
            "nothing is not defined",
        ),
        ("export const attack = () => {\n  null.x;\n};", "TypeError", 2, "properties of null"),
        ("exports.attack = (v) => exports.attack(v) + 1;", "RangeError", 1, "call stack"),
        ("exports.attack = () => process.exit(0);", "SystemExit", None, "process.exit()"),
        ("exports.attack = () => { throw 'text'; };", "Error", None, "thrown: text"),
        ("exports.attack = () => new Promise(() => {});", "Error", None, "never settled"),
    ],
)
def test_an_exception_has_its_kind_and_its_line(
    source: str, kind: str, line: int | None, message: str, submit: Submit
) -> None:
    (case,) = submit(source, 1).cases

    assert case.verdict is Verdict.RUNTIME_ERROR
    assert case.raised is not None
    assert (kind, line) == (case.raised.kind, case.raised.line)
    assert message in case.raised.message


@pytest.mark.parametrize(
    ("filename", "source", "reason", "line"),
    [
        (
            "a.js",
            "exports.attack = (v) => {\n  let x = = 3;\n};",
            InvalidReason.DOES_NOT_COMPILE,
            2,
        ),
        ("a.js", "exports.attack = (v) => {\n  let x = 3;\n", InvalidReason.DOES_NOT_COMPILE, 2),
        (
            "a.mjs",
            "import fs from 'fs';\nexport const attack = (v) => {\n  retrun 3;\n};",
            InvalidReason.DOES_NOT_COMPILE,
            3,
        ),
        (
            "a.js",
            "}); exports.attack = (v) => v; (function () {",
            InvalidReason.DOES_NOT_COMPILE,
            1,
        ),
        ("a.js", "\nconst x = require('lodash');", InvalidReason.IMPORT_RAISED, 2),
        ("a.mjs", "import x from './other.js';", InvalidReason.IMPORT_RAISED, None),
        ("a.js", "\n\nnull.x;", InvalidReason.IMPORT_RAISED, 3),
        ("a.js", "process.exit(1);", InvalidReason.EXITS_AT_IMPORT, None),
        ("a.js", "exports.attack = 3;", InvalidReason.NOT_CALLABLE, None),
        ("a.js", "exports.attack = (a, b) => 3;", InvalidReason.WRONG_PARAMETERS, None),
        ("a.js", "function other() {}", InvalidReason.NO_ENTRY_POINT, None),
    ],
)
def test_a_file_that_cannot_be_called_says_why(
    filename: str, source: str, reason: InvalidReason, line: int | None, submit: Submit
) -> None:
    invalid = submit(source, 1, filename=filename).invalid

    assert invalid is not None
    assert reason is invalid.reason
    assert line == (invalid.error.line if invalid.error is not None else None)
    if reason is InvalidReason.WRONG_PARAMETERS:
        assert ("a", "b") == invalid.names
    if reason is InvalidReason.NO_ENTRY_POINT:
        assert ("other",) == invalid.names


# --- The judge -----------------------------------------------------------------------------------


def double(x: float) -> float:
    return 2 * x


CHALLENGE = Challenge(
    id="doubleIt",
    title="Double it",
    parameters=("x",),
    reference=double,
    limits=Limits(cpu_case_s=0.3, cpu_s=1, wall_s=4, memory_mb=64),
    groups=(Group(name="all", title="All", points=1, cases=(Case(name="one", args=(1.5,)),)),),
    javascript_engine="node",
)


def judged(source: str, challenge: Challenge = CHALLENGE) -> SubmissionResult:
    exam = Exam(Loaded(challenge, Path(), "digest"), dataset.build(challenge, b"secret"), b"secret")
    submission = Submission("s.js", source.encode(), language="javascript")
    with open_box("full", cell_config(challenge, "javascript")) as box:
        try:
            return judge(submission, exam, box)
        except TierUnavailable as reason:
            pytest.skip(str(reason))


def test_a_challenge_may_ask_for_node() -> None:
    source = "const os = require('os');\nexports.doubleIt = (x) => 2 * x * os.EOL.length;"

    result = judged(source)
    in_quickjs = judged(source, CHALLENGE.model_copy(update={"javascript_engine": "quickjs"}))

    assert Verdict.ACCEPTED is result.verdict
    assert any(each.startswith("node v") for each in result.sandbox.versions)
    assert Verdict.INVALID_SUBMISSION is in_quickjs.verdict


def test_a_crash_for_want_of_memory_is_called_that() -> None:
    result = judged(
        "exports.doubleIt = () => { for (const a = []; ;) a.push(new Array(9999).fill({})); };"
    )

    assert result.verdict in (Verdict.MEMORY_LIMIT_EXCEEDED, Verdict.TIME_LIMIT_EXCEEDED)


def test_without_node_no_student_is_to_blame(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node, "path", lambda: None)
    monkeypatch.setattr(node, "_candidates", lambda: iter(()))

    result = judged("exports.doubleIt = (x) => 2 * x;")

    assert Verdict.JUDGE_ERROR is result.verdict
    assert "Node.js 20 or newer" in str(result.groups[0].cases[0].message)


def test_each_language_has_its_engine_and_the_cell_what_that_needs() -> None:
    both = cell_config(CHALLENGE)

    assert ("grader.languages.python_driver", DRIVER) == both.drivers
    assert NODE == both.program
    assert cell_config(CHALLENGE, "python").program is None
    assert "node_driver" not in str(
        cell_config(CHALLENGE.model_copy(update={"javascript_engine": "quickjs"}))
    )


def test_a_node_that_is_too_old_or_a_script_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "node"
    script.write_text("#!/bin/sh\necho v99.0.0\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(node, "_packaged", lambda: None)
    assert node.path.__wrapped__() is None

    monkeypatch.setattr(node, "_candidates", lambda: iter([NODE]))
    monkeypatch.setattr(node, "_version", lambda _: "v18.19.0")
    assert node.path.__wrapped__() is None


def test_it_runs_without_a_box_where_that_is_asked_for() -> None:
    with PlainBox(CellConfig(drivers=(DRIVER,), program=NODE)) as box:
        assert 42 == value_of(run_in(box, "exports.attack = (value) => 2 * value;", 21))


_AS_NOBODY = """
from arena import namespaces
from grader.sandbox.box import CellConfig
from grader.sandbox.cell import Cell
namespaces.enter({folder!r}, as_nobody=True)
print("nobody", flush=True)
for tier in {tiers!r}:
    with Cell(tier, CellConfig(drivers=({driver!r},), program={node!r})) as cell:
        print(cell.hello.tier, flush=True)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_an_ordinary_user_has_it_too(tmp_path: Path) -> None:
    code = _AS_NOBODY.format(folder=str(tmp_path), tiers=TIERS, driver=DRIVER, node=NODE)

    said = subprocess.run(
        [sys.executable, "-B", "-c", code],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "OPENBLAS_NUM_THREADS": "1"},
        cwd="/",
        capture_output=True,
        text=True,
        timeout=60,
    )

    if not said.stdout:
        pytest.skip(f"no throw-away namespaces here: {said.stderr[-200:]}")
    assert ["nobody", *TIERS] == said.stdout.split(), said.stderr
