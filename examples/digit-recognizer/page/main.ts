// The page: whatever is drawn is read at once, by the network that was chosen.

import { element } from './elements.ts';
import { mnistImage } from './mnist-image.ts';
import { Networks } from './networks.ts';
import { DrawingPad } from './pad.ts';
import { ReadingPanel } from './reading.ts';
import { TrainingPanel } from './training.ts';

/** Whether a reading is going on, and whether something changed since it began. */
const turn = { busy: false, stale: false };

const panel = new ReadingPanel();
const pad = new DrawingPad(element('paper', HTMLElement), element('pad', HTMLCanvasElement), readSoon);
const networks = new Networks(readSoon);
new TrainingPanel((weights) => networks.assign(weights));

const [undo, clear] = [element('undo', HTMLButtonElement), element('clear', HTMLButtonElement)];
const hint = element('hint', HTMLElement);
undo.addEventListener('click', () => pad.undo());
clear.addEventListener('click', () => pad.clear());
document.addEventListener('keydown', (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === 'z') pad.undo();
  else if (event.key === 'Escape') pad.clear();
  else return;
  event.preventDefault();
});

networks.load(new URL('model.json', document.baseURI));
readSoon();

/** Reads what is drawn, at most once in a frame. */
function readSoon(): void {
  turn.stale = true;
  if (turn.busy) return;
  turn.busy = true;
  requestAnimationFrame(() => {
    turn.stale = false;
    read().finally(() => {
      turn.busy = false;
      if (turn.stale) readSoon();
    });
  });
}

async function read(): Promise<void> {
  const { strokes } = pad;
  const isEmpty = strokes.length === 0;
  hint.hidden = !isEmpty;
  undo.disabled = isEmpty;
  clear.disabled = isEmpty;
  const image = mnistImage(strokes);
  panel.show(image, isEmpty ? undefined : await networks.active?.read(image));
}
