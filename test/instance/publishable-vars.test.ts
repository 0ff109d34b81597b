import test from 'ava';
import fc from 'fast-check';
import type { InstanceVars } from '../../src/instance/protocol.js';
import { publishableVars } from '../../src/instance/publishable-vars.js';
import { GumbyError } from '../../src/runtime/errors.js';

const publish = (vars: unknown) => publishableVars(vars as InstanceVars);

/** The copies have no prototypes, so they are compared as what the others get. */
const received = (vars: unknown): unknown => JSON.parse(JSON.stringify(publish(vars)));

test('plain data passes as it is, however it is nested', (t) => {
  const shared = [1, 2];
  for (const vars of [
    {},
    { host: '127.0.0.1', port: 12001, isSeeder: true, nobody: null, nothing: '' },
    { list: [1, [2, [3, { four: [5] }]]], 'a b': { c: {} }, one: shared, two: shared },
    Object.assign(Object.create(null) as object, { a: Object.create(null) as object }),
    JSON.parse('{"__proto__": {"a": 1}, "toString": 3}') as unknown,
  ])
    t.deepEqual(received(vars), JSON.parse(JSON.stringify(vars)) as unknown);
});

test('property: whatever JSON can say arrives as it was', (t) => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (vars) => {
      t.deepEqual(received(vars), JSON.parse(JSON.stringify(vars)) as unknown);
    }),
  );
});

class Peer {
  name = 'Ann';
}

class Peers extends Array<number> {}

const cyclic: Record<string, unknown> = { list: [] };
(cyclic['list'] as unknown[]).push(cyclic);

let deep: unknown = 0;
for (let level = 0; level < 100_000; level++) deep = [deep];

for (const [what, value, message] of [
  ['a Map', new Map([[1, 2]]), /^vars\.x cannot be published: it is an instance of Map; publish Object\.fromEntries/],
  ['a Set', { a: [0, new Set()] }, /^vars\.x\.a\[1\] cannot .* an instance of Set; publish \[\.\.\.set\]$/],
  ['a Date', { 'a b': new Date(0) }, /^vars\.x\["a b"\] cannot .* an instance of Date; publish date\.getTime\(\)/],
  ['a class', [new Peer()], /^vars\.x\[0\] .* an instance of Peer; publish its values in a plain object/],
  [
    'a class without a name',
    new (class {
      readonly a = 1;
    })(),
    /an instance of a class without a name/,
  ],
  ['an array of a class', Peers.from([1]), /an instance of Peers/],
  ['a Buffer', Buffer.from('a'), /an instance of Buffer; publish buffer\.toString\('base64'\)/],
  ['a typed array', new Float64Array(2), /an instance of Float64Array/],
  ['shared memory', new SharedArrayBuffer(8), /an instance of SharedArrayBuffer/],
  ['an error', new Error('no'), /an instance of Error/],
  ['a promise', Promise.resolve(1), /an instance of Promise/],
  ['a boxed number', Object(5) as unknown, /an instance of Number/],
  ['an object that inherits', Object.create({ a: 1 }) as unknown, /an instance of Object/],
  ['NaN', { a: Number.NaN }, /^vars\.x\.a cannot be published: it is NaN, and JSON has only finite numbers/],
  ['Infinity', [-Infinity], /^vars\.x\[0\] .* it is -Infinity/],
  ['undefined', undefined, /^vars\.x cannot be published: it is undefined/],
  ['undefined within', { a: undefined }, /^vars\.x\.a cannot be published: it is undefined/],
  ['a hole', new Array<number>(1), /^vars\.x\[0\] cannot be published: it is undefined/],
  ['a function', { toJSON: () => 'hidden' }, /^vars\.x\.toJSON cannot be published: it is a function/],
  ['a bigint', 5n, /it is a bigint/],
  ['a symbol', Symbol('s'), /it is a symbol/],
  ['a symbol as a name', { [Symbol('s')]: 1 }, /^vars\.x\[Symbol\(s\)\] cannot .* a symbol for its name/],
  ['an array with a name', Object.assign([1], { push: 2 }), /^vars\.x\.push cannot .* a property of an array/],
  ['a cycle', cyclic, /^vars\.x\.list\[0\] cannot be published: it refers back to what it stands in/],
  ['a tower', deep, /is nested deeper than 200 levels/],
] as const)
  test(`${what} is refused, with its place and the way out`, (t) => {
    const error = t.throws(() => publish({ before: 1, x: value }), { instanceOf: GumbyError, message });
    t.is(error.code, 'PARAMETER_INVALID');
  });

// By itself, because it changes what all objects share; nothing else runs meanwhile, as no test of this file waits.
test.serial('a polluted Object.prototype adds nothing, hides nothing and is never called', (t) => {
  const called: string[] = [];
  const pollute = (key: string, descriptor: PropertyDescriptor) =>
    Object.defineProperty(Object.prototype, key, { configurable: true, ...descriptor });
  pollute('extra', { value: 'everywhere', enumerable: true });
  pollute('toJSON', { value: () => called.push('toJSON') });
  pollute('swallowed', { get: () => 'polluted', set: () => called.push('set') });
  let published: unknown;
  let isOwn = false;
  try {
    const inner = JSON.parse('{"swallowed": 1, "kept": [2]}') as unknown;
    published = publish({ inner });
    isOwn = Object.hasOwn((published as { inner: object }).inner, 'swallowed');
  } finally {
    for (const key of ['extra', 'toJSON', 'swallowed']) Reflect.deleteProperty(Object.prototype, key);
  }
  t.deepEqual(called, []);
  t.true(isOwn);
  t.deepEqual(JSON.parse(JSON.stringify(published)), { inner: { swallowed: 1, kept: [2] } });
});
