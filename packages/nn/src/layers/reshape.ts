// Rows in another shape: Reshape and Flatten. The numbers stay, in their order.

import { type Shape, showShape, TapegradError, type Tensor } from '@tapegrad/core';
import { Layer } from '../layer.ts';
import { type LayerOptions, requireLayerOptions } from '../layer-options.ts';
import { show } from '../registry.ts';

const sizeOf = (shape: Shape): number => shape.reduce((size, length) => size * length, 1);

/**
 * Gives each row this shape: from `[rows, …]` to `[rows, ...targetShape]`.
 *
 * ```ts
 * new Reshape([28, -1]).apply(zeros([5, 784])).shape; // → 5,28,28
 * ```
 */
export class Reshape extends Layer {
  static readonly className: string = 'Reshape';
  readonly targetShape: Shape;

  /**
   * @param targetShape - the lengths of a row's axes, of which one may be -1: what the others leave.
   * @throws TapegradError for what is no such list.
   */
  constructor(targetShape: Shape, options: LayerOptions = {}) {
    requireLayerOptions('Reshape', options, []);
    super(options);
    const isShape =
      Array.isArray(targetShape) &&
      targetShape.every((length) => length === -1 || (Number.isInteger(length) && length >= 1)) &&
      targetShape.filter((length) => length === -1).length <= 1;
    if (!isShape) {
      throw new TapegradError(
        'Reshape',
        `targetShape is ${show(targetShape)}. Expected the shape of one row, without the batch, in whole numbers >= 1, one of which may be -1.`,
      );
    }
    this.targetShape = [...targetShape];
  }

  override call(inputs: Tensor): Tensor {
    return inputs.reshape([inputs.shape[0]!, ...this.fitting(inputs.shape.slice(1))]);
  }

  /** @throws TapegradError where rows of this shape have another number of elements. */
  override computeOutputShape(inputShape: Shape): Shape {
    try {
      return this.fitting(inputShape);
    } catch (error) {
      throw this.inMyName(error);
    }
  }

  private fitting(inputShape: Shape): Shape {
    const [size, known] = [sizeOf(inputShape), sizeOf(this.targetShape.filter((length) => length !== -1))];
    const open = this.targetShape.includes(-1);
    if (open ? size % known === 0 : size === known) {
      return this.targetShape.map((length) => (length === -1 ? size / known : length));
    }
    throw new TapegradError(
      'call',
      `got rows of shape ${showShape(inputShape)}, which are ${size} numbers. ` +
        `Expected ${open ? `a multiple of ${known}` : known} for the shape ${showShape(this.targetShape)}.`,
    );
  }
}

/**
 * Gives each row as one list: from `[rows, …]` to `[rows, features]`, e.g. images `[28, 28]` as 784 pixels.
 *
 * ```ts
 * new Flatten().apply(zeros([5, 28, 28])).shape; // → 5,784
 * ```
 */
export class Flatten extends Layer {
  static readonly className: string = 'Flatten';

  /** @throws TapegradError for options that make no sense. */
  constructor(options: LayerOptions = {}) {
    requireLayerOptions('Flatten', options, []);
    super(options);
  }

  override call(inputs: Tensor): Tensor {
    return inputs.reshape([inputs.shape[0]!, sizeOf(inputs.shape.slice(1))]);
  }

  override computeOutputShape(inputShape: Shape): Shape {
    return [sizeOf(inputShape)];
  }
}
