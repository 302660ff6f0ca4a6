/// <reference lib="dom" />
import { useState } from "preact/hooks";
import { type SaveKind, saveKinds } from "../save/kinds.ts";
import { handOut, makeFiles } from "../save/save.ts";
import { seenIn } from "../save/seen.ts";
import { troubleOf } from "../server/trouble.ts";
import type { PageProps } from "./props.ts";

/** Saves what is seen. */
export function Save({ state, actions }: PageProps) {
  const [isSaving, setSaving] = useState(false);
  const seen = seenIn(state);
  async function save(kind: SaveKind): Promise<void> {
    if (!seen || isSaving) return;
    setSaving(true);
    try {
      const files = await makeFiles(seen, kind);
      files.forEach(handOut);
      actions.tell(`Saved ${files.map(({ name }) => name).join(" and ")}`);
    } catch (error) {
      const { title, advice } = troubleOf(error);
      actions.tell(`It could not be saved. ${title}: ${advice}`, true);
    } finally {
      setSaving(false);
    }
  }
  return (
    <fieldset class="card" aria-busy={isSaving}>
      <legend>Save what you see</legend>
      <div class="chips">
        {saveKinds.map((kind) => (
          <button
            key={kind.title}
            type="button"
            class="button small save"
            data-kind={kind.title}
            title={kind.description}
            aria-disabled={!seen || isSaving}
            onClick={() => save(kind)}
          >
            {kind.title}
          </button>
        ))}
      </div>
    </fieldset>
  );
}
