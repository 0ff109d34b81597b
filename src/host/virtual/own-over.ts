/** Names of an instance's own before everything else that an object has. */
export function ownOver<T extends object>(target: T, own: Record<PropertyKey, unknown>): T {
  return new Proxy(target, {
    get(real, name) {
      if (Object.hasOwn(own, name)) return own[name];
      const value: unknown = Reflect.get(real, name);
      // Methods of Node's own objects insist on them; classes stay what they are.
      return typeof value === 'function' && value.prototype === undefined ? (value.bind(real) as unknown) : value;
    },
    set(_real, name, value) {
      own[name] = value;
      return true;
    },
    has: (real, name) => Object.hasOwn(own, name) || name in real,
  });
}
