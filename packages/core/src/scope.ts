// Where in a model something is computed: the names of the layers that are being called. It knows no layers and no tapes.

let scope: string | undefined;

/** The layers that are being called, `model/dense_1`; undefined outside of any. */
export function currentScope(): string | undefined {
  return scope;
}

/**
 * Runs `f` inside a scope; what tapes record then bears its name, and scopes inside it come after a slash.
 *
 * ```ts
 * const w = scalar(2);
 * const tape = new Tape();
 * tape.watch(w);
 * tape.record(() => inScope('model', () => inScope('dense_1', () => w.square())));
 * tape.nodes[1]?.scope; // → model/dense_1
 * ```
 */
export function inScope<T>(name: string, f: () => T): T {
  const before = scope;
  scope = before === undefined ? name : `${before}/${name}`;
  try {
    return f();
  } finally {
    scope = before;
  }
}
