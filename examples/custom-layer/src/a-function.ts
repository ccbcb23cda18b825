// The first way: a function of tensors, as a layer. Nothing else is needed where there are no weights.

import { Lambda } from '@tapegrad/nn';

/**
 * The square of the positive part, max(0, x)².
 *
 * D. R. So et al., Primer: Searching for Efficient Transformers for Language Modeling, arXiv:2109.08668, section 3.
 */
export function squaredRelu(): Lambda {
  return new Lambda((x) => x.relu().square(), { name: 'squared_relu' });
}
