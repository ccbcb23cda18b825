// Small IDX files, as tests need them.

/** The bytes of an IDX file: the code of its element type, the lengths of its axes, the bytes of its elements. */
export function idxFile(code: number, shape: readonly number[], elements: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * shape.length + elements.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(2, 256 * code + shape.length);
  for (const [axis, length] of shape.entries()) view.setUint32(4 + 4 * axis, length);
  bytes.set(elements, 4 + 4 * shape.length);
  return bytes;
}

/** Images of which the i-th has the value 10 · i everywhere, but for its first pixel, which is 255. */
export function imageFile(count: number, side: number = 28): Uint8Array {
  const pixels = side * side;
  const elements = Array.from({ length: count * pixels }, (_, i) =>
    i % pixels === 0 ? 255 : 10 * Math.floor(i / pixels),
  );
  return idxFile(8, [count, side, side], elements);
}

export function labelFile(labels: readonly number[]): Uint8Array {
  return idxFile(8, [labels.length], labels);
}

/** The four files of a tiny MNIST: 3 images to train on, 2 to test with. */
export function tinyMnist(): Map<string, Uint8Array> {
  return new Map([
    ['train-images-idx3-ubyte', imageFile(3)],
    ['train-labels-idx1-ubyte', labelFile([4, 0, 9])],
    ['t10k-images-idx3-ubyte', imageFile(2)],
    ['t10k-labels-idx1-ubyte', labelFile([7, 1])],
  ]);
}
