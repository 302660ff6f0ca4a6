/// <reference lib="dom" />
import { Chips } from "./chips.tsx";
import type { PageProps } from "./props.ts";

/** The methods, as the server has them. */
export function Methods({ state, actions }: PageProps) {
  const chosen = state.settings.method ?? state.methods[0]?.name;
  const described = state.methods.find(({ name }) => name === chosen)?.description;
  return (
    <fieldset class="card">
      <legend>Method</legend>
      <Chips
        name="method"
        chips={state.methods.map(({ name }) => ({ value: name, label: name }))}
        value={chosen}
        onChoose={(method) => actions.choose({ method })}
      />
      {described && <p class="quiet">{described}</p>}
    </fieldset>
  );
}
