// A kernel of a plan as a function of WebAssembly.

import {
  call,
  countUp,
  type DefinedFunction,
  type ElementType,
  type Expression,
  f64,
  type ImportedFunction,
  i32,
  importFunction,
  increase,
  type Local,
  loadElement,
  local,
  type Statement,
  set,
  when,
} from '@tapegrad/wasm';
import type { PlanKernel, PositionKernel } from '../plan.ts';
import { gatherFunction, indicesFunction, listsFunction, scatterFunction } from './gather.ts';
import { loopKernel } from './loop.ts';
import { loopAccess, nestFunction } from './nest.ts';
import { type KernelOptions, type ThreadPart, wayOf } from './options.ts';
import { productKernel } from './product.ts';
import { scanFunction } from './scan.ts';

/** `host(number)`: has JavaScript compute the kernel of this number. */
export const hostFunction: ImportedFunction = importFunction('env', 'host', ['i32']);

/** What does the kernel of this number; with `part` (only where `canDivide` says so) a part of it. */
export function kernelStatements(
  kernel: PlanKernel,
  number: number,
  options: KernelOptions,
  part?: ThreadPart,
): readonly Statement[] {
  const split = part !== undefined;
  const operands = split ? [part.part, part.parts] : [];
  switch (kernel.kind) {
    case 'host':
      return [call(hostFunction, i32.const(number))];
    case 'loop': {
      const shared = split ? undefined : options.shared.get(kernel);
      return [shared ?? call(loopKernel(kernel, `${number} loop`, options, wayOf(part)), ...operands)];
    }
    case 'product':
      return [
        call(
          productKernel(kernel, `${number} product`, options, wayOf(part)),
          ...operands,
          ...(split ? [part.thread, part.each] : []),
        ),
      ];
    case 'position':
      return [call(positionKernel(kernel, `${number} position`, options, split), ...operands)];
    case 'indices':
      return [call(indicesFunction(kernel, number, `${number} indices`, options, hostFunction))];
    case 'gather':
      return [call(gatherFunction(kernel, `${number} gather`, options, split), ...operands)];
    case 'lists':
      return [call(listsFunction(kernel, `${number} lists`, options))];
    case 'scatter':
      return [call(scatterFunction(kernel, `${number} scatter`, options, split), ...operands)];
    case 'scan':
      return [call(scanFunction(kernel, `${number} scan`, options, split), ...operands)];
    default:
      return kernel satisfies never;
  }
}

function positionKernel(kernel: PositionKernel, name: string, options: KernelOptions, split: boolean): DefinedFunction {
  const { which, shape } = kernel;
  const pointers = [kernel.from, kernel.to].map((access) => {
    const { type, base, strides } = loopAccess(options, access);
    return { at: local('i32'), type, base, strides: strides.slice(0, -1), along: strides.at(-1)! };
  });
  const [from, to] = pointers as [(typeof pointers)[0], (typeof pointers)[0]];
  const [i, best, at] = [local('i32'), local('i32'), local('i32')];
  const [champion, candidate] = [local('f64'), local('f64')];
  const element = asDouble(from.type, at);
  const wins = which === 'max' ? f64.gt(candidate, champion) : f64.lt(candidate, champion);
  const isMissing = (x: Local<'f64'>) => f64.ne(x, x);
  const search: readonly Statement[] = [
    set(at, from.at),
    set(best, i32.const(0)),
    set(champion, element),
    countUp(i, 1, shape.at(-1)!, 1, [
      increase(at, from.along),
      set(candidate, element),
      when(i32.or(wins, i32.and(isMissing(candidate), i32.eqz(isMissing(champion)))), [
        set(best, i),
        set(champion, candidate),
      ]),
    ]),
    i32.store(to.at, best),
  ];
  const bases = pointers.map(({ base }) => base);
  const body = shape.at(-1) === 0 ? [] : search;
  return nestFunction({ name, shape: shape.slice(0, -1), pointers, bases, body, split });
}

function asDouble(type: ElementType, at: Local<'i32'>): Expression<'f64'> {
  const element = loadElement(type, at, 0);
  if (type === 'f64') return element as Expression<'f64'>;
  if (type === 'f32') return f64.promote_f32(element as Expression<'f32'>);
  return f64.convert_i32_s(element as Expression<'i32'>);
}
