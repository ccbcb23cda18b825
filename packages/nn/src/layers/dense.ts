// The fully connected layer.

import { type Parameter, type Shape, TapegradError, type Tensor } from '@tapegrad/core';
import { type ActivationFunction, type ActivationName, activations, toActivation } from '../activations.ts';
import { requireBoolean, requireWhole } from '../checks.ts';
import { type Initializer, type InitializerName, toInitializer } from '../initializers.ts';
import { Layer } from '../layer.ts';
import { type LayerOptions, requireLayerOptions } from '../layer-options.ts';
import { type Regularizer, type RegularizerName, toRegularizer } from '../regularizers.ts';

export interface DenseOptions extends LayerOptions {
  /** Default: `linear`, that is none. */
  readonly activation?: ActivationName | ActivationFunction;
  /** Whether a bias is added. Default: true. */
  readonly useBias?: boolean;
  /** Default: `glorotUniform`. */
  readonly kernelInitializer?: InitializerName | Initializer;
  /** Default: `zeros`. */
  readonly biasInitializer?: InitializerName | Initializer;
  /** What the kernel costs, added to the loss: a name, e.g. {@link l2}(1e-4), or a function of your own. Default: nothing. */
  readonly kernelRegularizer?: RegularizerName | Regularizer;
  /** The same for the bias. */
  readonly biasRegularizer?: RegularizerName | Regularizer;
}

const ownOptions = [
  ...['activation', 'useBias', 'kernelInitializer', 'biasInitializer'],
  ...['kernelRegularizer', 'biasRegularizer'],
];

/**
 * activation(x · kernel + bias): from `[rows, …, features]` to `[rows, …, units]`, with kernel `[features, units]` and bias `[units]`.
 *
 * ```ts
 * const layer = new Dense(2, { kernelInitializer: 'ones' });
 * layer.apply(tensor([[1, 2, 3]])).toArray(); // → 6,6
 * layer.countParams(); // → 8
 * ```
 */
export class Dense extends Layer {
  static readonly className: string = 'Dense';
  readonly units: number;
  private readonly activation: ActivationFunction;
  private readonly kernelInitializer: Initializer;
  private readonly biasInitializer: Initializer;
  private readonly useBias: boolean;
  private readonly kernelRegularizer: Regularizer | undefined;
  private readonly biasRegularizer: Regularizer | undefined;
  /** `[features, units]`; undefined before the layer is built. */
  kernel: Parameter | undefined;
  /** `[units]`; undefined before the layer is built, and where it has none. */
  bias: Parameter | undefined;

  /**
   * @param units - how many outputs, a whole number >= 1.
   * @throws TapegradError for options that make no sense.
   */
  constructor(units: number, options: DenseOptions = {}) {
    requireWhole('Dense', 'units', units, 1);
    requireLayerOptions('Dense', options, ownOptions);
    super(options);
    const { activation, useBias = true, kernelInitializer = 'glorotUniform', biasInitializer = 'zeros' } = options;
    requireBoolean('Dense', 'useBias', useBias);
    this.units = units;
    this.useBias = useBias;
    this.activation = toActivation('Dense', activation);
    if (units === 1 && this.activation === activations.softmax) {
      throw new TapegradError(
        'Dense',
        'units is 1, activation is softmax, which then gives 1 for any input. Expected units >= 2, or sigmoid for one unit.',
      );
    }
    this.kernelInitializer = toInitializer('Dense', 'kernelInitializer', kernelInitializer);
    this.biasInitializer = toInitializer('Dense', 'biasInitializer', biasInitializer);
    this.kernelRegularizer = toRegularizer('Dense', 'kernelRegularizer', options.kernelRegularizer);
    this.biasRegularizer = toRegularizer('Dense', 'biasRegularizer', options.biasRegularizer);
  }

  override build(inputShape: Shape): void {
    const features = inputShape.at(-1);
    if (features === undefined) {
      throw new TapegradError('build', 'got one number a row, expected rows of features. Reshape x to [rows, 1].');
    }
    this.kernel = this.addWeight('kernel', [features, this.units], this.kernelInitializer, {
      regularizer: this.kernelRegularizer,
    });
    this.bias = this.useBias
      ? this.addWeight('bias', [this.units], this.biasInitializer, { regularizer: this.biasRegularizer })
      : undefined;
  }

  override call(inputs: Tensor): Tensor {
    if (this.kernel === undefined) {
      throw this.inMyName(
        new TapegradError('call', 'has no weights yet. Call it by apply(inputs), which makes them first.'),
      );
    }
    const features = this.kernel.shape[0]!;
    if (inputs.rank < 2 || inputs.shape.at(-1) !== features) {
      throw new TapegradError(
        'call',
        `got ${['[*', ...inputs.shape.slice(1)].join(', ')}], expected ${features} features. ` +
          `Pass inputs of shape [*, ${features}].`,
      );
    }
    const product = inputs.matmul(this.kernel);
    return this.activation(this.bias === undefined ? product : product.add(this.bias));
  }

  override computeOutputShape(inputShape: Shape): Shape {
    return [...inputShape.slice(0, -1), this.units];
  }
}
