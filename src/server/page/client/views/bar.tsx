/// <reference lib="dom" />
import { photoOf } from "../state/state.ts";
import { FileButton } from "./file_button.tsx";
import { CameraButton } from "./camera.tsx";
import type { PageProps } from "./props.ts";

async function copyLink({ actions }: PageProps): Promise<void> {
  try {
    await navigator.clipboard.writeText(location.href);
    actions.tell("The link is copied. It restores what is chosen; your own photo is not in it.");
  } catch {
    actions.tell("The address of this page is the link: copy it from your browser’s address line.");
  }
}

/** What stands above everything: the title, and what can be done at any time. */
export function Bar(props: PageProps) {
  const { state, actions } = props;
  const hasPhoto = photoOf(state) !== undefined;
  const [canUndo, canRedo] = [state.past.length > 0, state.future.length > 0];
  return (
    <header class={hasPhoto ? "bar" : "bar bar-first"}>
      <h1>Where did the network look?</h1>
      {hasPhoto && (
        <div class="tools" role="group" aria-label="Tools">
          <FileButton id="chooser" class="button primary" onFile={(file) => actions.open(file)}>
            New photo
          </FileButton>
          <CameraButton {...props} />
          <button
            type="button"
            class="button icon"
            aria-disabled={!canUndo}
            aria-label="Undo"
            title="Undo (Ctrl+Z)"
            onClick={() => actions.undo()}
          >
            <svg viewBox="0 0 20 20" aria-hidden="true">
              <path d="M8 4 4 8l4 4M4 8h7.5a4.5 4.5 0 0 1 0 9H8" />
            </svg>
          </button>
          <button
            type="button"
            class="button icon"
            aria-disabled={!canRedo}
            aria-label="Redo"
            title="Redo (Ctrl+Shift+Z)"
            onClick={() => actions.redo()}
          >
            <svg viewBox="0 0 20 20" aria-hidden="true">
              <path d="m12 4 4 4-4 4M16 8H8.5a4.5 4.5 0 0 0 0 9H12" />
            </svg>
          </button>
          <button
            type="button"
            class="button icon"
            aria-label="Copy a link to these settings"
            title="Copy a link to these settings"
            onClick={() => copyLink(props)}
          >
            <svg viewBox="0 0 20 20" aria-hidden="true">
              <path d="M8.5 11.5a3.2 3.2 0 0 0 4.6 0l2.5-2.5a3.2 3.2 0 0 0-4.6-4.6l-.8.8M11.5 8.5a3.2 3.2 0 0 0-4.6 0L4.4 11a3.2 3.2 0 0 0 4.6 4.6l.8-.8" />
            </svg>
          </button>
        </div>
      )}
    </header>
  );
}
