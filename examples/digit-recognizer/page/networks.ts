// The networks that can read the pad: the one that came with the page (or out of a file), and the one that is trained here.

import { element } from './elements.ts';
import type { Weights } from './messages.ts';
import { Recogniser } from './recogniser.ts';

/** Chooses who reads; tells of changes. */
export class Networks {
  private readonly ready = new Recogniser();
  private readonly trained = new Recogniser();
  private readonly readyChoice = element('use-ready', HTMLInputElement);
  private readonly trainedChoice = element('use-trained', HTMLInputElement);
  private readonly readyName = element('ready-name', HTMLElement);
  private readonly save = element('save', HTMLButtonElement);
  private readonly file = element('file', HTMLInputElement);
  private readonly problem = element('problem', HTMLElement);
  private readonly onChange: () => void;
  private isLoaded = false;

  constructor(onChange: () => void) {
    this.onChange = onChange;
    for (const choice of [this.readyChoice, this.trainedChoice]) choice.addEventListener('change', onChange);
    this.save.addEventListener('click', () => this.download());
    this.file.addEventListener('change', () => this.open());
  }

  /** The network that reads; undefined while there is none. */
  get active(): Recogniser | undefined {
    if (this.trainedChoice.checked) return this.trained;
    return this.isLoaded ? this.ready : undefined;
  }

  /** Loads the network that came with the page. */
  async load(url: URL): Promise<void> {
    try {
      const response = await fetch(url);
      if (!response.ok) throw new Error(`the server answered ${response.status}`);
      this.take(await response.text());
    } catch (error) {
      this.complain(`The network cannot be loaded (${messageOf(error)}). Train one below, or open a file.`);
    }
  }

  /** Gives the network that is trained here its weights of the moment; without any, it is gone. */
  assign(weights: Weights | undefined): void {
    this.trainedChoice.disabled = weights === undefined;
    this.save.disabled = weights === undefined;
    if (weights !== undefined) this.trained.assign(weights);
    else if (this.trainedChoice.checked) this.readyChoice.checked = true;
    else return;
    this.onChange();
  }

  private take(json: string): void {
    this.ready.load(json);
    this.isLoaded = true;
    this.readyChoice.checked = true;
    this.complain('');
    this.onChange();
  }

  private async open(): Promise<void> {
    const [file] = this.file.files ?? [];
    if (file === undefined) return;
    try {
      this.take(await file.text());
      this.readyName.textContent = file.name;
    } catch (error) {
      this.complain(`${file.name}: ${messageOf(error)}`);
    }
    this.file.value = ''; // so that the same file can be opened again
  }

  private download(): void {
    const text = `${JSON.stringify(this.trained.export())}\n`;
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
    link.download = 'model.json';
    link.click();
    URL.revokeObjectURL(link.href);
  }

  private complain(text: string): void {
    this.problem.textContent = text;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
