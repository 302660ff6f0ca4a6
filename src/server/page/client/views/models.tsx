/// <reference lib="dom" />
import { modelIdOf } from "../state/state.ts";
import type { PageProps } from "./props.ts";

/** Which of the server's models looks. */
export function Models({ state, actions }: PageProps) {
  return (
    <div class="card field">
      <label for="model">Model</label>
      <select
        id="model"
        value={modelIdOf(state)}
        onChange={({ currentTarget: { value } }) =>
          actions.choose({
            model: value,
            classIndex: undefined, // another model has other classes and layers
            layer: undefined,
            comparison: undefined,
          })}
      >
        {state.models.map(({ id }) => <option key={id} value={id}>{id}</option>)}
      </select>
    </div>
  );
}
