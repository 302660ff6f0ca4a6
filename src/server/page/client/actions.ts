/// <reference lib="dom" />
import { type Example, examples, openExample } from "./photo/examples.ts";
import { OpenPhoto } from "./photo/open_photo.ts";
import { describeModel, listMethods, listModels } from "./server/describe.ts";
import { keepToken } from "./server/token.ts";
import { RefusedError, troubleOf } from "./server/trouble.ts";
import { choose, redo, undo } from "./state/history.ts";
import { type Linked, readLink } from "./state/link.ts";
import { firstSettings, type Settings } from "./state/settings.ts";
import { modelIdOf, photoOf } from "./state/state.ts";
import type { Store } from "./state/store.ts";

/** Photos that can be gone back to; older ones are let go, and what was chosen for them. */
const mostPhotos = 6;

/** What can be done on the page. Everything else follows from the state. */
export class Actions {
  readonly #store: Store;
  #nextId = 1;
  #lastSlide = 0;
  #opening = 0;
  /** Models that were asked about; those that failed are asked about again when a person tries again. */
  #asked = new Set<string>();

  /** @param store What is changed. */
  constructor(store: Store) {
    this.#store = store;
  }

  /** Choose settings, so that it can be undone; a slider's moves within a second are one. */
  choose(patch: Partial<Settings>, { isSlide = false }: { readonly isSlide?: boolean } = {}): void {
    const now = performance.now();
    const goesOn = isSlide && now - this.#lastSlide < 1000;
    this.#lastSlide = isSlide ? now : 0;
    this.#store.set({ ...choose(this.#store.state, patch, goesOn), note: undefined });
  }

  undo(): void {
    this.#store.set(undo(this.#store.state));
  }

  redo(): void {
    this.#store.set(redo(this.#store.state));
  }

  /** Show a photo. */
  open(file: File, example?: string): void {
    this.#opening++;
    const id = this.#nextId++;
    const photo = new OpenPhoto(id, file, example);
    const { photos, pictures, settings } = this.#store.state;
    const kept = new Map([...photos, [id, photo] as const].slice(-mostPhotos));
    const { comparison } = settings;
    const patch = {
      photo: id,
      classIndex: undefined, // the best of this photo, not the last one's
      versus: undefined,
      comparison: comparison?.by === "class" ? undefined : comparison,
    };
    const isKept = ({ photo }: Settings) => photo === undefined || kept.has(photo);
    const { past, ...rest } = choose(this.#store.state, patch);
    this.#store.set({
      ...rest,
      past: past.filter(isKept),
      photos: kept,
      pictures: new Map([...pictures].filter(([id]) => kept.has(id))),
      note: undefined,
    });
    photo.picture().then((picture) => {
      const { photos, pictures } = this.#store.state;
      if (picture && photos.has(id)) this.#store.set({ pictures: new Map([...pictures, [id, picture]]) });
    });
  }

  /** Show one of the examples. */
  async openExample(example: Example): Promise<void> {
    const turn = ++this.#opening;
    try {
      const file = await openExample(example);
      if (turn === this.#opening) this.open(file, example.name); // unless another photo was chosen meanwhile
    } catch (error) {
      this.tell(troubleOf(error).title, true);
    }
  }

  /** Choose a file for another input of the model. */
  chooseInputFile(name: string, file: File | undefined): void {
    const files = { ...this.#store.state.files };
    if (file) files[name] = { id: this.#nextId++, file };
    else delete files[name];
    this.#store.set({ files });
  }

  /** Ask again for what failed. */
  tryAgain(): void {
    const { answers, trouble } = this.#store.state;
    this.#store.set({ answers: new Map([...answers].filter(([, { kind }]) => kind !== "failed")) });
    if (trouble) this.learn();
  }

  /** Say something for a while. */
  tell(text: string, isTrouble = false): void {
    this.#store.set({ note: { text, isTrouble } });
  }

  /** Use a token from now on. */
  useToken(token: string): void {
    keepToken(token);
    this.#store.set({ needsToken: false, trouble: undefined });
    this.tryAgain();
    this.learn();
  }

  /** Restore what a link says. */
  async follow(hash: string): Promise<void> {
    const { settings, example }: Linked = readLink(hash);
    const photo = photoOf(this.#store.state);
    this.#store.set(choose(this.#store.state, { ...firstSettings, ...settings, photo: photo?.id }));
    const wanted = examples.find(({ name }) => name === example);
    if (!wanted || photo?.example === wanted.name) return;
    await this.openExample(wanted);
    const { comparison, classIndex, versus } = settings;
    if (photoOf(this.#store.state)?.example === wanted.name) {
      this.#store.set({ settings: { ...this.#store.state.settings, comparison, classIndex, versus } });
    }
  }

  /** Learn what the server has: models, methods, and what there is to know of the chosen model. */
  async learn(): Promise<void> {
    this.#asked = new Set(this.#store.state.about.keys());
    try {
      const [models, methods] = await Promise.all([listModels(), listMethods()]);
      this.#store.set({ models, methods, trouble: undefined });
      await this.learnModel();
    } catch (error) {
      this.#meet(error);
    }
  }

  /** Learn what there is to know of the chosen model, if that is not known yet. */
  async learnModel(): Promise<void> {
    const id = modelIdOf(this.#store.state);
    if (id === undefined || this.#asked.has(id)) return;
    this.#asked.add(id);
    try {
      const about = await describeModel(id);
      this.#store.set({ about: new Map([...this.#store.state.about, [id, about]]), trouble: undefined });
    } catch (error) {
      this.#meet(error);
    }
  }

  #meet(error: unknown): void {
    if (error instanceof RefusedError && error.status === 401) this.#store.set({ needsToken: true });
    else this.#store.set({ trouble: troubleOf(error) });
  }
}
