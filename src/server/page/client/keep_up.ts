/// <reference lib="dom" />
import { pictureOf } from "./photo/open_photo.ts";
import { drawPhoto, explainPhoto } from "./server/explain_photo.ts";
import { askPatiently } from "./server/patience.ts";
import { RefusedError, type Trouble, troubleOf } from "./server/trouble.ts";
import { isQuick, methodOf } from "./state/method.ts";
import type { Answer, PlainExplanation } from "./state/answers.ts";
import { aboutOf, modelSideOf } from "./state/state.ts";
import type { Store } from "./state/store.ts";
import { keyOf, type Wish, wishesOf } from "./state/wish.ts";

/** Answers that are held. */
const mostAnswers = 200;

/** What is said when a person does not want to wait any longer. */
const stopped: Trouble = { title: "You stopped waiting", advice: "Try again when you like." };

/** A request under way. */
interface Running {
  readonly wish: Wish;
  readonly controller: AbortController;
  /** Whether it sends the photo, which other wishes need too. */
  isSending: boolean;
}

/** Asks the server for what the state wishes for and has no answer to, and leaves what is not wished for any more. */
export class KeepUp {
  readonly #store: Store;
  readonly #running = new Map<string, Running>();

  /** @param store What is kept up with. */
  constructor(store: Store) {
    this.#store = store;
    store.subscribe(() => this.#look());
  }

  /** Stop waiting for what is under way. */
  stop(): void {
    for (const [key, { controller }] of [...this.#running]) {
      this.#running.delete(key);
      controller.abort();
      this.#answer(key, { kind: "failed", trouble: stopped });
    }
  }

  #look(): void {
    const { state } = this.#store;
    const wanted = new Map(wishesOf(state).map((wish) => [keyOf(wish), wish]));
    for (const [key, { wish, controller, isSending }] of this.#running) {
      const helps = isSending && wish.photo === state.settings.photo;
      if (wanted.has(key) || helps) continue;
      this.#running.delete(key);
      controller.abort();
    }
    const isStale = ([key, { kind }]: [string, Answer]) =>
      kind !== "done" && !wanted.has(key) && !this.#running.has(key);
    if ([...state.answers].some(isStale)) {
      this.#store.set({ answers: new Map([...state.answers].filter((entry) => !isStale(entry))) });
      return; // which looks again
    }
    if (state.needsToken) return;
    for (const [key, wish] of wanted) {
      if (!this.#running.has(key) && !this.#store.state.answers.has(key)) this.#start(key, wish);
    }
  }

  /** Hold an answer under the wish that it answers. */
  #answer(key: string, answer: Answer, more: readonly (readonly [string, Answer])[] = []): void {
    const answers = new Map(this.#store.state.answers);
    answers.delete(key); // so that the latest stands last
    for (const [of, one] of more) if (!answers.has(of)) answers.set(of, one);
    answers.set(key, answer);
    this.#store.set({ answers: new Map([...answers].slice(-mostAnswers)) });
  }

  async #start(key: string, wish: Wish): Promise<void> {
    const { state } = this.#store;
    const photo = state.photos.get(wish.photo)!;
    const about = aboutOf(state);
    const controller = new AbortController();
    const running: Running = { wish, controller, isSending: false };
    this.#running.set(key, running);
    const say = (answer: Answer) => this.#running.get(key) === running && this.#answer(key, answer);
    const options = {
      photo,
      modelSide: modelSideOf(state),
      signal: controller.signal,
      onProgress: (share: number) => {
        running.isSending = true;
        say(share < 1 ? { kind: "sending", share } : { kind: "looking" });
      },
    };
    const patience = {
      signal: controller.signal,
      onBusy: (seconds: number) => say({ kind: "busy", seconds }),
    };
    say({ kind: "looking" });
    try {
      const method = methodOf(state, wish.method);
      const classes = method && isQuick(method) ? about?.classes : undefined;
      const found = await askPatiently(() => explainPhoto(wish, classes, options), patience);
      this.#leave(key, running);
      this.#answer(key, { kind: "done", explanation: withMap(found, 0) }, othersOf(found, wish));
      if (!this.#store.state.pictures.has(photo.id) && await photo.picture() === undefined) {
        const drawing = [["format", "overlay"], ["alpha", "0"], ["minSide", "0"]] as const;
        await this.#show(
          photo.id,
          await askPatiently(() => drawPhoto(wish, drawing, options), { ...patience, onBusy: () => {} }),
        );
      }
    } catch (error) {
      if (controller.signal.aborted) return;
      this.#leave(key, running);
      const needsToken = error instanceof RefusedError && error.status === 401;
      if (needsToken) this.#store.set({ needsToken });
      this.#answer(key, { kind: "failed", trouble: troubleOf(error) });
    }
  }

  /** Take a request off the list, unless another has taken its place. */
  #leave(key: string, running: Running): void {
    if (this.#running.get(key) === running) this.#running.delete(key);
  }

  /** Show a photo, which this browser cannot read, as the server has drawn it. */
  async #show(id: number, drawn: Blob): Promise<void> {
    const bitmap = await createImageBitmap(drawn);
    const { photos, pictures } = this.#store.state;
    if (photos.has(id)) this.#store.set({ pictures: new Map([...pictures, [id, pictureOf(bitmap)]]) });
    bitmap.close();
  }
}

/** An explanation with one of its maps alone. */
function withMap(explanation: PlainExplanation, place: number): PlainExplanation {
  return { ...explanation, maps: explanation.maps.slice(place, place + 1) };
}

/** The answers to the wishes for each class that was explained along. */
function othersOf(explanation: PlainExplanation, wish: Wish): (readonly [string, Answer])[] {
  return explanation.maps.map(({ classIndex }, place) => [
    keyOf({ ...wish, classIndex }),
    { kind: "done", explanation: withMap(explanation, place) },
  ]);
}
