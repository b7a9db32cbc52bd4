// What a returned value is, decided before and apart from the student's code.
//
// An expression: it takes the realm's own constructors, while they are still the engine's, and is
// an object of two functions, `isProxy(value)` and `kindOf(value)`. That answers "nothing", "truth", "number", "text", "list",
// "typed", "object", or else what a value that is no plain data is called (see values/opaque.py).
// No method is looked up on the value or on a prototype, where student code may have put its own.
(function () {
  'use strict';
  const { getOwnPropertyDescriptor, getPrototypeOf } = Object;
  const { isArray } = Array;
  const RealProxy = Proxy;
  const { construct } = Reflect;
  const call = Function.prototype.call;
  const unbound = (method) => call.bind(method);
  const tagOf = unbound(Object.prototype.toString);
  const typedTag = unbound(
    getOwnPropertyDescriptor(getPrototypeOf(Int8Array.prototype), Symbol.toStringTag).get,
  );
  const addTo = unbound(WeakSet.prototype.add);
  const isIn = unbound(WeakSet.prototype.has);
  const proxies = new WeakSet();
  let anyProxy = false; // few programs make one, and to look for it costs as much as all the rest

  const known = { __proto__: null };
  for (const name of ['Map', 'Set', 'WeakMap', 'WeakSet', 'WeakRef', 'Date', 'RegExp', 'Promise',
    'Error', 'ArrayBuffer', 'SharedArrayBuffer', 'DataView']) known['[object ' + name + ']'] = name;
  for (const name of ['Number', 'String', 'Boolean', 'Symbol', 'BigInt']) {
    known['[object ' + name + ']'] = name + ' object';
  }
  for (const name of ['Generator', 'AsyncGenerator']) known['[object ' + name + ']'] = 'generator';
  for (const name of ['Array', 'Map', 'Set', 'String', 'RegExp String']) {
    known['[object ' + name + ' Iterator]'] = 'iterator';
  }
  for (const name of ['Iterator', 'Iterator Helper', 'Iterator Wrap', 'Iterator Concat']) {
    known['[object ' + name + ']'] = 'iterator';
  }
  known['[object Arguments]'] = 'arguments object';

  const noted = (proxy) => {
    addTo(proxies, proxy);
    anyProxy = true;
  };
  const isProxy = (value) => anyProxy && isIn(proxies, value);

  // Nothing but its maker can tell a proxy from what it stands for: so every one is noted.
  const { revocable } = RealProxy;
  RealProxy.revocable = (target, handler) => {
    const made = revocable(target, handler);
    noted(made.proxy);
    return made;
  };
  globalThis.Proxy = new RealProxy(RealProxy, {
    __proto__: null,
    construct(target, args, newTarget) {
      const made = construct(target, args, newTarget);
      noted(made);
      return made;
    },
  });

  const kindOf = (value) => {
    switch (typeof value) {
      case 'number': return 'number';
      case 'object': break;
      case 'undefined': return 'nothing';
      case 'boolean': return 'truth';
      case 'string': return 'text';
      case 'bigint': return 'BigInt';
      default: return typeof value; // function, symbol
    }
    if (value === null) return 'nothing';
    if (isProxy(value)) return 'Proxy';
    if (isArray(value)) return 'list';
    if (typedTag(value) !== undefined) return 'typed';
    return known[tagOf(value)] ?? 'object';
  };

  return { __proto__: null, kindOf, isProxy };
})()
