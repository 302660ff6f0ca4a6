/// <reference lib="dom" />
import type { ComponentChildren } from "preact";

/** The kinds of files that are offered; the server says whether it can read one. */
const accept = "image/*,.tif,.tiff,.avif,.heic,.heif";

/** Options of {@linkcode FileButton}. */
export interface FileButtonProps {
  readonly id: string;
  readonly class: string;
  readonly children: ComponentChildren;
  readonly onFile: (file: File) => void;
}

/** A button that chooses a photo's file. */
export function FileButton({ id, class: look, children, onFile }: FileButtonProps) {
  return (
    <label class={look}>
      <input
        type="file"
        id={id}
        class="unseen"
        accept={accept}
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          if (file) onFile(file);
          currentTarget.value = ""; // so that the same file can be chosen again
        }}
      />
      {children}
    </label>
  );
}
