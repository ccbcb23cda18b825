// Reading and writing four elements that lie side by side, all in one place, or some bytes apart.

import type { Expression } from '../assembler/expression.ts';
import { f32x4, f64x2, i8x16, i16x8, i32, i32x4, v128 } from '../assembler/families.ts';
import type { Steps } from '../assembler/steps.ts';
import {
  type ElementType,
  elementBytes,
  keepQuad,
  laneOf,
  loadElement,
  type Quad,
  splatQuad,
  storeElement,
} from './quad.ts';

/**
 * Reads elements `stride` bytes apart. Of four lanes the first `count` matter: where elements lie side by side all 16 bytes (32 of
 * float64, 4 of truth values) are read nevertheless, elsewhere no others.
 */
export function loadQuad(
  steps: Steps,
  type: ElementType,
  at: Expression<'i32'>,
  offset: number,
  stride: number,
  count: number,
): Quad {
  if (stride === 0) return splatQuad(steps, type, loadElement(type, at, offset));
  if (stride === elementBytes[type]) return keepQuad(steps, type, sideBySide(type, at, offset));
  const element = (lane: number) => loadElement(type, lane === 0 ? at : i32.add(at, lane * stride), offset);
  const others = [1, 2, 3].filter((lane) => lane < count);
  switch (type) {
    case 'f32': {
      let parts: Expression<'v128'> = f32x4.splat(element(0) as Expression<'f32'>);
      for (const lane of others) parts = f32x4.replace_lane(parts, element(lane) as Expression<'f32'>, lane);
      return keepQuad(steps, type, [parts]);
    }
    case 'f64':
      return keepQuad(
        steps,
        type,
        [0, 2].map((lane) =>
          f64x2.replace_lane(
            f64x2.splat(element(Math.min(lane, count - 1)) as Expression<'f64'>),
            element(Math.min(lane + 1, count - 1)) as Expression<'f64'>,
            1,
          ),
        ),
      );
    case 'i32':
    case 'bool': {
      let parts: Expression<'v128'> = i32x4.splat(element(0) as Expression<'i32'>);
      for (const lane of others) parts = i32x4.replace_lane(parts, element(lane) as Expression<'i32'>, lane);
      return keepQuad(steps, type, [type === 'bool' ? i32x4.neg(parts) : parts]);
    }
    default:
      return type satisfies never;
  }
}

function sideBySide(type: ElementType, at: Expression<'i32'>, offset: number): readonly Expression<'v128'>[] {
  switch (type) {
    case 'f32':
    case 'i32':
      return [v128.load(at, offset)];
    case 'f64':
      return [v128.load(at, offset), v128.load(at, offset + 16)];
    case 'bool':
      return [i32x4.neg(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at, offset))))];
    default:
      return type satisfies never;
  }
}

/** Writes the first `count` elements, `stride` bytes apart. No byte beside them is touched. */
export function storeQuad(
  steps: Steps,
  x: Quad,
  at: Expression<'i32'>,
  offset: number,
  stride: number,
  count: number,
): void {
  const { type, parts } = x;
  if (count === 4 && stride === elementBytes[type]) {
    if (type === 'bool') {
      const bytes = i8x16.shuffle(parts[0]!, parts[0]!, [0, 4, 8, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
      steps.do(i32.store(at, i32.and(i32x4.extract_lane(bytes, 0), 0x01010101), offset));
    } else {
      for (const [p, part] of parts.entries()) steps.do(v128.store(at, part, offset + 16 * p));
    }
    return;
  }
  for (let lane = 0; lane < count; lane++) {
    const address = lane === 0 ? at : i32.add(at, lane * stride);
    steps.do(storeElement(type, address, laneOf(x, lane), offset));
  }
}
