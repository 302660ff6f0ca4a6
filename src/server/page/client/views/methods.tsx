/// <reference lib="dom" />
import type { MethodAbout } from "../server/describe.ts";
import { isFor, isQuick, methodOf, titleOf, usualRuns } from "../state/method.ts";
import { aboutOf } from "../state/state.ts";
import { Chips } from "./chips.tsx";
import { MethodSettings } from "./method_settings.tsx";
import type { PageProps } from "./props.ts";

function asChip(method: MethodAbout) {
  return {
    value: method.name,
    label: titleOf(method),
    hint: isQuick(method) ? undefined : `${usualRuns(method).toLocaleString("en")} runs`,
  };
}

/** The methods, as the server has them: quick ones first, then those that run the model many times. */
export function Methods(props: PageProps) {
  const { state, actions } = props;
  const chosen = methodOf(state, state.settings.method);
  const fitting = state.methods.filter((method) => isFor(method, aboutOf(state)));
  const [quick, slow] = [fitting.filter(isQuick), fitting.filter((method) => !isQuick(method))];
  const choose = (method: string) => actions.choose({ method });
  return (
    <fieldset class="card" id="methods">
      <legend>Method</legend>
      <Chips name="method" chips={quick.map(asChip)} value={chosen?.name} onChoose={choose} />
      {slow.length > 0 && (
        <div class="slow" role="group" aria-label="Methods that take longer">
          <p class="quiet">These take longer:</p>
          <Chips name="method" chips={slow.map(asChip)} value={chosen?.name} onChoose={choose} />
        </div>
      )}
      {chosen?.description && <p class="quiet">{chosen.description}</p>}
      {chosen && <MethodSettings key={chosen.name} {...props} method={chosen} />}
    </fieldset>
  );
}
