// The table of all ops: what the tests, the docs and other packages go through. It adds nothing to the entries.

import type { Entry, OpEntry } from '../op-entry.ts';
import { joinRules } from '../rule-kernel.ts';
import * as activations from './activations.ts';
import * as arithmetic from './arithmetic.ts';
import * as axes from './axes.ts';
import * as choice from './choice.ts';
import * as convolution from './convolution.ts';
import * as convolution1d from './convolution1d.ts';
import * as counting from './counting.ts';
import * as decompositions from './decompositions.ts';
import * as determinants from './determinants.ts';
import * as diagonals from './diagonals.ts';
import * as dropout from './dropout.ts';
import * as einsum from './einsum.ts';
import * as embedding from './embedding.ts';
import * as exponential from './exponential.ts';
import * as extremes from './extremes.ts';
import * as gathering from './gathering.ts';
import * as indexing from './indexing.ts';
import * as joining from './joining.ts';
import * as linalg from './linalg.ts';
import * as logical from './logical.ts';
import * as losses from './losses.ts';
import * as normalization from './normalization.ts';
import * as padding from './padding.ts';
import * as passing from './passing.ts';
import * as pooling from './pooling.ts';
import * as pooling1d from './pooling1d.ts';
import * as positions from './positions.ts';
import * as powers from './powers.ts';
import * as products from './products.ts';
import * as randomBits from './random-bits.ts';
import * as rearranging from './rearranging.ts';
import * as rectifiers from './rectifiers.ts';
import * as reductions from './reductions.ts';
import * as repeating from './repeating.ts';
import * as rounding from './rounding.ts';
import * as scans from './scans.ts';
import * as slicing from './slicing.ts';
import * as softmax from './softmax.ts';
import * as sorting from './sorting.ts';
import * as special from './special.ts';
import * as statistics from './statistics.ts';
import * as structure from './structure.ts';
import * as trigonometric from './trigonometric.ts';

type Modules = typeof passing &
  typeof choice &
  typeof logical &
  typeof arithmetic &
  typeof powers &
  typeof rounding &
  typeof extremes &
  typeof exponential &
  typeof trigonometric &
  typeof special &
  typeof activations &
  typeof rectifiers &
  typeof reductions &
  typeof positions &
  typeof counting &
  typeof statistics &
  typeof scans &
  typeof sorting &
  typeof softmax &
  typeof structure &
  typeof slicing &
  typeof joining &
  typeof gathering &
  typeof axes &
  typeof rearranging &
  typeof indexing &
  typeof repeating &
  typeof padding &
  typeof diagonals &
  typeof linalg &
  typeof products &
  typeof einsum &
  typeof decompositions &
  typeof determinants &
  typeof convolution &
  typeof convolution1d &
  typeof pooling &
  typeof pooling1d &
  typeof normalization &
  typeof losses &
  typeof randomBits &
  typeof dropout &
  typeof embedding;

/** Every op of the library, by name. */
export type OpTable = { readonly [K in keyof Modules as Modules[K] extends { entry: Entry } ? K : never]: Modules[K] };

/** The functions of all ops, by name. Each carries its entry. */
export const ops: OpTable = Object.fromEntries(
  [
    passing,
    choice,
    logical,
    arithmetic,
    powers,
    rounding,
    extremes,
    exponential,
    trigonometric,
    special,
    activations,
    rectifiers,
    reductions,
    positions,
    counting,
    statistics,
    scans,
    sorting,
    softmax,
    structure,
    slicing,
    joining,
    gathering,
    axes,
    rearranging,
    indexing,
    repeating,
    padding,
    diagonals,
    linalg,
    products,
    einsum,
    decompositions,
    determinants,
    convolution,
    convolution1d,
    pooling,
    pooling1d,
    normalization,
    losses,
    randomBits,
    dropout,
    embedding,
  ].flatMap((module) => Object.entries(module).filter(([, value]) => typeof value === 'function' && 'entry' in value)),
) as unknown as OpTable;

/** The entries of all ops. */
export const entries: readonly Entry[] = Object.values(ops).map((op) => op.entry);

joinRules(entries.filter((entry): entry is OpEntry => 'vjp' in entry));
