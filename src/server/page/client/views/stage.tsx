/// <reference lib="dom" />
import { useMemo } from "preact/hooks";
import { drawOverlay } from "../drawing.ts";
import type { Picture } from "../photo/open_photo.ts";
import type { Answer } from "../state/answers.ts";
import { aboutOf, photoOf, type State } from "../state/state.ts";
import { methodOf } from "../state/method.ts";
import { troubleIn } from "../state/trouble_in.ts";
import { answerTo, keyOf, type Wish, wishesOf } from "../state/wish.ts";
import { sayShown, scoreOf, subjectOf } from "../words.ts";
import { Canvas } from "./canvas.tsx";
import { stageId, useKeptFocus } from "./keep_focus.ts";
import { Legend } from "./legend.tsx";
import type { PageProps } from "./props.ts";
import { sayWaiting } from "./status.ts";

type Done = Extract<Answer, { kind: "done" }>;
type Waiting = Exclude<Answer, { kind: "done" | "failed" }>;

/** The map over the photo. */
function MapCanvas({ picture, answer, state }: { picture: Picture; answer: Done; state: State }) {
  const { explanation } = answer;
  const { colormap, opacity, alpha, contour } = state.settings;
  const image = useMemo(
    () => drawOverlay(picture.view, explanation, { colormap, opacity, alpha, contour }),
    [picture, explanation, colormap, opacity, alpha, contour],
  );
  return <Canvas image={image} class="map" label={sayShown(explanation)} />;
}

/** What is waited for, with a way to stop. */
function Progress(
  { answer, said, keepUp }: {
    readonly answer: Waiting | undefined;
    readonly said: string;
    readonly keepUp: PageProps["keepUp"];
  },
) {
  const part = useKeptFocus<HTMLDivElement>();
  return (
    <div class="progress" ref={part}>
      <span class="progress-text">{said}</span>
      <progress
        aria-label={said}
        max={1}
        {...answer?.kind === "sending" ? { value: answer.share } : {}}
      />
      <button type="button" class="button small" onClick={() => keepUp.stop()}>Stop</button>
    </div>
  );
}

/** What the map is of. */
function Caption({ answer, letter }: { answer: Answer | undefined; letter: string | undefined }) {
  const explanation = answer?.kind === "done" ? answer.explanation : undefined;
  const map = explanation?.maps[0];
  return (
    <figcaption>
      {letter && <span class="letter">{letter}</span>}
      <span class="caption-name">{map ? subjectOf(map, explanation.unit) : "…"}</span>
      {map && <span class="caption-score">{scoreOf(map, explanation)}</span>}
      {map && (
        <span class="caption-how quiet">
          {explanation.layer} · {map.raw.width} × {map.raw.height} · {explanation.method}
        </span>
      )}
    </figcaption>
  );
}

/** One map, or its photo while it is waited for. */
function MapFigure(
  { state, keepUp, wish, letter }: PageProps & {
    readonly wish: Wish | undefined;
    readonly letter: string | undefined;
  },
) {
  const photo = photoOf(state)!;
  const picture = state.pictures.get(photo.id);
  const answer = wish && answerTo(state, wish);
  const isWaiting = answer?.kind !== "done" && answer?.kind !== "failed" && !state.needsToken &&
    !state.trouble;
  const { width, height } = picture?.view ?? { width: 3, height: 2 };
  return (
    <figure class="seen" aria-busy={isWaiting}>
      <div class="frame" style={{ "--ratio": width / height }}>
        {picture && (
          <Canvas
            image={picture.view}
            class="photo"
            label={answer?.kind === "done" ? undefined : `The photo ${photo.name}`}
          />
        )}
        {picture && answer?.kind === "done" && <MapCanvas picture={picture} answer={answer} state={state} />}
        {isWaiting && (
          <Progress
            answer={answer as Waiting | undefined}
            said={sayWaiting(answer as Waiting | undefined, wish && methodOf(state, wish.method))}
            keepUp={keepUp}
          />
        )}
      </div>
      <Caption answer={answer} letter={letter} />
    </figure>
  );
}

/** What a person should know of the maps. */
function Warnings({ state, wishes }: { state: State; wishes: readonly Wish[] }) {
  const lines = wishes.flatMap((wish) => {
    const answer = answerTo(state, wish);
    if (answer?.kind !== "done") return [];
    const { maps: [map], warnings } = answer.explanation;
    return [...map!.diagnosis === "ok" ? [] : [map!.advice || map!.diagnosis], ...warnings];
  });
  if (lines.length === 0) return null;
  return (
    <ul class="warnings" aria-label="Please note">
      {[...new Set(lines)].map((line) => <li key={line}>{line}</li>)}
    </ul>
  );
}

/** The photo and its map, or two maps side by side, and what their colours mean. */
export function Stage(props: PageProps) {
  const { state } = props;
  const wishes = wishesOf(state);
  const isTwo = wishes.length > 1;
  const shown: readonly (Wish | undefined)[] = wishes.length > 0 ? wishes : [undefined];
  const isInvisible = troubleIn(state) !== undefined && !state.pictures.has(photoOf(state)!.id);
  return (
    <section
      id={stageId}
      tabIndex={-1}
      class={isTwo ? "stage stage-two" : "stage"}
      aria-label="The photo and where the network looked"
      data-look={wishes.map(keyOf).join(" ")}
      data-model={aboutOf(state) ? "known" : "unknown"}
    >
      <div class="figures" hidden={isInvisible}>
        {shown.map((wish, place) => (
          <MapFigure key={place} {...props} wish={wish} letter={isTwo ? "AB"[place] : undefined} />
        ))}
      </div>
      {!isInvisible && <Legend state={state} wishes={wishes} />}
      <Warnings state={state} wishes={wishes} />
    </section>
  );
}
