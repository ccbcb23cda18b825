// What page and trainer say to each other.

/** What a visitor chose for a training. */
export interface TrainingChoice {
  /** How many of MNIST's digits are trained on, the first ones. */
  readonly digits: number;
  readonly epochs: number;
  readonly learningRate: number;
}

/** From the page to the trainer. */
export type ToTrainer =
  | {
      readonly kind: 'start';
      readonly choice: TrainingChoice;
      /** The URL of MNIST's files. */
      readonly folder: string;
    }
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' };

/** The mean loss over the last batches, so many epochs after the start. */
export interface LossPoint {
  readonly epochs: number;
  readonly loss: number;
}

/** How many digits were recognised of those that are not trained on, so many epochs after the start. */
export interface HeldOutPoint {
  readonly epochs: number;
  readonly right: number;
  readonly digits: number;
}

/** The weights of a moment: of each layer kernel and bias, flat. */
export type Weights = readonly Float32Array<ArrayBuffer>[];

/** From the trainer to the page. */
export type FromTrainer =
  | { readonly kind: 'download'; readonly received: number; readonly total: number }
  | { readonly kind: 'prepared' }
  | {
      readonly kind: 'progress';
      /** Since the start, of `choice.epochs`. */
      readonly epochs: number;
      /** Those that are new. */
      readonly losses: readonly LossPoint[];
      readonly heldOut: readonly HeldOutPoint[];
      readonly weights: Weights;
      /** Of training, without pauses. */
      readonly seconds: number;
    }
  /** Training stands still, until it is to go on. */
  | { readonly kind: 'paused' }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly message: string };
