// What the example shows as pictures: the course of a training, what a cross-validation came to, one step on the tape.

import { Tape } from '@tapegrad/core';
import { binaryCrossentropy, type Sequential } from '@tapegrad/nn';
import { confusionMatrixPlot, curves, rocCurve, rocCurvePlot, tapeSvg } from '@tapegrad/viz';
import type { Outcome, Split } from './fixed-split.ts';
import type { Tested } from './honest-protocol.ts';

/** A picture, and what it shows. */
export interface Picture {
  /** Of its file, without an ending. */
  readonly name: string;
  readonly title: string;
  /** A sentence or two below it. */
  readonly caption: string;
  readonly svg: string;
}

/** Loss and accuracy, epoch by epoch. */
export function trainingPictures({ history }: Outcome): readonly Picture[] {
  const [x, size] = [{ label: 'epoch' }, { width: 460, height: 300 }];
  const epochs = history.loss.map((_, i) => i + 1);
  const lines = (training: readonly number[], validation: readonly number[]) => [
    { name: 'training', x: epochs, y: training },
    { name: 'validation', x: epochs, y: validation, dashed: true },
  ];
  return [
    {
      name: 'loss',
      title: 'Loss',
      caption: 'Binary cross-entropy on the fixed split, after each epoch.',
      svg: curves(lines(history.loss, history.val_loss), { x, y: { label: 'loss', unit: 'nats' }, ...size }),
    },
    {
      name: 'accuracy',
      title: 'Accuracy',
      caption: 'The share of rows of the fixed split that are right.',
      svg: curves(lines(history.accuracy, history.val_accuracy), { x, y: { label: 'accuracy' }, ...size }),
    },
  ];
}

/** Which class all rows were taken for, each by the model that had not seen it. */
export function confusionPicture(folds: readonly Tested[], classNames: readonly string[]): Picture {
  const { labels, probabilities } = together(folds);
  const predictions = probabilities.map((p) => Number(p > 0.5));
  return {
    name: 'confusion',
    title: 'Confusion matrix',
    caption: `All ${labels.length} rows, each judged by the one of ${folds.length} models that did not train on it.`,
    svg: confusionMatrixPlot(labels, predictions, { classNames }),
  };
}

/** How many malignant tumours are found, and at what price. */
export function rocPicture(folds: readonly Tested[]): Picture {
  const { labels, probabilities } = together(folds);
  const curve = rocCurve(
    labels.map((label) => 1 - label),
    probabilities.map((p) => 1 - p),
  );
  return {
    name: 'roc',
    title: 'Receiver operating characteristic',
    caption: 'The same predictions at every threshold; malignant is the positive class.',
    svg: rocCurvePlot({ 'cross-validated network': curve }),
  };
}

/** The forward pass and the loss of one batch, as they stand on the tape. */
export async function tapePicture(model: Sequential, { xTrain, yTrain }: Split): Promise<Picture> {
  const tape = new Tape();
  const loss = tape.record(() => binaryCrossentropy(yTrain.slice(0, 100), model.apply(xTrain.slice(0, 100))));
  return {
    name: 'tape',
    title: 'One step on the tape',
    caption:
      'A batch of 100 rows: from the data and the weights (ellipses) to the loss. Backward goes up the same arrows.',
    svg: await tapeSvg(tape, { target: loss }),
  };
}

function together(folds: readonly Tested[]): Pick<Tested, 'labels' | 'probabilities'> {
  return {
    labels: folds.flatMap(({ labels }) => labels),
    probabilities: folds.flatMap(({ probabilities }) => probabilities),
  };
}
