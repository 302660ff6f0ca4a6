/**
 * Networks whose way to see pixels is known. It is not published.
 *
 * @module
 */
import type { EvidenceSource } from "../../input/evidence.ts";
import { testdata } from "../../testing/mod.ts";

/** A network, and how it sees pixels. */
export interface KnownNetwork {
  readonly name: string;
  readonly location: URL;
  /** The name of the way. */
  readonly preprocessing: string;
  /** What shows it, where that is to be tested. */
  readonly source?: EvidenceSource;
}

const folder = new URL("pixels/", testdata);

/** Those that `tools/make_pixels.py` makes. */
export async function readKnownNetworks(): Promise<KnownNetwork[]> {
  const { networks }: { networks: Omit<KnownNetwork, "location">[] } = JSON.parse(
    await Deno.readTextFile(new URL("index.json", folder)),
  );
  return networks.map((network) => ({ ...network, location: new URL(`${network.name}.keras`, folder) }));
}

/** Where files of others lie, which are not part of the project. */
export const shared: URL = new URL("../../../../shared/data/", import.meta.url);

/** How published networks were trained, by those who published them. */
const published: readonly (readonly [name: string, path: string, preprocessing: string])[] = [
  ["Darknet, tiny", "models/darknet_tiny/model.json", "unit"],
  ["Darknet, tiny, as Keras 2 saved it", "models/derived/darknet_tiny_k2.h5", "unit"],
  ["MobileNet 0.25", "models/mobilenet_v1_025_224/model.json", "tf"],
  ["MobileNet 0.25, as Keras 3 saved it", "models/derived/mobilenet_v1_025_224_keras3.keras", "tf"],
  ["MobileNet 0.25, converted", "models/derived/mobilenet_v1_025_224_graph/model.json", "tf"],
  ["mini-Xception, emotions", "models/mini_xception_emotion/fer2013_mini_XCEPTION.102-0.66.hdf5", "tf"],
  ["mini-Xception, genders", "models/mini_xception_emotion/gender_mini_XCEPTION.21-0.95.hdf5", "tf"],
  ["Teachable Machine, rocks", "models/rocks/model.json", "teachable-machine"],
  ["Teachable Machine, waste, as Keras 2 saved it", "models/tm_waste_h5/keras_model.h5", "teachable-machine"],
  ["ResNet's preprocess_input, recorded", "cases/resnet_preprocess.keras", "none"],
  ["a Rescaling within the first weights", "cases/graph_folded_rescaling/model.json", "none"],
  ["ml5, digits", "cases/ml5_digits/model.json", "ml5"],
];

/** Published networks. */
export const publishedNetworks: readonly KnownNetwork[] = published.map(([name, path, preprocessing]) => ({
  name,
  location: new URL(path, shared),
  preprocessing,
}));
