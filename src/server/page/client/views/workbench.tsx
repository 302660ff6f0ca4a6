/// <reference lib="dom" />
import { aboutOf } from "../state/state.ts";
import { Appearance } from "./appearance.tsx";
import { Classes } from "./classes.tsx";
import { Compare } from "./compare.tsx";
import { Layers } from "./layers.tsx";
import { Methods } from "./methods.tsx";
import { Models } from "./models.tsx";
import { OtherInputs } from "./other_inputs.tsx";
import { PhotoFacts } from "./photo_facts.tsx";
import type { PageProps } from "./props.ts";
import { Save } from "./save.tsx";
import { Stage } from "./stage.tsx";

/** A photo, its map, and everything that can be chosen. */
export function Workbench(props: PageProps) {
  const { models, methods } = props.state;
  const about = aboutOf(props.state);
  return (
    <div class="workbench">
      <Stage {...props} />
      <div class="choices" role="region" aria-label="What is shown, and how">
        {models.length > 1 && <Models {...props} />}
        <OtherInputs {...props} />
        <Classes {...props} />
        {about && <Layers {...props} about={about} />}
        {methods.length > 1 && <Methods {...props} />}
        <Appearance {...props} />
        <Compare {...props} />
        <Save {...props} />
        <PhotoFacts {...props} />
      </div>
    </div>
  );
}
