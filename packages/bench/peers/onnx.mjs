// onnxruntime-node as a subject, products only, on one thread. It differentiates nothing; its models come from elsewhere, here by hand.

import * as ort from 'onnxruntime-node';
import { serve } from '../src/measure/serve.mjs';
import { generator } from '../src/numbers.mjs';

function varint(number) {
  const bytes = [];
  let rest = number;
  do {
    bytes.push((rest & 127) | (rest > 127 ? 128 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return bytes;
}

/** A field of a protocol buffer: a number, a text or a message. */
function field(id, content) {
  if (typeof content === 'number') return [...varint(id << 3), ...varint(content)];
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return [...varint((id << 3) | 2), ...varint(bytes.length), ...bytes];
}

/** A ValueInfoProto: a float tensor of this shape. */
function value(name, shape) {
  const dimensions = shape.flatMap((size) => field(1, field(1, size)));
  return [...field(1, name), ...field(2, field(1, [...field(1, 1), ...field(2, dimensions)]))];
}

/** A ModelProto of one node, out = MatMul(x, y). The numbers of fields are those of onnx.proto. */
function matMulModel(size) {
  const node = [...field(1, 'x'), ...field(1, 'y'), ...field(2, 'out'), ...field(4, 'MatMul')];
  const values = [
    ...['x', 'y'].flatMap((name) => field(11, value(name, [size, size]))),
    ...field(12, value('out', [size, size])),
  ];
  const graph = [...field(1, node), ...field(2, 'product'), ...values];
  return Uint8Array.from([...field(1, 8), ...field(7, graph), ...field(8, field(2, 13))]);
}

async function product(size) {
  const session = await ort.InferenceSession.create(matMulModel(size), { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const draw = generator(5);
  const [x, y] = [draw(size * size), draw(size * size)].map((data) => new ort.Tensor('float32', data, [size, size]));
  return {
    run: () => session.run({ x, y }),
    result: async () => (await session.run({ x, y })).out.data.subarray(0, size).reduce((sum, value) => sum + value, 0),
  };
}

await serve(ort.env.versions.node ?? 'unknown version', { product });
