// tapegrad as a subject.

import { serve } from '../measure/serve.mjs';
import { bareChain, copies, products } from './bounds.mjs';
import { activations, chain, residentActivations } from './expressions.mjs';
import { depth, network } from './growth.mjs';
import { describe, endIfMissing, kernel } from './mode.mjs';
import { kernelProduct, product } from './products.mjs';
import { steady } from './steady.mjs';
import { train, trainAnew } from './training.mjs';

endIfMissing();
await serve(describe(), {
  train,
  trainAnew,
  steady,
  chain,
  activations,
  residentActivations,
  product: kernel ? kernelProduct : product,
  products,
  copies,
  bareChain,
  depth,
  network,
});
