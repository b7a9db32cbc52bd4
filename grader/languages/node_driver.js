// The driver of JavaScript submissions in Node.js: it speaks to the judge, and calls the function.
//
// An expression: a function of (require, settings, kinds, prelude), run by `node -e` in a confined
// process. It reads frames from descriptor `settings.down` and writes one reply for each to
// `settings.up`, both without the event loop. How a function is found and called, what a value or
// an exception is, is the prelude's to say, as in QuickJS: it answers with a text, and this turns
// that into the judge's bytes (grader/sandbox/wire.py, grader/values).
//
// What is needed of the realm is bound here, before the submission's first line. Whatever that does
// to prototypes, `process` or `fs`, it shares this process anyway: it can forge its own answers.
(function (require, settings, kinds, prelude) {
  'use strict';
  const { readSync, writeSync } = require('fs');
  const vm = require('vm');
  const { Console } = require('console');
  const { Writable } = require('stream');
  const { isBuiltin } = require('module');
  const { isProxy } = require('util').types;
  const { SourceTextModule, SyntheticModule, compileFunction } = vm;
  const compileScript = (text, options) => new vm.Script(text, options);
  const realmOf = globalThis;
  const { defineProperty, keys: keysOf } = Object;
  const { parse } = JSON;
  const { floor } = Math;
  const NumberOf = Number;
  const BigIntOf = BigInt;
  const Bytes = Uint8Array;
  const Store = ArrayBuffer;
  const View = DataView;
  const call = Function.prototype.call;
  const unbound = (method) => call.bind(method);
  const charCode = unbound(String.prototype.charCodeAt);
  const slice = unbound(String.prototype.slice);
  const indexOf = unbound(String.prototype.indexOf);
  const lastIndexOf = unbound(String.prototype.lastIndexOf);
  const wellFormed = unbound(String.prototype.toWellFormed);
  const numberText = unbound(Number.prototype.toString);
  const match = unbound(RegExp.prototype.exec);
  const then = unbound(Promise.prototype.then);
  const copyInto = unbound(Bytes.prototype.set);
  const moveWithin = unbound(Bytes.prototype.copyWithin);
  const encoder = new TextEncoder();
  const encodeInto = unbound(TextEncoder.prototype.encodeInto);
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const decode = unbound(TextDecoder.prototype.decode);
  const get = { __proto__: null };
  const set = { __proto__: null };
  const numbers = ['Int8', 'Int16', 'Int32', 'Uint8', 'Uint16', 'Uint32', 'Float32', 'Float64'];
  for (const kind of numbers) {
    get[kind] = unbound(View.prototype['get' + kind]);
    set[kind] = unbound(View.prototype['set' + kind]);
  }
  const end = process.reallyExit.bind(process, 0);
  const HIGH = 4294967296;

  // --- Frames --------------------------------------------------------------------------------

  let sequence = 0;

  const readExactly = (size) => {
    const store = new Store(size);
    const bytes = new Bytes(store);
    for (let at = 0; at < size;) {
      const got = readSync(settings.down, bytes, at, size - at, null);
      if (got === 0) end(); // the judge has closed the channel
      at += got;
    }
    return store;
  };

  const readFrame = () => {
    const header = new View(readExactly(8));
    sequence = get.Uint32(header, 0, true);
    return readExactly(get.Uint32(header, 4, true));
  };

  const writeAll = (bytes, length) => {
    for (let at = 0; at < length;) at += writeSync(settings.up, bytes, at, length - at, null);
  };

  // --- Bytes down: msgpack as grader/values writes it, to what JavaScript has for it -------------

  let store, view, at;

  const wide = (unsigned, little) => {
    const [high, low] = little ? [at + 4, at] : [at, at + 4];
    const value = (unsigned ? get.Uint32 : get.Int32)(view, high, little) * HIGH;
    at += 8;
    return value + get.Uint32(view, low, little);
  };

  const big = (kind, size) => {
    const value = get[kind](view, at);
    at += size;
    return value;
  };

  const little = (kind, size) => {
    const value = get[kind](view, at, true);
    at += size;
    return value;
  };

  const half = () => {
    const bits = little('Uint16', 2);
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    const size = exponent === 0 ? fraction * 2 ** -24
      : exponent < 31 ? (1 + fraction / 1024) * 2 ** (exponent - 15)
        : fraction ? NaN : Infinity;
    return bits & 0x8000 ? -size : size;
  };

  const elements = {
    __proto__: null,
    b1: () => little('Uint8', 1) !== 0,
    i1: () => little('Int8', 1),
    i2: () => little('Int16', 2),
    i4: () => little('Int32', 4),
    i8: () => wide(false, true),
    u1: () => little('Uint8', 1),
    u2: () => little('Uint16', 2),
    u4: () => little('Uint32', 4),
    u8: () => wide(true, true),
    f2: half,
    f4: () => little('Float32', 4),
    f8: () => little('Float64', 8),
    c8: () => [little('Float32', 4), little('Float32', 4)],
    c16: () => [little('Float64', 8), little('Float64', 8)],
  };

  const nested = (shape, dimension, element) => {
    if (dimension === shape.length) return element();
    const list = [];
    for (let i = 0; i < shape[dimension]; i++) list[i] = nested(shape, dimension + 1, element);
    return list;
  };

  const readInteger = (size) => {
    let digits = '0x';
    for (let i = size - 1; i >= 0; i--) {
      const byte = get.Uint8(view, at + i);
      digits += (byte < 16 ? '0' : '') + numberText(byte, 16);
    }
    const negative = get.Int8(view, at + size - 1) < 0;
    at += size;
    return NumberOf(BigIntOf(digits) - (negative ? 1n << BigIntOf(8 * size) : 0n));
  };

  const MARKER = { __proto__: null }; // begins a tuple or a set

  const readExtension = (size) => {
    const code = big('Uint8', 1);
    const { codes } = settings;
    if (code === codes.complex) return elements.c16();
    if (code === codes.integer) return readInteger(size);
    if (code === codes.scalar) return elements[settings.dtypes[big('Uint8', 1)]]();
    if (code === codes.array) {
      const element = elements[settings.dtypes[big('Uint8', 1)]];
      const shape = [];
      const dimensions = big('Uint8', 1);
      for (let i = 0; i < dimensions; i++) shape[i] = wide(true, true);
      return nested(shape, 0, element);
    }
    at += size;
    return MARKER;
  };

  const readText = (size) => {
    const text = decode(decoder, new Bytes(store, at, size));
    at += size;
    return text;
  };

  const readBytes = (size) => {
    const list = [];
    for (let i = 0; i < size; i++) list[i] = big('Uint8', 1);
    return list;
  };

  const readList = (length) => {
    const list = [];
    let skipped = 0;
    for (let i = 0; i < length; i++) {
      const entry = read();
      if (entry === MARKER) skipped = 1;
      else list[i - skipped] = entry;
    }
    return list;
  };

  const readObject = (length) => {
    const object = {};
    for (let i = 0; i < length; i++) {
      const key = read();
      const value = read();
      if (key !== '__proto__') object[key] = value;
      else {
        defineProperty(object, key, {
          __proto__: null, value, writable: true, enumerable: true, configurable: true,
        });
      }
    }
    return object;
  };

  const read = () => {
    const first = big('Uint8', 1);
    if (first < 0x80) return first;
    if (first < 0x90) return readObject(first & 15);
    if (first < 0xa0) return readList(first & 15);
    if (first < 0xc0) return readText(first & 31);
    if (first >= 0xe0) return first - 256;
    switch (first) {
      case 0xc2: return false;
      case 0xc3: return true;
      case 0xc4: return readBytes(big('Uint8', 1));
      case 0xc5: return readBytes(big('Uint16', 2));
      case 0xc6: return readBytes(big('Uint32', 4));
      case 0xc7: return readExtension(big('Uint8', 1));
      case 0xc8: return readExtension(big('Uint16', 2));
      case 0xc9: return readExtension(big('Uint32', 4));
      case 0xca: return big('Float32', 4);
      case 0xcb: return big('Float64', 8);
      case 0xcc: return big('Uint8', 1);
      case 0xcd: return big('Uint16', 2);
      case 0xce: return big('Uint32', 4);
      case 0xcf: return wide(true, false);
      case 0xd0: return big('Int8', 1);
      case 0xd1: return big('Int16', 2);
      case 0xd2: return big('Int32', 4);
      case 0xd3: return wide(false, false);
      case 0xd4: return readExtension(1);
      case 0xd5: return readExtension(2);
      case 0xd6: return readExtension(4);
      case 0xd7: return readExtension(8);
      case 0xd8: return readExtension(16);
      case 0xd9: return readText(big('Uint8', 1));
      case 0xda: return readText(big('Uint16', 2));
      case 0xdb: return readText(big('Uint32', 4));
      case 0xdc: return readList(big('Uint16', 2));
      case 0xdd: return readList(big('Uint32', 4));
      case 0xde: return readObject(big('Uint16', 2));
      case 0xdf: return readObject(big('Uint32', 4));
      default: return null;
    }
  };

  const valueIn = (frame) => {
    store = frame;
    view = new View(frame);
    at = 0;
    const value = read();
    store = view = undefined; // what a call was given is not kept
    return value;
  };

  // --- Bytes up --------------------------------------------------------------------------------

  let out = new Bytes(0);
  let outView;
  let capacity = 0;
  let length = 0;

  const room = (size) => {
    if (length + size <= capacity) return;
    capacity = 2 * (length + size);
    const larger = new Store(capacity);
    const bytes = new Bytes(larger);
    copyInto(bytes, out);
    out = bytes;
    outView = new View(larger);
  };

  const put = (kind, size, value, littleEndian = false) => {
    room(size);
    set[kind](outView, length, value, littleEndian);
    length += size;
  };

  const byte = (value) => put('Uint8', 1, value);

  const sized = (count, small, most, codes) => {
    if (count < most) byte(small + count);
    else if (count < 0x100 && codes[0] !== 0) {
      byte(codes[0]);
      byte(count);
    } else if (count < 0x10000) {
      byte(codes[1]);
      put('Uint16', 2, count);
    } else {
      byte(codes[2]);
      put('Uint32', 4, count);
    }
  };

  const putNothing = () => byte(0xc0);
  const putTruth = (value) => byte(value ? 0xc3 : 0xc2);
  const putList = (count) => sized(count, 0x90, 16, [0, 0xdc, 0xdd]);

  const putTuple = (count) => {
    putList(count + 1);
    byte(0xc7);
    byte(0);
    byte(settings.codes.tuple);
  };

  const putWhole = (value) => {
    if (value >= 0 && value < 128) byte(value);
    else if (value < 0 && value >= -32) byte(value + 256);
    else if (value >= -0x80000000 && value < 0x80000000) {
      byte(0xd2);
      put('Int32', 4, value);
    } else {
      byte(0xd3);
      const high = floor(value / HIGH);
      put('Int32', 4, high);
      put('Uint32', 4, value - high * HIGH);
    }
  };

  const putDouble = (value) => {
    byte(0xcb);
    put('Float64', 8, value);
  };

  // A lone surrogate is no character: written as its escape, as Python does.
  const escaped = (text) => {
    if (wellFormed(text) === text) return text;
    let made = '';
    for (let i = 0; i < text.length; i++) {
      const pair = slice(text, i, i + 2);
      if (pair.length === 2 && charCode(pair, 0) >= 0xd800 && wellFormed(pair) === pair &&
          charCode(pair, 0) < 0xdc00) {
        made += pair;
        i++;
      } else if (wellFormed(pair[0]) === pair[0]) made += pair[0];
      else made += '\\u' + numberText(charCode(pair, 0), 16);
    }
    return made;
  };

  const utf8 = (text) => {
    const bytes = new Bytes(3 * text.length);
    const { written } = encodeInto(encoder, text, bytes);
    return { __proto__: null, bytes, written };
  };

  const putBytes = ({ bytes, written }) => {
    room(written);
    for (let i = 0; i < written; i++) out[length + i] = bytes[i];
    length += written;
  };

  const putText = (text) => {
    const encoded = utf8(escaped(text));
    sized(encoded.written, 0xa0, 32, [0xd9, 0xda, 0xdb]);
    putBytes(encoded);
  };

  const putPrints = (text) => {
    const encoded = utf8(text);
    sized(encoded.written, 0, 0, [0xc4, 0xc5, 0xc6]);
    putBytes(encoded);
  };

  const putOpaque = (kind) => {
    const encoded = utf8(kind);
    byte(0xc7);
    byte(encoded.written);
    byte(settings.codes.opaque);
    putBytes(encoded);
  };

  // The text of a value as the prelude writes it: JSON with NaN and infinities, in which, where
  // `tagged`, each text begins with "t", or with "o" if it names an opaque kind.
  const putValue = (text, from, tagged) => {
    const quoteEnd = (start) => {
      let i = start + 1;
      for (; charCode(text, i) !== 34; i++) if (charCode(text, i) === 92) i++;
      return i + 1;
    };
    const tokenEnd = (start) => {
      for (let i = start; ; i++) {
        const code = charCode(text, i);
        if (code === 44 || code === 93 || code === 125 || code !== code) return i;
      }
    };
    // How many parts a list or object has is known when it has been written: the few that have
    // more than 15 are then moved, to make room for a longer number.
    const container = (i, few, many, close, part) => {
      const place = length;
      byte(few);
      let count = 0;
      while (charCode(text, i) !== close) {
        if (count > 0) i++; // a comma
        i = part(i);
        count++;
      }
      if (count < 16) set.Uint8(outView, place, few + count);
      else {
        room(4);
        moveWithin(out, place + 5, place + 1, length);
        length += 4;
        set.Uint8(outView, place, many);
        set.Uint32(outView, place + 1, count);
      }
      return i + 1;
    };
    const member = (i) => {
      const stop = quoteEnd(i);
      putText(parse(slice(text, i, stop)));
      return value(stop + 1);
    };
    const value = (i) => {
      switch (charCode(text, i)) {
        case 91: return container(i + 1, 0x90, 0xdd, 93, value);
        case 123: return container(i + 1, 0x80, 0xdf, 125, member);
        case 34: {
          const stop = quoteEnd(i);
          const content = parse(slice(text, i, stop));
          if (!tagged || content[0] === 't') putText(slice(content, tagged ? 1 : 0));
          else putOpaque(slice(content, 1) || 'object');
          return stop;
        }
        default: {
          const stop = tokenEnd(i);
          const token = slice(text, i, stop);
          if (token === 'null') putNothing();
          else if (token === 'true' || token === 'false') putTruth(token === 'true');
          else if (isWhole(token)) putWhole(NumberOf(token));
          else putDouble(NumberOf(token));
          return stop;
        }
      }
    };
    value(from);
  };

  // A whole number of so few digits is written exactly, as one; longer ones are rounded.
  const isWhole = (token) => {
    const first = charCode(token, 0) === 45 ? 1 : 0;
    if (token.length > 15) return false;
    for (let i = first; i < token.length; i++) {
      const code = charCode(token, i);
      if (code < 48 || code > 57) return false;
    }
    return token.length > first;
  };

  const begin = (tag) => {
    length = 0;
    put('Uint32', 4, sequence, true);
    put('Uint32', 4, 0);
    byte(tag);
  };

  const send = () => {
    set.Uint32(outView, 4, length - 8, true);
    writeAll(out, length);
  };

  // --- Replies ---------------------------------------------------------------------------------

  const { tags, most } = settings;
  let printed = '';

  const takePrints = () => {
    const taken = printed;
    printed = '';
    return taken;
  };

  const sendExceeded = (what) => {
    begin(tags.exceeded);
    putText(what);
    send();
  };

  const short = (text, limit) => wellFormed(slice(text, 0, limit));

  const putNumber = (value) => (value === null ? putNothing() : putWhole(value));

  const putError = (error) => {
    putTuple(6);
    putText(error.kind);
    putTruth(error.own);
    putNumber(error.line);
    putText(short(error.message, most.message));
    putTuple(error.trace.length);
    for (let i = 0; i < error.trace.length; i++) {
      putTuple(2);
      putWhole(error.trace[i].line);
      putText(short(error.trace[i].name, most.name));
    }
    putNumber(error.column);
  };

  const sendReady = (name) => {
    const prints = utf8(takePrints());
    begin(tags.ready);
    put('Uint32', 4, prints.written, true);
    putBytes(prints);
    putBytes(utf8(name));
    send();
  };

  const sendInvalid = (reason, error, names) => {
    begin(tags.invalid);
    putTuple(4);
    putText(reason);
    if (error === null) putNothing();
    else putError(error);
    const count = names.length < most.names ? names.length : most.names;
    putTuple(count);
    for (let i = 0; i < count; i++) putText(short(names[i], most.name));
    putPrints(takePrints());
    send();
  };

  const sendRaised = (error) => {
    begin(tags.raised);
    putTuple(2);
    putError(error);
    putPrints(takePrints());
    send();
  };

  const sendReturned = (text, tagged, changed) => {
    const prints = utf8(takePrints());
    begin(tags.returned);
    byte(changed ? 1 : 0);
    put('Uint32', 4, prints.written, true);
    putBytes(prints);
    const start = length;
    putValue(text, 0, tagged);
    if (length - start > job.resultBytes) sendExceeded('bytes');
    else send();
  };

  // --- Exceptions, as grader/languages/javascript_exceptions.py has them -------------------------

  let job;
  let frame;

  const linesOf = (text) => {
    const plain = text.replace(/\r\n?/g, '\n').replace(/\n+$/, '');
    return plain.split('\n').length;
  };

  const literally = (text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

  const positionIn = (text) => (text === undefined ? 0 : NumberOf(text));

  const plainName = (name) => {
    if (name === undefined) return '<anonymous>';
    const alias = indexOf(name, ' [as ');
    const whole = alias < 0 ? name : slice(name, 0, alias);
    const from = lastIndexOf(whole, '.');
    const last = slice(whole, from + 1);
    return slice(last, lastIndexOf(last, ' ') + 1); // without "new" and "async"
  };

  const traceOf = (stack, own) => {
    const frames = []; // the innermost first
    frame.lastIndex = 0;
    for (let found; frames.length < most.trace && (found = match(frame, stack));) {
      const line = positionIn(found[2]);
      if (line >= 1 && line <= job.lines) {
        frames[frames.length] = { line, name: plainName(found[1]) };
      }
    }
    let first = 0; // a class's own constructor made the error, but that is not where it happened
    while (first < frames.length - 1 && frames[first].name === own) first++;
    const trace = [];
    for (let i = frames.length - 1; i >= first; i--) trace[trace.length] = frames[i];
    return trace;
  };

  const kindOfError = (kind, message) => {
    if (kind === 'null') return 'Error';
    if (kind !== 'RangeError') return kind;
    const lacksMemory = message === 'Array buffer allocation failed' ||
      indexOf(message, 'could not allocate memory') >= 0;
    return lacksMemory ? 'MemoryError' : kind;
  };

  // Reads what the prelude wrote of an exception: kind, own class, message, stack.
  const raised = (text) => {
    const parts = [];
    for (let from = 0; from >= 0 && parts.length < 4;) {
      const stop = indexOf(text, '\n', from);
      parts[parts.length] = parse(stop < 0 ? slice(text, from) : slice(text, from, stop));
      from = stop < 0 ? -1 : stop + 1;
    }
    const [kind, own, whole, stack] = parts;
    const aside = indexOf(whole, '\nRequire stack:');
    const message = aside < 0 ? whole : slice(whole, 0, aside);
    const trace = traceOf(stack, own);
    return {
      kind: kindOfError(kind, message),
      own: own !== false,
      line: trace.length > 0 ? trace[trace.length - 1].line : null,
      message: kind === 'null' ? 'thrown: null' : message,
      trace,
      column: null,
    };
  };

  // Node says where a script does not compile, but not where a module does not. So that is compiled
  // once more as a script, without the words that only a module has; if it fails in the same way,
  // it fails in the same place.
  const placed = (error) => {
    const head = '(async function () {';
    const blank = (words) => ' '.repeat(words.length);
    const text = job.text
      .replace(/^[ \t]*export[ \t]+(?:default[ \t]+)?(?![{*])/gm, blank)
      .replace(/^[ \t]*(?:import\b[^;'"()]*|export[ \t]*[{*][^;'"()]*)(?:(['"]).*?\1)?/gm,
        (words) => words.replace(/[^\n]/g, ' '));
    try {
      compileScript(`${head}${text}\n})`, { filename: job.filename, columnOffset: -head.length });
    } catch (again) {
      if (again.message === error.message) return again;
    }
    return error;
  };

  // Reads what V8 says of a text that does not compile: the stack begins with the line itself.
  // Nothing of the submission has run yet.
  const refused = (error) => {
    const [place, , marks] = String(error.stack).split('\n');
    const found = /:(\d{1,9})$/.exec(place);
    const line = found ? positionIn(found[1]) : 0;
    const atTheEnd = line > job.lines;
    const column = !atTheEnd && marks !== undefined ? marks.indexOf('^') + 1 : 0;
    return {
      kind: error.name === 'SyntaxError' ? 'SyntaxError' : 'Error',
      own: false,
      line: atTheEnd ? job.lines : line || null,
      message: atTheEnd ? settings.neverClosed : String(error.message),
      trace: [],
      column: column || null,
    };
  };

  // --- What a program finds around it ------------------------------------------------------------

  const print = (text) => {
    const whole = wellFormed(text);
    job.printBytes -= utf8(whole).written;
    if (job.printBytes < 0) {
      sendExceeded('prints'); // not worth running on for
      end();
    }
    printed += whole;
  };

  const stream = () => new Writable({
    decodeStrings: false,
    write(chunk, encoding, done) {
      print(typeof chunk === 'string' ? chunk : decode(decoder, chunk));
      done();
    },
  });

  const present = (object, name, value) => {
    defineProperty(object, name, { __proto__: null, value, writable: true, configurable: true });
  };

  // Node's own, but for where prints go and how a program ends.
  const globals = (exit) => {
    for (const name of ['stdout', 'stderr']) present(process, name, stream());
    for (const name of ['exit', 'reallyExit', 'abort']) present(process, name, exit);
    process.argv = ['node', 'submission'];
    process.execArgv = [];
    delete process._eval;
    for (const name of ['require', 'module', 'exports', '__filename', '__dirname']) {
      delete realmOf[name];
    }
    return { __proto__: null, console: new Console(process.stdout, process.stderr) };
  };

  // --- Loading and calling -----------------------------------------------------------------------

  let asked = ''; // "load" or "call" while a promise is to be settled
  let never = '';

  const settled = (said) => {
    const what = asked;
    if (what === '') return;
    asked = '';
    if (what === 'call') called(said);
    else if (!loaded(said)) end();
    serve();
  };

  const kindOf = (value) => (isProxy(value) ? 'Proxy' : kinds.kindOf(value));
  const ask = prelude({ kindOf, isProxy }, print, { __proto__: null, require, globals, settled });

  const loaded = (said) => {
    const rest = slice(said, 1);
    switch (said[0]) {
      case 'r': sendReady(rest); return true;
      case 'l': sendInvalid('wrong_parameters', null, parameters(parse(rest))); return false;
      case 'c': sendInvalid('not_callable', null, []); return false;
      case 'n': sendInvalid('no_entry_point', null, namesIn(rest)); return false;
      default: {
        const error = raised(rest);
        const exits = error.kind === 'SystemExit';
        sendInvalid(exits ? 'exits_at_import' : 'import_raised', error, []);
        return false;
      }
    }
  };

  const called = (said) => {
    const changed = said[0] === '!';
    const letter = said[changed ? 1 : 0];
    const rest = slice(said, changed ? 2 : 1);
    if (letter === 'e') sendExceeded(rest);
    else if (letter === 'x') sendRaised(raised(rest));
    else sendReturned(rest, letter === 'w', changed);
  };

  const askSafely = (what, given, more) => {
    try {
      return ask(what, given, more);
    } catch (error) {
      return ask('described', error);
    }
  };

  // Answers frame after frame; returns where a promise is to be waited for.
  const serve = () => {
    for (;;) {
      const sent = readFrame();
      // Twice: for the function, and to see afterwards whether they have changed.
      const said = askSafely('call', valueIn(sent), valueIn(sent));
      if (said === 'p') {
        asked = 'call';
        return;
      }
      called(said);
    }
  };

  const namesIn = (rest) => {
    const names = [];
    const add = (name) => {
      for (let i = 0; i < names.length; i++) if (names[i] === name) return;
      names[names.length] = name;
    };
    for (let from = 1; from > 0 && from < rest.length;) {
      const stop = indexOf(rest, '\n', from);
      add(parse(stop < 0 ? slice(rest, from) : slice(rest, from, stop)));
      from = stop + 1;
    }
    for (let i = 0; i < job.defined.length; i++) add(job.defined[i]);
    return names;
  };

  const HEAD = /^[^(]*?\(([^()]*)\)/;
  const PARAMETER = /[ \t\r\n]*(?:\.\.\.)?([A-Za-z_$][\w$]*)[^,]*(?:,|$)|[^,]*(?:,|$)/gy;

  // The parameters in a function's text; none where one of them is a pattern.
  const parameters = (head) => {
    const found = match(HEAD, head);
    const arrow = indexOf(head, '=>');
    const listed = found ? found[1] : arrow < 0 ? head : slice(head, 0, arrow);
    const names = [];
    if (indexOf(listed, '{') >= 0 || indexOf(listed, '[') >= 0) return names;
    PARAMETER.lastIndex = 0;
    while (PARAMETER.lastIndex < listed.length) {
      const part = match(PARAMETER, listed);
      if (part === null) break;
      if (part[1] !== undefined) names[names.length] = part[1];
    }
    return names;
  };

  // A module that has what Node's own module `specifier` has; nothing else can be imported.
  const builtin = async (specifier) => {
    if (!isBuiltin(specifier)) {
      throw new Error("Cannot find module '" + specifier + "'");
    }
    const given = require(specifier);
    const names = keysOf(given).filter((name) => name !== 'default');
    const module = new SyntheticModule(['default', ...names], () => {
      module.setExport('default', given);
      for (const name of names) module.setExport(name, given[name]);
    });
    await module.link(() => {});
    await module.evaluate();
    return module;
  };

  const loadScript = () => {
    const wrapper = compileFunction(
      job.text + '\n;return ' + settings.values,
      ['exports', 'require', 'module', '__filename', '__dirname'],
      { filename: job.filename, importModuleDynamically: builtin },
    );
    return () => askSafely('run', wrapper);
  };

  const loadModule = () => {
    const text = job.text + '\n;export const ' + settings.found + ' = ' + settings.values + ';';
    const module = new SourceTextModule(text, {
      identifier: job.filename,
      importModuleDynamically: builtin,
      initializeImportMeta: (meta) => { meta.url = 'file:///' + job.filename; },
    });
    const linked = module.link(builtin);
    return () => askSafely('import', then(
      linked, () => then(module.evaluate(), () => module.namespace)));
  };

  const readJob = () => {
    const [source, filename, names, wanted, seed, printBytes, resultBytes] = valueIn(readFrame());
    const text = new TextDecoder().decode(new Bytes(source));
    job = {
      text: text.startsWith('#!') ? '//' + text.slice(2) : text,
      filename, due: wanted.length, printBytes, resultBytes,
    };
    job.lines = linesOf(job.text);
    job.defined = [...job.text.matchAll(new RegExp(settings.definition, 'gm'))]
      .map(([, a, b]) => a ?? b);
    settings.values = '[' +
      names.map((name) => `typeof ${name} === "undefined" ? undefined : ${name}`).join(', ') + ']';
    frame = new RegExp(
      `^ {4}at (?:(.{1,200}?) \\()?(?:file:///)?${literally(filename)}:(\\d{1,9}):\\d{1,9}\\)?$`,
      'gm');
    const seeds = new View(new Bytes([...seed, ...new Array(16).fill(0)]).buffer);
    const words = [0, 4, 8, 12].map((i) => seeds.getUint32(i, true));
    ask('begin', JSON.stringify({
      names, due: job.due, chars: resultBytes, seed: words, accessors: true,
    }));
  };

  const isModule = () => {
    const suffix = job.filename.toLowerCase().slice(-4);
    if (suffix === '.mjs' || suffix === '.cjs') return suffix === '.mjs';
    return new RegExp(settings.moduleStatement, 'm').test(job.text);
  };

  const start = () => {
    Error.stackTraceLimit = 2 * most.trace;
    readJob();
    process.setUncaughtExceptionCaptureCallback((error) => settled(ask('described', error)));
    never = ask('described', new Error('the promise that it returned is never settled'));
    process.on('beforeExit', () => settled(never));
    const module = isModule();
    let run;
    try {
      run = module ? loadModule() : loadScript();
    } catch (error) {
      sendInvalid('does_not_compile', refused(module ? placed(error) : error), []);
      end();
    }
    const said = run();
    if (said === 'p') {
      asked = 'load';
      return;
    }
    if (!loaded(said)) end();
    serve();
  };

  start();
})
