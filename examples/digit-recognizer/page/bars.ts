// The probability of each digit as a bar.

import { make } from './elements.ts';

/** Ten bars in a list. */
export class Bars {
  private readonly rows: readonly {
    readonly row: HTMLElement;
    readonly fill: HTMLElement;
    readonly share: HTMLElement;
  }[];

  constructor(list: HTMLOListElement) {
    this.rows = Array.from({ length: 10 }, (_, digit) => {
      const [row, track, fill] = [make('li', 'bar'), make('span', 'track'), make('span', 'fill')];
      const share = make('span', 'share');
      track.append(fill);
      row.append(make('span', 'digit', String(digit)), track, share);
      list.append(row);
      return { row, fill, share };
    });
    this.show(undefined);
  }

  /** Shows probabilities, or that there are none. */
  show(probabilities: readonly number[] | undefined): void {
    const best = probabilities === undefined ? -1 : indexOfLargest(probabilities);
    this.rows.forEach(({ row, fill, share }, digit) => {
      const probability = probabilities?.[digit] ?? 0;
      row.classList.toggle('best', digit === best);
      fill.style.transform = `scaleX(${probability})`;
      share.textContent = probabilities === undefined ? '' : percent(probability);
    });
  }
}

/** Where the largest number stands. */
export function indexOfLargest(values: readonly number[]): number {
  return values.indexOf(Math.max(...values));
}

/** `97 %`. */
export function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
