// Everything that `@tapegrad/datasets` offers.

export { breastCancer } from './breast-cancer.ts';
export { digits } from './digits.ts';
export type { LabelledData } from './labelled-data.ts';
export { StandardScaler } from './standard-scaler.ts';
export { type Fold, type StratifiedKFoldOptions, stratifiedKFold } from './stratified-k-fold.ts';
export { takeRows } from './take-rows.ts';
export { type TrainTest, type TrainTestSplitOptions, trainTestSplit } from './train-test-split.ts';
