/// <reference lib="dom" />
import { photoOf } from "../state/state.ts";
import { Bar } from "./bar.tsx";
import { Notes } from "./notes.tsx";
import type { PageProps } from "./props.ts";
import { TokenForm } from "./token_form.tsx";
import { Welcome } from "./welcome.tsx";
import { Workbench } from "./workbench.tsx";

/** The page: it follows from the state. */
export function App(props: PageProps) {
  const hasPhoto = photoOf(props.state) !== undefined;
  return (
    <>
      <Bar {...props} />
      <main>
        <Notes {...props} />
        {props.state.needsToken && <TokenForm {...props} />}
        {hasPhoto ? <Workbench {...props} /> : <Welcome {...props} />}
      </main>
      <footer>
        <p>
          Photos go to this server alone. It stores none; it may hold one in memory for some minutes, so that
          it need not be sent again.
        </p>
        <p>Grad-CAM by @xai/gradcam</p>
      </footer>
    </>
  );
}
