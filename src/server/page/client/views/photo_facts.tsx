/// <reference lib="dom" />
import { fitWithin } from "../photo/shrink.ts";
import { sentSide } from "../photo/open_photo.ts";
import { modelSideOf, photoOf } from "../state/state.ts";
import { explanationOf, wishOf } from "../state/wish.ts";
import type { PageProps } from "./props.ts";

/** How the photo was sent and the map came about. */
export function PhotoFacts({ state, actions }: PageProps) {
  const photo = photoOf(state)!;
  const { exact } = state.settings;
  const size = state.pictures.get(photo.id)?.size;
  const side = sentSide(modelSideOf(state));
  const isLarge = size !== undefined && Math.max(size.width, size.height) > side;
  const sent = isLarge && !exact ? fitWithin(size, side) : size;
  const wish = wishOf(state);
  const explanation = wish && explanationOf(state, wish);
  const { name, threads = 1 } = explanation?.backend ?? {};
  return (
    <details class="card facts">
      <summary>How it came about</summary>
      <dl>
        <dt>Photo</dt>
        <dd>{photo.name}{size && `, ${size.width} × ${size.height}`}</dd>
        {sent && (
          <>
            <dt>Sent</dt>
            <dd>{sent === size ? "as it is" : `at ${sent.width} × ${sent.height}`}</dd>
          </>
        )}
        {explanation && (
          <>
            <dt>Computed</dt>
            <dd>
              on {name}
              {threads > 1 && ` with ${threads} threads`} in {Math.round(explanation.times.total ?? 0)} ms
            </dd>
          </>
        )}
      </dl>
      <label class="check">
        <input
          type="checkbox"
          id="exact"
          checked={exact}
          onChange={({ currentTarget }) => actions.choose({ exact: currentTarget.checked })}
        />
        Send photos as they are
      </label>
      <p class="quiet">
        Large photos are made smaller before they are sent, to {side}{" "}
        pixels here. That changes the numbers slightly: switch this on where they must be exact.
      </p>
    </details>
  );
}
