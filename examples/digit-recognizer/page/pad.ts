// The canvas to draw on, with mouse, finger, pen and keys.

import { Drawing, type Point, type Stroke } from './strokes.ts';

/** The pen as part of the pad's width: about as thick as in MNIST's images, for a digit that fills most of the pad. */
const penWidth = 0.085;

/** How far an arrow key moves the cursor, as part of the pad's width; with Shift a quarter of it. */
const step = 0.04;

const arrows: { readonly [key: string]: readonly [x: number, y: number] | undefined } = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** A pad on which strokes are drawn; it tells of every change. */
export class DrawingPad {
  private readonly canvas: HTMLCanvasElement;
  private readonly drawing = new Drawing();
  private readonly onChange: (strokes: readonly Stroke[]) => void;
  private pointer: number | undefined;
  /** Where the keys are; shown while they are used. */
  private cursor: Point = { x: 0.5, y: 0.5 };
  private penDown = false;
  private showsCursor = false;

  /** @param paper - has the focus while keys draw. */
  constructor(paper: HTMLElement, canvas: HTMLCanvasElement, onChange: (strokes: readonly Stroke[]) => void) {
    this.canvas = canvas;
    this.onChange = onChange;
    // Here, not in the HTML: without this script there is nothing to operate.
    paper.tabIndex = 0;
    paper.role = 'application';
    paper.ariaLabel = 'Draw a digit here';
    paper.setAttribute('aria-roledescription', 'drawing pad');
    paper.setAttribute('aria-describedby', 'keys');
    canvas.addEventListener('pointerdown', (event) => this.pointerDown(event));
    canvas.addEventListener('pointermove', (event) => this.pointerMove(event));
    for (const type of ['pointerup', 'pointercancel'] as const) {
      canvas.addEventListener(type, (event) => this.pointerUp(event));
    }
    paper.addEventListener('keydown', (event) => this.keyDown(event));
    paper.addEventListener('blur', () => this.leave());
    new ResizeObserver(() => this.resize()).observe(canvas);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.paint());
  }

  get strokes(): readonly Stroke[] {
    return this.drawing.strokes;
  }

  /** Takes the last stroke back. */
  undo(): void {
    this.penDown = false;
    this.drawing.undo();
    this.changed();
  }

  clear(): void {
    this.penDown = false;
    this.drawing.clear();
    this.changed();
  }

  private pointerDown(event: PointerEvent): void {
    if (this.pointer !== undefined || event.button !== 0) return;
    this.pointer = event.pointerId;
    this.canvas.setPointerCapture(event.pointerId);
    this.penDown = false;
    this.showsCursor = false;
    this.drawing.begin(this.pointOf(event));
    this.changed();
  }

  private pointerMove(event: PointerEvent): void {
    if (event.pointerId !== this.pointer) return;
    // All places since the last event, not only the last one: fast strokes stay round.
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length > 0 ? events : [event]) this.drawing.add(this.pointOf(each));
    this.changed();
  }

  private pointerUp(event: PointerEvent): void {
    if (event.pointerId !== this.pointer) return;
    this.pointer = undefined;
    this.drawing.end();
    this.changed();
  }

  private keyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = arrows[event.key];
    const letter = event.key.toLowerCase();
    if (arrow !== undefined) this.moveCursor(arrow, event.shiftKey ? step / 4 : step);
    else if (event.key === ' ' || event.key === 'Enter') this.togglePen();
    else if (letter === 'u') this.undo();
    else if (letter === 'c') this.clear();
    else return;
    event.preventDefault();
  }

  private moveCursor([x, y]: readonly [number, number], distance: number): void {
    const inside = (value: number): number => Math.min(1, Math.max(0, value));
    this.cursor = { x: inside(this.cursor.x + x * distance), y: inside(this.cursor.y + y * distance) };
    this.showsCursor = true;
    if (this.penDown) this.drawing.add(this.cursor);
    this.changed();
  }

  private togglePen(): void {
    this.showsCursor = true;
    this.penDown = !this.penDown;
    if (this.penDown) this.drawing.begin(this.cursor);
    else this.drawing.end();
    this.changed();
  }

  private leave(): void {
    if (this.penDown) this.drawing.end();
    this.penDown = false;
    this.showsCursor = false;
    this.paint();
  }

  private pointOf({ clientX, clientY }: PointerEvent): Point {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    return { x: (clientX - left) / width, y: (clientY - top) / height };
  }

  private changed(): void {
    this.paint();
    this.onChange(this.strokes);
  }

  /** As many pixels as the screen has. */
  private resize(): void {
    const size = Math.round(this.canvas.clientWidth * devicePixelRatio);
    if (this.canvas.width !== size) {
      this.canvas.width = size;
      this.canvas.height = size;
    }
    this.paint();
  }

  private paint(): void {
    const context = this.canvas.getContext('2d')!;
    const size = this.canvas.width;
    const style = getComputedStyle(this.canvas);
    context.clearRect(0, 0, size, size);
    context.strokeStyle = style.color;
    context.lineCap = 'round';
    context.lineJoin = 'round';
    context.lineWidth = penWidth * size;
    for (const stroke of this.strokes) context.stroke(pathOf(stroke, size));
    if (!this.showsCursor) return;
    const [x, y, radius] = [this.cursor.x * size, this.cursor.y * size, (penWidth * size) / 2];
    context.strokeStyle = style.getPropertyValue('--accent');
    context.fillStyle = style.getPropertyValue('--accent');
    context.lineWidth = size / 150;
    const ring = new Path2D();
    ring.arc(x, y, radius, 0, 2 * Math.PI);
    if (this.penDown) context.fill(ring);
    else context.stroke(ring);
  }
}

/** A smooth line: its curves begin and end halfway between points. */
function pathOf(stroke: Stroke, size: number): Path2D {
  const path = new Path2D();
  const [first] = stroke;
  if (first === undefined) return path;
  path.moveTo(first.x * size, first.y * size);
  stroke.slice(1, -1).forEach((point, i) => {
    const next = stroke[i + 2]!;
    path.quadraticCurveTo(
      point.x * size,
      point.y * size,
      ((point.x + next.x) / 2) * size,
      ((point.y + next.y) / 2) * size,
    );
  });
  const last = stroke.at(-1)!;
  path.lineTo(last.x * size, last.y * size);
  return path;
}
