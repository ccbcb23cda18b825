// What is shown of a reading: the digit, the bars, the image that the network saw.

import { Bars, indexOfLargest, percent } from './bars.ts';
import { element } from './elements.ts';
import { showImage } from './pixels.ts';
import type { Reading } from './recogniser.ts';

/** Milliseconds without a change after which a reading is announced to those who hear the page. */
const calm = 500;

/** Shows readings; nothing moves when there is none. */
export class ReadingPanel {
  private readonly answer = element('answer', HTMLElement);
  private readonly certainty = element('certainty', HTMLElement);
  private readonly spoken = element('spoken', HTMLElement);
  private readonly seen = element('seen', HTMLCanvasElement);
  private readonly time = element('time', HTMLElement);
  private readonly bars = new Bars(element('bars', HTMLOListElement));
  private image: ArrayLike<number> = new Float32Array(0);
  private announcement: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => showImage(this.seen, this.image));
  }

  /** Shows what a network made of an image; nothing where nothing is drawn. */
  show(image: ArrayLike<number>, reading: Reading | undefined): void {
    this.image = image;
    showImage(this.seen, image);
    this.bars.show(reading?.probabilities);
    const digit = reading && indexOfLargest(reading.probabilities);
    this.answer.textContent = digit === undefined ? '?' : String(digit);
    this.answer.classList.toggle('none', digit === undefined);
    this.certainty.textContent = digit === undefined ? ' ' : percent(reading!.probabilities[digit]!);
    this.time.textContent = reading === undefined ? ' ' : `${reading.milliseconds.toFixed(1)} ms`;
    this.announce(digit === undefined ? 'Nothing drawn.' : `${digit}, ${this.certainty.textContent}`);
  }

  private announce(text: string): void {
    clearTimeout(this.announcement);
    this.announcement = setTimeout(() => {
      if (this.spoken.textContent !== text) this.spoken.textContent = text;
    }, calm);
  }
}
