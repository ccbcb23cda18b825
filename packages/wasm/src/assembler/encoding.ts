// Bytes as the binary format writes them: LEB128 integers, IEEE numbers, names, lists, sections. No instructions.

/** A growing list of bytes. */
export class Bytes {
  #store: Uint8Array<ArrayBuffer> = new Uint8Array(64);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Bytes as they are. */
  raw(bytes: ArrayLike<number>): this {
    this.#reserve(bytes.length);
    this.#store.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  byte(value: number): this {
    if (this.#length === this.#store.length) this.#reserve(1);
    this.#store[this.#length++] = value;
    return this;
  }

  /** An unsigned integer below 2³²: seven bits a byte, lowest first, the eighth bit on all but the last. */
  unsigned(value: number): this {
    if (value < 0x80) return this.byte(value);
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    return this.byte(rest);
  }

  /** A signed integer of at most 64 bits: the last byte's seventh bit is the sign. */
  signed(value: bigint): this {
    let rest = value;
    while (rest < -0x40n || rest >= 0x40n) {
      this.byte(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    return this.byte(Number(rest & 0x7fn));
  }

  /** A signed integer of 32 bits, as {@link Bytes.signed} writes it. */
  integer(value: number): this {
    let rest = value | 0;
    while (rest < -0x40 || rest >= 0x40) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>= 7;
    }
    return this.byte(rest & 0x7f);
  }

  float32(value: number): this {
    return this.raw(new Uint8Array(Float32Array.of(value).buffer));
  }

  float64(value: number): this {
    return this.raw(new Uint8Array(Float64Array.of(value).buffer));
  }

  /** UTF-8, with its length before it. */
  name(text: string): this {
    const bytes = encodeUtf8(text);
    return this.unsigned(bytes.length).raw(bytes);
  }

  /** The number of items, then each as `write` writes it. */
  list<T>(items: readonly T[], write: (item: T, to: Bytes) => void): this {
    this.unsigned(items.length);
    for (const item of items) write(item, this);
    return this;
  }

  /** What `write` writes, with its length in bytes before it. */
  sized(write: (to: Bytes) => void): this {
    const inner = new Bytes();
    write(inner);
    return this.unsigned(inner.length).raw(inner.#written);
  }

  /** A section of the module; none where it would be an empty list. */
  section<T>(id: number, items: readonly T[], write: (item: T, to: Bytes) => void): this {
    if (items.length === 0) return this;
    return this.byte(id).sized((to) => to.list(items, write));
  }

  toUint8Array(): Uint8Array<ArrayBuffer> {
    return this.#written.slice();
  }

  get #written(): Uint8Array<ArrayBuffer> {
    return this.#store.subarray(0, this.#length);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#store.length) return;
    const store = new Uint8Array(2 * (this.#length + more));
    store.set(this.#written);
    this.#store = store;
  }
}

// TextEncoder is no part of the language itself; this says the same for the names that we write.
function encodeUtf8(text: string): number[] {
  const codes = Array.from(text, (letter) => letter.charCodeAt(0));
  if (codes.every((code) => code < 0x80)) return codes;
  const escaped = encodeURIComponent(text);
  return (escaped.match(/%..|[^%]/g) ?? []).map((unit) =>
    unit.length === 3 ? Number.parseInt(unit.slice(1), 16) : unit.charCodeAt(0),
  );
}
