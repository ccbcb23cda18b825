// Small stores, many to a block of memory: the engine takes ten times as long to make a store with memory of its own.

import { type DType, dataTypes, newData, type TypedData } from './dtype.ts';

const blockBytes = 16_384;

/** Up to so many bytes lie in the store itself, without memory beside it: V8's `typed_array_max_size_in_heap`. */
const mostInside = 64;

/** From here on, zeroing and computing take longer than making the store. */
const mostInBlock = 2048;

let block = new ArrayBuffer(0);
let taken = 0;

/**
 * A zero-filled store for `size` elements, where it is small as a part of a block that others are parts of too: its `buffer` is not its
 * own. For what stays within the library, which never writes to a store that it gave away.
 *
 * @throws TapegradError where there is no memory for so many.
 */
export function partOfBlock(dtype: DType, size: number): TypedData {
  const Store = dataTypes[dtype];
  const bytes = size * Store.BYTES_PER_ELEMENT;
  if (!(bytes > mostInside && bytes <= mostInBlock)) return newData(dtype, size);
  if (taken + bytes > block.byteLength) {
    block = newData('bool', blockBytes).buffer as ArrayBuffer;
    taken = 0;
  }
  const data = new Store(block, taken, size);
  taken += Math.ceil(bytes / 8) * 8; // where the next begins, numbers of any dtype may lie
  return data;
}
