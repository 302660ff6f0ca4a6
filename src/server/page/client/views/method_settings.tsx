/// <reference lib="dom" />
import { useState } from "preact/hooks";
import type { MethodAbout, MethodSetting } from "../server/describe.ts";
import { titleOf, usualValue } from "../state/method.ts";
import type { PageProps } from "./props.ts";

type SettingProps = PageProps & { readonly method: MethodAbout; readonly setting: MethodSetting };

function Choice({ id, choices, value, hasUsual, onChoose }: {
  readonly id: string;
  readonly choices: readonly string[];
  readonly value: string;
  readonly hasUsual: boolean;
  readonly onChoose: (value: string) => void;
}) {
  return (
    <select id={id} value={value} onChange={({ currentTarget }) => onChoose(currentTarget.value)}>
      {!hasUsual && <option value="">as usual</option>}
      {choices.map((choice) => <option key={choice} value={choice}>{choice}</option>)}
    </select>
  );
}

/** One setting: a number within its range, or one of some names. */
function Setting({ method, setting, state, actions }: SettingProps) {
  const { name, description, choices, range = [], whole } = setting;
  const [min, max] = range;
  const id = `set-${name}`;
  const usual = usualValue(method, name);
  const value = state.settings.told[name] ?? usual;
  const [typed, setTyped] = useState<string>(); // which an answer that comes meanwhile must not undo
  const choose = (told: string) => actions.choose({ told: { ...state.settings.told, [name]: told } });
  return (
    <div class="field">
      <label for={id}>{name}</label>
      {choices
        ? <Choice id={id} choices={choices} value={value} hasUsual={usual !== ""} onChoose={choose} />
        : (
          <input
            type="number"
            id={id}
            min={min}
            max={max}
            step={whole ? 1 : "any"}
            value={typed ?? value}
            placeholder="as usual"
            aria-describedby={`${id}-about`}
            onInput={({ currentTarget: field }) => setTyped(field.value)}
            onChange={({ currentTarget: field }) => {
              if (!field.reportValidity()) return;
              setTyped(undefined);
              choose(field.value);
            }}
          />
        )}
      <small class="quiet" id={`${id}-about`}>{description}</small>
    </div>
  );
}

/** What the chosen method can be told, out of the way until it is wanted. */
export function MethodSettings({ method, ...props }: PageProps & { readonly method: MethodAbout }) {
  const { settings = [] } = method;
  if (settings.length === 0) return null;
  return (
    <details class="settings">
      <summary>Settings of {titleOf(method)}</summary>
      {settings.map((setting) => <Setting key={setting.name} {...props} method={method} setting={setting} />)}
    </details>
  );
}
