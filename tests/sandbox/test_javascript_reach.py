"""Attacks by JavaScript on what is outside: network, files, other processes, modules.

The engine has no names for any of it. That each of them is a hole elsewhere is seen in Node,
where the same file gets the secret of a decoy file, or knocks at a decoy port.
"""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import node
import pytest

from grader.runner import Run

SECRET = "answer=7f3a9c51e0b2d846"
ANSWER = (
    "Promise.resolve(attack(JSON.parse(process.argv[2])))"
    ".then((got) => console.log(JSON.stringify(got)), () => {}).then(() => process.exit());"
)

KNOCKS = {
    "fetch": "async function attack(world) {\n"
    "  try { await fetch(`http://127.0.0.1:${world.port}/`, {signal: AbortSignal.timeout(500)}); }\n"
    "  catch (error) { if (error instanceof ReferenceError) throw error; }\n}\n",
    "the module net": "function attack(world) {\n"
    "  const to = require('net').connect(world.port, '127.0.0.1');\n"
    "  return new Promise((go) => to.on('connect', () => go(1)));\n}\n",
    "the module http": "function attack(world) {\n"
    "  const to = require('node:http').get(`http://127.0.0.1:${world.port}/`);\n"
    "  return new Promise((go) => to.on('socket', (s) => s.on('connect', () => go(1))));\n}\n",
    "an import when called": "async function attack(world) {\n"
    "  const { connect } = await import('net');\n"
    "  const to = connect(world.port, '127.0.0.1');\n"
    "  return new Promise((go) => to.on('connect', () => go(1)));\n}\n",
    "an import": "import { connect } from 'node:net';\nexport function attack(world) {\n"
    "  const to = connect(world.port, '127.0.0.1');\n"
    "  return new Promise((go) => to.on('connect', () => go(1)));\n}\n",
}
READS = {
    "the module fs": "function attack(world) {\n"
    "  return require('fs').readFileSync(world.file, 'utf8');\n}\n",
    "an import of fs": "import { readFileSync } from 'fs';\n"
    "export function attack(world) { return readFileSync(world.file, 'utf8'); }\n",
    "an import of fs when called": "async function attack(world) {\n"
    "  return (await import('node:fs')).readFileSync(world.file, 'utf8');\n}\n",
    "require of a path": "function attack(world) { return require(world.module); }\n",
    "import of a path": "async function attack(world) {\n"
    "  return (await import(world.module)).default;\n}\n",
    "import of an address": "async function attack(world) {\n"
    "  return (await import('file://' + world.module)).default;\n}\n",
    "import of a neighbour": "async function attack(world) {\n"
    "  return (await import('./secret.cjs')).default;\n}\n",
    "an import of a neighbour at once": "import secret from './secret.cjs';\n"
    "export function attack(world) { return secret; }\n",
    "another process": "function attack(world) {\n"
    "  return require('child_process').execFileSync('cat', [world.file], {encoding: 'utf8'});\n}\n",
    "a worker": "function attack(world) {\n"
    "  const { Worker } = require('worker_threads');\n"
    "  const text = 'require(\"worker_threads\").parentPort.postMessage('\n"
    "    + 'require(\"fs\").readFileSync(' + JSON.stringify(world.file) + ', \"utf8\"))';\n"
    "  const worker = new Worker(text, {eval: true});\n"
    "  return new Promise((go) => worker.on('message', go));\n}\n",
    "the main module": "function attack(world) {\n"
    "  return process.mainModule.require('fs').readFileSync(world.file, 'utf8');\n}\n",
    "the loader of modules": "function attack(world) {\n"
    "  return module.constructor._load('fs').readFileSync(world.file, 'utf8');\n}\n",
    "the global object of console.log": "function attack(world) {\n"
    "  const all = console.log.constructor('return this')();\n"
    "  return all.process.mainModule.require('fs').readFileSync(world.file, 'utf8');\n}\n",
    "a built-in module by its name": "function attack(world) {\n"
    "  const make = process.getBuiltinModule ?? process.mainModule.require;\n"
    "  return make('fs').readFileSync(world.file, 'utf8');\n}\n",
    "a program run anew": "function attack(world) {\n"
    "  const vm = require('vm');\n"
    "  return vm.runInNewContext('f(p)', {f: (p) => require(p), p: world.module});\n}\n",
}
GRANTED = {
    "a signal to itself": "function attack() { return process.kill(process.pid, 0); }\n",
    "bindings": "function attack() { return Object.keys(process.binding('fs')).length > 0; }\n",
    "the environment": "function attack() { return 'SECRET' in process.env; }\n",
    "a look-up of names": "function attack() {\n"
    "  return typeof require('dns').lookup === 'function';\n}\n",
    "the parent's number": "function attack() { return process.ppid > 0; }\n",
    "another folder": "function attack() { process.chdir('/'); return process.cwd() === '/'; }\n",
    "a WebAssembly module": "function attack() {\n"
    "  const bytes = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);\n"
    "  return new WebAssembly.Module(bytes) instanceof WebAssembly.Module;\n}\n",
    "where the file lies": "export function attack() { return import.meta.url.length > 0; }\n",
    "a descriptor": "function attack() { return require('fs').fstatSync(1).dev >= 0; }\n",
    "the engine's own switches": "function attack() {\n"
    "  require('v8').setFlagsFromString('--allow-natives-syntax'); return true;\n}\n",
    "a wait for another thread": "function attack() {\n"
    "  return Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1) === 'timed-out';\n}\n",
    "the calls' own functions": "function attack() {\n"
    "  let found;\n  Error.prepareStackTrace = (_, calls) => { found = calls; };\n"
    "  (function sloppy() { new Error().stack; })();\n"
    "  return found.some((call) => typeof call.getFunction() === 'function');\n}\n",
}
OTHER_ENGINES = (
    *("XMLHttpRequest", "WebSocket", "EventSource", "Worker", "importScripts", "document"),
    *("window", "navigator", "Deno", "Bun", "std", "os", "bjson", "scriptArgs", "load", "loadFile"),
    *("print", "read", "readline", "quit", "drainJobs", "WebAssembly", "write", "__grader_found__"),
)
"""What other engines, and QuickJS's own shell, put beside the language."""


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as made:
        made.setblocking(False)
        yield made


