/// <reference lib="dom" />
import { addressOf, examples } from "../photo/examples.ts";
import { CameraButton } from "./camera.tsx";
import { FileButton } from "./file_button.tsx";
import { useKeptFocus } from "./keep_focus.ts";
import type { PageProps } from "./props.ts";

/** What there is before a photo is chosen. */
export function Welcome(props: PageProps) {
  const welcome = useKeptFocus<HTMLDivElement>();
  const { actions } = props;
  return (
    <div class="welcome" ref={welcome}>
      <p class="lead">
        A network that names what is on a photo does not look everywhere. Choose a photo, and see which parts
        of it speak for the class that the network saw.
      </p>
      <div class="drop">
        <FileButton id="chooser" class="button primary large" onFile={(file) => actions.open(file)}>
          Choose a photo
        </FileButton>
        <CameraButton {...props} />
        <p class="quiet">or drop one anywhere on this page, or paste it</p>
      </div>
      <section class="examples" aria-labelledby="examples-title">
        <h2 id="examples-title">Or begin with one of these</h2>
        <ul>
          {examples.map((example) => (
            <li key={example.name}>
              <button type="button" class="example" onClick={() => actions.openExample(example)}>
                <img src={addressOf(example)} width={example.width} height={example.height} alt="" />
                <span>{example.title}</span>
              </button>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
