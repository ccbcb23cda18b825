// Columns with mean 0 and standard deviation 1.

import { noGrad, showShape, TapegradError, type Tensor, where } from '@tapegrad/core';
import { requireTensor } from './checks.ts';

interface Statistics {
  readonly mean: Tensor;
  readonly scale: Tensor;
}

/**
 * Standardises columns: z = (x − mean) / scale, by the mean and the population standard deviation of the rows that it was
 * fitted to. A constant column has scale 1. After scikit-learn's class of this name.
 *
 * Statistics and results are computed in float64; results have the dtype of x.
 *
 * ```ts
 * const scaler = new StandardScaler();
 * scaler.fitTransform(tensor([[1, 5], [3, 5]])).toArray(); // → -1,0,1,0
 * scaler.transform(tensor([[4, 6]])).toArray(); // → 2,1
 * scaler.mean.toArray(); // → 2,5
 * ```
 */
export class StandardScaler {
  private statistics: Statistics | undefined;

  /** The mean of each column: float64, `[columns]`. @throws TapegradError before {@link StandardScaler.fit}. */
  get mean(): Tensor {
    return this.fitted('mean').mean;
  }

  /** What each column is divided by: float64, `[columns]`. @throws TapegradError before {@link StandardScaler.fit}. */
  get scale(): Tensor {
    return this.fitted('scale').scale;
  }

  /**
   * Takes the statistics of x, `[rows, columns]`, in place of any earlier ones.
   *
   * @throws TapegradError unless x is float32 or float64 with at least one row and one column, all finite.
   */
  fit(x: Tensor): this {
    checkTable('fit', x);
    if (x.size === 0) {
      throw new TapegradError(
        'StandardScaler.fit',
        `x has shape ${showShape(x.shape)}, which has no elements. Expected at least one row and one column.`,
      );
    }
    this.statistics = noGrad(() => statisticsOf(x));
    return this;
  }

  /**
   * Standardises x, `[rows, columns]`, with the statistics of the last fit.
   *
   * @throws TapegradError before a fit, and unless x is float32 or float64 with the columns of the fit, all finite.
   */
  transform(x: Tensor): Tensor {
    const { mean, scale } = this.checked('transform', x);
    return x.asType('float64').sub(mean).div(scale).asType(x.dtype);
  }

  /** {@link StandardScaler.fit}, then {@link StandardScaler.transform} of the same rows. */
  fitTransform(x: Tensor): Tensor {
    return this.fit(x).transform(x);
  }

  /**
   * Undoes {@link StandardScaler.transform}: z · scale + mean.
   *
   * @throws TapegradError as `transform` does.
   */
  inverseTransform(z: Tensor): Tensor {
    const { mean, scale } = this.checked('inverseTransform', z);
    return z.asType('float64').mul(scale).add(mean).asType(z.dtype);
  }

  private fitted(method: string): Statistics {
    if (this.statistics) return this.statistics;
    throw new TapegradError(
      `StandardScaler.${method}`,
      'there are no statistics yet. Expected a call of fit(x) with the training rows first.',
    );
  }

  private checked(method: string, x: Tensor): Statistics {
    const statistics = this.fitted(method);
    checkTable(method, x);
    const columns = statistics.mean.size;
    if (x.shape[1] === columns) return statistics;
    throw new TapegradError(
      `StandardScaler.${method}`,
      `x has ${x.shape[1]} columns. Expected ${columns}, as in the call of fit.`,
    );
  }
}

function statisticsOf(x: Tensor): Statistics {
  const rows = x.shape[0]!;
  const values = x.asType('float64');
  const mean = values.mean(0);
  const variance = values.sub(mean).square().mean(0);
  // A constant column may have a variance above 0 by rounding; the bound is scikit-learn's (_is_constant_feature).
  const rounding = mean
    .mul(rows * Number.EPSILON)
    .square()
    .add(variance.mul(rows * Number.EPSILON));
  return { mean, scale: where(variance.lessEqual(rounding), 1, variance.sqrt()) };
}

function checkTable(method: string, x: Tensor): void {
  requireTensor(`StandardScaler.${method}`, 'x', x);
  const refuse = (message: string): never => {
    throw new TapegradError(`StandardScaler.${method}`, message);
  };
  if (x.rank !== 2) {
    refuse(`x has shape ${showShape(x.shape)}. Expected [rows, columns]; for one column x.reshape([-1, 1]).`);
  }
  if (x.dtype !== 'float32' && x.dtype !== 'float64') {
    refuse(`x has dtype ${x.dtype}. Expected float32 or float64; convert it, e.g. x.asType('float32').`);
  }
  const values = x.toData();
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  const columns = x.shape[1]!;
  refuse(
    `x is ${values[at]} in row ${Math.floor(at / columns)}, column ${at % columns}. Expected finite numbers; ` +
      'fill the gap or leave the row out.',
  );
}