@pytest.fixture
def world(listener: socket.socket, tmp_path: Path) -> dict[str, object]:
    (tmp_path / "secret.txt").write_text(SECRET)
    (tmp_path / "secret.cjs").write_text(f"module.exports = {SECRET!r};")
    return {
        "port": listener.getsockname()[1],
        "file": str(tmp_path / "secret.txt"),
        "module": str(tmp_path / "secret.cjs"),
    }


def was_knocked_at(listener: socket.socket) -> bool:
    try:
        listener.accept()[0].close()
    except BlockingIOError:
        return False
    return True


@pytest.mark.parametrize("source", KNOCKS.values(), ids=KNOCKS)
def test_no_name_leads_to_the_network(
    source: str,
    world: dict[str, object],
    listener: socket.socket,
    tmp_path: Path,
    run_javascript: Callable[..., Run],
) -> None:
    (case,) = run_javascript(source, world).cases
    assert not was_knocked_at(listener)
    assert case.verdict is not None
    node.run(source, ANSWER, tmp_path, world)
    assert was_knocked_at(listener)


@pytest.mark.parametrize("source", READS.values(), ids=READS)
def test_no_name_leads_to_a_file(
    source: str, world: dict[str, object], tmp_path: Path, run_javascript: Callable[..., Run]
) -> None:
    (case,) = run_javascript(source, world).cases
    assert case.verdict is not None
    assert SECRET not in repr(case)
    assert SECRET in node.run(source, ANSWER, tmp_path, world)


@pytest.mark.parametrize("source", GRANTED.values(), ids=GRANTED)
def test_nothing_of_the_system_is_granted(
    source: str, world: dict[str, object], tmp_path: Path, run_javascript: Callable[..., Run]
) -> None:
    (case,) = run_javascript(source, world).cases
    assert case.value is not True
    assert "true\n" == node.run(source, ANSWER, tmp_path, world)


def test_no_other_engine_s_names_are_there(run_javascript: Callable[..., Run]) -> None:
    names = ", ".join(f"typeof {name}" for name in OTHER_ENGINES)
    (case,) = run_javascript(f"function attack() {{ return [{names}]; }}", 1).cases
    assert ["undefined"] * len(OTHER_ENGINES) == case.value
