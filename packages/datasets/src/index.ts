// Everything that `@tapegrad/datasets` offers.

export { breastCancer } from './breast-cancer.ts';
export type { Digit } from './digit-names.ts';
export { digits } from './digits.ts';
export { IdxArray, type IdxData, type IdxType, parseIdx } from './idx.ts';
export type { LabelledData } from './labelled-data.ts';
export {
  type LabelledImages,
  type Mnist,
  type MnistOptions,
  type MnistPart,
  type MnistPartOptions,
  mnist,
} from './mnist.ts';
export type { MnistSource } from './mnist-files.ts';
export { StandardScaler } from './standard-scaler.ts';
export { type Fold, type StratifiedKFoldOptions, stratifiedKFold } from './stratified-k-fold.ts';
export { takeRows } from './take-rows.ts';
export { type TrainTest, type TrainTestSplitOptions, trainTestSplit } from './train-test-split.ts';
