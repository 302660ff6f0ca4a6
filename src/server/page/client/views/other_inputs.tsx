/// <reference lib="dom" />
import type { ModelInput } from "../server/describe.ts";
import { aboutOf } from "../state/state.ts";
import type { PageProps } from "./props.ts";

function shapeText({ shape }: ModelInput): string {
  return `${shape.slice(1).map((size) => size ?? "any").join(" × ")} numbers, with commas`;
}

function InputField({ input, state, actions }: PageProps & { readonly input: ModelInput }) {
  const { name, picture, given } = input;
  const id = `input-${name}`;
  const hint = given ? "The server has its own where nothing is chosen." : undefined;
  return (
    <div class="field">
      <label for={id}>{name}</label>
      {picture
        ? (
          <input
            type="file"
            id={id}
            name={`inputs.${name}`}
            onChange={({ currentTarget }) => actions.chooseInputFile(name, currentTarget.files?.[0])}
          />
        )
        : (
          <input
            type="text"
            id={id}
            name={`inputs.${name}`}
            placeholder={shapeText(input)}
            value={state.settings.inputs[name] ?? ""}
            onChange={({ currentTarget: { value } }) =>
              actions.choose({ inputs: { ...state.settings.inputs, [name]: value } })}
          />
        )}
      {hint && <small class="quiet">{hint}</small>}
    </div>
  );
}

/** A field for each input of the model but the one that is explained. */
export function OtherInputs(props: PageProps) {
  const others = aboutOf(props.state)?.inputs.filter(({ explained }) => !explained) ?? [];
  if (others.length === 0) return null;
  return (
    <fieldset class="card" id="others">
      <legend>What else goes into the model</legend>
      {others.map((input) => <InputField key={input.name} {...props} input={input} />)}
    </fieldset>
  );
}
