// The driver's half inside the engine. An expression: a function of (valueKinds, write) that returns
// the one function the driver calls, `ask(what, ...)`, which answers with a string.
//
// It runs in the zygote, before any submission. What it needs of the realm is bound here, so that
// whatever a submission does to globals and prototypes reaches its own code alone. `write` takes
// text that was printed. The submission can forge its own answers and nothing else.
//
// An answer is a letter and its rest: "v" a value as JSON (see `encoded`), "x" an exception as
// JSON, "e" an excess, "p" a promise that is pending; of a file "r" and the name of the entry that
// was found, "l" and its text where it takes more than it is given, "c" if it is no function, "n" and
// the functions that are exported where there is none.
//
// QuickJS has nothing around the language, and gets it here. Where there is a `host` (Node), that
// has timers, process and the rest: it gives `require`, the globals to set and `settled`, which is
// told when a promise is.
(function (valueKinds, write, host) {
  'use strict';
  const { kindOf, isProxy } = valueKinds;
  const { is, defineProperty, getOwnPropertyDescriptor, getPrototypeOf } = Object;
  const hasOwn = Object.hasOwn;
  const plainLink = Object.prototype;
  const { isArray } = Array;
  const { ownKeys, apply } = Reflect;
  const quoted = JSON.stringify;
  const parsed = JSON.parse;
  const StringOf = String;
  const { now } = Date;
  const RealPromise = Promise;
  const RealError = Error;
  const call = Function.prototype.call;
  const unbound = (method) => call.bind(method);
  const textOf = unbound(Function.prototype.toString);
  const lengthOfTyped = unbound(
    getOwnPropertyDescriptor(getPrototypeOf(Int8Array.prototype), 'length').get,
  );
  const then = unbound(RealPromise.prototype.then);
  const wellFormed = unbound(String.prototype.toWellFormed);
  const slice = unbound(String.prototype.slice);
  const find = unbound(Map.prototype.get);
  const keep = unbound(Map.prototype.set);
  const drop = unbound(Map.prototype.delete);
  const each = unbound(Map.prototype.forEach);
  const numberOf = unbound(Number.prototype.toString);
  const enqueue = queueMicrotask;

  // Whoever prepares a stack is given its calls, and would find our own functions among them.
  Error.prepareStackTrace = (error, calls) => { delete getPrototypeOf(calls[0]).getFunction; };
  new Error();
  Error.prepareStackTrace = undefined;

  // --- Values up -----------------------------------------------------------------------------

  const MOST_ITEMS = 200000;
  const MOST_DEPTH = 64;
  let mostChars = 0;
  let items = 0;
  let plain = true;
  let out = '';

  // Thrown by the encoder alone, and never seen by a submission.
  class Excess {
    constructor(what) { this.what = what; }
  }

  // Writes JSON, and more: NaN and the infinities as Python reads them, and -0. Where there are
  // texts, `plain` is false and each begins with "t"; "o" begins the name of an opaque kind.
  const encode = (value, depth) => {
    const kind = kindOf(value);
    switch (kind) {
      case 'number':
        out += value === 0 && is(value, -0) ? '-0.0' : value;
        return;
      case 'nothing': out += 'null'; return;
      case 'truth': out += value ? 'true' : 'false'; return;
      case 'text':
        plain = false;
        if (out.length + value.length > mostChars) throw new Excess('bytes');
        out += quoted('t' + value);
        return;
      case 'list': encodeList(value, value.length, depth); return;
      case 'typed': encodeList(value, lengthOfTyped(value), depth); return;
      case 'object': encodeObject(value, depth); return;
      default:
        plain = false;
        out += quoted('o' + kind);
    }
  };

  const count = (more, depth) => {
    items += more;
    if (items > MOST_ITEMS) throw new Excess('items');
    if (depth >= MOST_DEPTH) throw new Excess('depth');
    if (out.length + more > mostChars) throw new Excess('bytes');
  };

  const encodeList = (list, length, depth) => {
    count(length, depth);
    out += '[';
    for (let i = 0; i < length; i++) {
      if (i > 0) out += ',';
      const entry = list[i];
      if (typeof entry === 'number' && entry !== 0) out += entry;
      else encode(entry, depth + 1);
    }
    out += ']';
  };

  const encodeObject = (object, depth) => {
    const keys = ownKeys(object);
    count(2 * keys.length, depth);
    let separator = '{';
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i];
      if (typeof key !== 'string') continue;
      const property = getOwnPropertyDescriptor(object, key);
      if (property === undefined || !property.enumerable) continue;
      out += separator + quoted(key) + ':';
      separator = ',';
      if (hasOwn(property, 'value')) encode(property.value, depth + 1);
      else {
        plain = false;
        out += '"ogetter"';
      }
    }
    out += separator === '{' ? '{}' : '}';
  };

  const encoded = (value) => {
    items = 1;
    plain = true;
    out = '';
    try {
      encode(value, 0);
      if (out.length > mostChars) throw new Excess('bytes');
      return (plain ? 'v' : 'w') + out;
    } finally {
      out = '';
    }
  };

  class Exit {}

  // --- Exceptions up -------------------------------------------------------------------------

  const kinds = [
    ['TypeError', TypeError], ['RangeError', RangeError], ['ReferenceError', ReferenceError],
    ['SyntaxError', SyntaxError], ['EvalError', EvalError], ['URIError', URIError],
    ['InternalError', globalThis.InternalError], ['AggregateError', AggregateError],
    ['Error', Error],
  ].filter(([, constructor]) => constructor !== undefined) // InternalError is QuickJS's own
    .map(([name, constructor]) => ({ __proto__: null, name, prototype: constructor.prototype }));

  const kindOfError = (error) => {
    for (let link = error; link !== null; link = getPrototypeOf(link)) {
      for (let i = 0; i < kinds.length; i++) {
        if (kinds[i].prototype === link) return kinds[i];
      }
    }
    return undefined;
  };

  const short = (text) => slice(wellFormed(text), 0, 2000);

  const property = (object, name) => {
    const value = object[name];
    return typeof value === 'string' ? value : '';
  };

  const described = (error) => {
    let kind = 'Error';
    let own = false;
    let message = '';
    let stack = '';
    try {
      if (error instanceof Exit) {
        kind = 'SystemExit';
        message = 'process.exit() was called';
      } else if (kindOf(error) === 'Error' || (typeof error === 'object' && error !== null)) {
        const known = kindOfError(error);
        if (known !== undefined) {
          kind = known.name;
          const link = getPrototypeOf(error);
          own = link !== known.prototype && (property(link.constructor, 'name') || true);
          message = property(error, 'message');
          stack = property(error, 'stack');
        } else message = 'thrown: ' + shown(error, 0);
      } else if (error === null) kind = 'null';
      else message = 'thrown: ' + shown(error, 0);
    } catch {
      message = '(its text cannot be shown)';
    }
    return 'x' + quoted(kind) + '\n' + quoted(own) + '\n' + quoted(short(message)) + '\n' +
      quoted(slice(wellFormed(stack), 0, 20000));
  };

  const failed = (error) => (error instanceof Excess ? 'e' + error.what : described(error));

  const guarded = (work) => {
    try {
      return work();
    } catch (error) {
      return failed(error);
    }
  };

  // --- console -------------------------------------------------------------------------------

  const LINE = 72;

  // Like Node's own way of showing a value, as far as anyone prints numbers, lists and objects.
  const shown = (value, depth) => {
    const kind = kindOf(value);
    switch (kind) {
      case 'nothing': return StringOf(value);
      case 'number': return is(value, -0) ? '-0' : StringOf(value);
      case 'truth': return StringOf(value);
      case 'text': return depth > 0 ? "'" + value + "'" : value;
      case 'BigInt': return StringOf(value) + 'n';
      case 'symbol': return StringOf(value);
      case 'function': return '[Function: ' + (property(value, 'name') || '(anonymous)') + ']';
      case 'list': return shownList(value, value.length, depth);
      case 'typed': return shownList(value, lengthOfTyped(value), depth);
      case 'object': return shownObject(value, depth);
      case 'Error': return property(value, 'name') + ': ' + property(value, 'message');
      default: return '[' + kind + ']';
    }
  };

  const joined = (open, parts, close) => {
    let line = '';
    for (let i = 0; i < parts.length; i++) line += (i > 0 ? ', ' : '') + parts[i];
    if (parts.length === 0) return open + close;
    if (line.length <= LINE) return open + ' ' + line + ' ' + close;
    let text = open;
    for (let i = 0; i < parts.length; i++) {
      text += (i > 0 ? ',' : '') + '\n  ' + parts[i];
    }
    return text + '\n' + close;
  };

  const add = (parts, text) => {
    defineProperty(parts, parts.length, {
      __proto__: null, value: text, writable: true, enumerable: true, configurable: true,
    });
  };

  const shownList = (list, length, depth) => {
    if (depth > 2) return '[Array]';
    const parts = [];
    for (let i = 0; i < length && i < 100; i++) add(parts, shown(list[i], depth + 1));
    if (length > 100) add(parts, '... ' + (length - 100) + ' more items');
    return joined('[', parts, ']');
  };

  const shownObject = (object, depth) => {
    if (depth > 2) return '[Object]';
    const parts = [];
    const keys = ownKeys(object);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i];
      const entry = getOwnPropertyDescriptor(object, key);
      if (typeof key !== 'string' || entry === undefined || !entry.enumerable) continue;
      add(parts, key + ': ' + (hasOwn(entry, 'value') ? shown(entry.value, depth + 1) : '[Getter]'));
    }
    return joined('{', parts, '}');
  };

  const emit = (text) => {
    write(slice(wellFormed(text), 0));
  };

  const print = (...values) => {
    let line = '';
    for (let i = 0; i < values.length; i++) line += (i > 0 ? ' ' : '') + shown(values[i], 0);
    emit(line + '\n');
  };

  const nothing = () => {};
  const console = { log: print, info: print, debug: print, warn: print, error: print, dir: print,
    table: print, trace: print, group: print, groupEnd: nothing, groupCollapsed: print,
    time: nothing, timeEnd: nothing, timeLog: nothing, count: nothing, countReset: nothing,
    clear: nothing,
    assert(holds, ...values) {
      if (!holds) print('Assertion failed:', ...values);
    },
  };

  // --- Timers --------------------------------------------------------------------------------

  const LONGEST = 2147483647; // a longer pause is as good as none, as in Node
  const timers = new Map();
  let lastTimer = 0;

  const timer = (work, delay, args, repeats) => {
    if (typeof work !== 'function') throw new TypeError('a timer needs a function to call');
    const wished = +delay;
    const pause = wished > 1 && wished <= LONGEST ? wished : 1;
    const id = ++lastTimer;
    keep(timers, id, { __proto__: null, work, args, pause, repeats, at: now() + pause });
    return id;
  };

  const clear = (id) => {
    drop(timers, id);
  };

  const next = () => {
    let first;
    each(timers, (entry, id) => {
      if (first === undefined || entry.at < first.at) first = { __proto__: null, id, at: entry.at };
    });
    return first;
  };

  const runTimer = () => {
    const first = next();
    if (first === undefined || first.at > now()) return;
    const entry = find(timers, first.id);
    if (entry.repeats) entry.at = now() + entry.pause;
    else drop(timers, first.id);
    detached(entry.work, entry.args);
  };

  const soon = (work, args) => {
    if (typeof work !== 'function') throw new TypeError('there has to be a function to call');
    enqueue(() => detached(work, args));
  };

  // --- Randomness: Alea (J. Baagøe), seeded by the judge ------------------------------------------
  // A multiply-with-carry in doubles: sums of 32 bits leave the engine's small integers, and cost
  // it four times as much.

  let s0 = 0, s1 = 0, s2 = 0, carry = 1;

  const seeded = (words) => {
    s0 = words[0] / 4294967296;
    s1 = words[1] / 4294967296;
    s2 = words[2] / 4294967296;
    carry = 1 + words[3] % 2091638;
    for (let i = 0; i < 12; i++) random();
  };

  const random = () => {
    const t = 2091639 * s0 + carry * 2.3283064365386963e-10;
    carry = t | 0;
    const u = 2091639 * s1 + carry * 2.3283064365386963e-10;
    s0 = s2;
    s1 = t - carry;
    carry = u | 0;
    s2 = u - carry;
    return s1 + (s2 * 2097152 | 0) * 1.1102230246251565e-16;
  };

  // --- What a program expects around it ----------------------------------------------------------

  const clone = (value, seen) => {
    const kind = kindOf(value);
    if (kind === 'function' || kind === 'symbol' || kind === 'Promise' || kind === 'Proxy') {
      throw new RealError(kind + ' cannot be cloned');
    }
    if (typeof value !== 'object' || value === null) return value;
    const made = find(seen, value);
    if (made !== undefined) return made;
    const copy = (empty) => {
      keep(seen, value, empty);
      return empty;
    };
    switch (kind) {
      case 'typed': return copy(new value.constructor(value));
      case 'Date': return copy(new Date(+value));
      case 'RegExp': return copy(new RegExp(value.source, value.flags));
      case 'Map': {
        const map = copy(new Map());
        for (const [key, entry] of value) map.set(clone(key, seen), clone(entry, seen));
        return map;
      }
      case 'Set': {
        const set = copy(new Set());
        for (const entry of value) set.add(clone(entry, seen));
        return set;
      }
      default: {
        const plainCopy = copy(kind === 'list' ? [] : {});
        if (kind === 'list') plainCopy.length = value.length;
        for (const key of Object.keys(value)) plainCopy[key] = clone(value[key], seen);
        return plainCopy;
      }
    }
  };

  const exit = () => { throw new Exit(); };

  const modules = { __proto__: null, perf_hooks: { performance } };
  const require = host !== undefined ? host.require : (name) => {
    const bare = StringOf(name);
    const found = modules[slice(bare, 0, 5) === 'node:' ? slice(bare, 5) : bare];
    if (found !== undefined) return found;
    const error = new RealError("Cannot find module '" + bare + "'");
    error.code = 'MODULE_NOT_FOUND';
    throw error;
  };
  if (host === undefined) require.main = undefined;

  const process = {
    argv: ['node', 'submission'], env: {}, platform: 'linux', exit,
    nextTick: (work, ...args) => soon(work, args),
    stdout: { write(text) { emit(StringOf(text)); return true; } },
    stderr: { write(text) { emit(StringOf(text)); return true; } },
  };

  const globals = host !== undefined ? host.globals(exit) : { console, process, global: globalThis,
    setTimeout: (work, delay, ...args) => timer(work, delay, args, false),
    setInterval: (work, delay, ...args) => timer(work, delay, args, true),
    setImmediate: (work, ...args) => timer(work, 0, args, false),
    clearTimeout: clear, clearInterval: clear, clearImmediate: clear,
    queueMicrotask: (work) => soon(work, []),
    structuredClone: (value) => clone(value, new Map()),
  };
  for (const name of ownKeys(globals)) {
    defineProperty(globalThis, name, {
      value: globals[name], writable: true, enumerable: false, configurable: true,
    });
  }
  Math.random = random;

  // --- Loading and calling ---------------------------------------------------------------------

  let entry;
  let state = '';
  let wanted = [];
  let due = 0; // how many arguments a call gives
  let accessors = true; // whether the file may make a getter of what it is given

  let asked = 0;

  const settled = (answer) => {
    if (state !== '') return;
    state = answer;
    if (host !== undefined) host.settled(answer);
  };

  // Fulfils `state` once a promise is settled; the driver turns the crank until then.
  const awaited = (promise, onValue) => {
    const mine = ++asked;
    const settledBy = (answer) => {
      if (mine === asked) settled(answer);
    };
    state = '';
    then(
      promise,
      (value) => settledBy(guarded(() => onValue(value))),
      (error) => settledBy(described(error)),
    );
    return 'p';
  };

  // What is thrown where nobody can catch it ends what is asked for, as it ends a process of Node's.
  const detached = (work, args) => {
    const thrown = guarded(() => {
      apply(work, undefined, args);
      return '';
    });
    if (thrown !== '') settled(thrown);
  };

  const headOf = (work) => quoted(slice(textOf(work), 0, 2000));

  const accepted = (name, work) => {
    if (typeof work !== 'function') return 'c';
    entry = work;
    const { length } = work;
    return typeof length === 'number' && length > due ? 'l' + headOf(work) : 'r' + name;
  };

  const names = (exported) => {
    let found = '';
    if (exported === null || (typeof exported !== 'object' && typeof exported !== 'function')) {
      return found;
    }
    const keys = ownKeys(exported);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i];
      const own = typeof key === 'string' ? getOwnPropertyDescriptor(exported, key) : undefined;
      if (own !== undefined && typeof own.value === 'function') found += '\n' + quoted(key);
    }
    return found;
  };

  const isObject = (value) => typeof value === 'object' && value !== null;

  // By its name first: as an export, then at the top level; else what is exported as a whole.
  const chosen = (exported, local, whole) => {
    for (let i = 0; i < wanted.length; i++) {
      if (isObject(exported) || typeof exported === 'function') {
        if (hasOwn(exported, wanted[i])) return accepted(wanted[i], exported[wanted[i]]);
      }
      if (isObject(local) && local[i] !== undefined) return accepted(wanted[i], local[i]);
    }
    if (typeof whole === 'function') return accepted(wanted[0], whole);
    if (isObject(whole)) {
      for (let i = 0; i < wanted.length; i++) {
        if (hasOwn(whole, wanted[i])) return accepted(wanted[i], whole[wanted[i]]);
      }
    }
    return 'n' + names(exported) + names(whole);
  };

  const run = (wrapper) => {
    const module = { exports: {} };
    try {
      const local = apply(wrapper, module.exports, [module.exports, require, module, 'submission.js', '.']);
      const exported = module.exports;
      const whole = typeof exported === 'function' ? exported : exported?.default;
      return chosen(exported, local, whole);
    } catch (error) {
      return described(error);
    }
  };

  // A namespace has no prototype, and hasOwn sees its exports; the last is ours.
  const importing = (promise) => awaited(promise, (namespace) =>
    chosen(namespace, namespace.__grader_found__, namespace.default));

  // Whether a value is still what it was; `was` is a copy that only we have, made of JSON. It is asked
  // after every call, of all that was given: so it asks for a kind or a descriptor only where
  // nothing cheaper tells. Whoever hides a getter from the judge has hidden nothing: it gives what
  // was given.
  const unchanged = (value, was) => {
    if (typeof was !== 'object' || was === null) return is(value, was);
    if (typeof value !== 'object' || value === null || isProxy(value)) return false;
    if (isArray(was)) {
      if (!isArray(value) || value.length !== was.length) return false;
      for (let i = 0; i < was.length; i++) {
        const entry = value[i];
        const old = was[i];
        if ((entry !== old || entry === 0) && !unchanged(entry, old)) return false;
      }
      return true;
    }
    const known = ownKeys(was);
    if (getPrototypeOf(value) !== plainLink && kindOf(value) !== 'object') return false;
    const keys = ownKeys(value);
    if (keys.length !== known.length) return false;
    for (let i = 0; i < known.length; i++) {
      const key = known[i];
      if (keys[i] !== key) return false;
      if (accessors && !hasOwn(getOwnPropertyDescriptor(value, key), 'value')) return false;
      const entry = value[key];
      const old = was[key];
      if ((entry !== old || entry === 0) && !unchanged(entry, old)) return false;
    }
    return true;
  };

  const returned = (value, args, copy) => {
    const answer = encoded(value);
    let same = false;
    try {
      same = unchanged(args, copy);
    } catch {}
    return (same ? '' : '!') + answer;
  };

  const isThenable = (value) => typeof value === 'object' && value !== null && !isProxy(value) &&
    typeof value.then === 'function';

  const answer = (args, copy) => {
    try {
      const value = apply(entry, undefined, args);
      if (!isThenable(value)) return returned(value, args, copy);
      const promise = new RealPromise((resolve) => resolve(value));
      return awaited(promise, (result) => returned(result, args, copy));
    } catch (error) {
      return failed(error);
    }
  };

  // Read twice: for the function, and for us, to see afterwards whether it has changed them.
  const answerJSON = (text) => {
    let args, copy;
    try {
      args = parsed(text);
      copy = parsed(text);
    } catch (error) { // earlier calls have left no memory for them
      return failed(error);
    }
    return answer(args, copy);
  };

  const said = (what, given, more) => {
    switch (what) {
      case 'begin': {
        const settings = parsed(given);
        wanted = settings.names;
        due = settings.due;
        accessors = settings.accessors;
        mostChars = settings.chars;
        seeded(settings.seed);
        return '';
      }
      case 'run': return run(given);
      case 'import': return importing(given);
      case 'described': return described(given);
      case 'call': return answer(given, more);
      case 'json': return answerJSON(given);
      case 'state': return state;
      case 'pause': {
        const first = next();
        return first === undefined ? '' : numberOf(first.at - now());
      }
      case 'timer': runTimer(); return '';
      default: return '';
    }
  };

  // A text that was put together from many is a tree of them, which cannot cross; a slice is flat.
  return function ask(what, given, more) {
    return slice(said(what, given, more), 0);
  };
})
