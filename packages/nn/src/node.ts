// `@tapegrad/nn/node`: what needs files, so that the package itself runs in a page.

export { ModelCheckpoint, type ModelCheckpointOptions } from './node/model-checkpoint.ts';
export { loadWeights, saveWeights } from './node/weight-files.ts';
