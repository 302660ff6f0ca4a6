import { colormaps } from "../../draw/colormaps/mod.ts";
import { opacities } from "../../draw/opacity.ts";
import { encodings } from "../../draw/encodings/mod.ts";
import { fileTypeOf, renderings } from "../../draw/renderings/mod.ts";
import { type FitMode, fitModes } from "../../input/image/window.ts";
import { preprocessings } from "../../input/preprocess.ts";
import type { Exchange } from "../exchange.ts";
import { jsonResponse } from "../json_response.ts";
import { listMethods } from "../list_methods.ts";
import { askedTargets } from "../parameters/subject.ts";
import { jsonAnswer } from "../openapi/answers.ts";
import { reference } from "../openapi/reference.ts";
import type { Route } from "../route.ts";

/** The ways to bring a photo to the model's shape. */
const fits: Readonly<Record<FitMode, string>> = {
  squash: "the whole photo, squashed into the model's shape",
  crop: "the photo's middle, cut out in the model's shape",
  letterbox: "the whole photo in its own shape, with black around it",
};

/** What an entry of a registry is called, and what it is for. */
interface Named {
  readonly name: string;
  readonly description: string;
}

function listed({ name, description }: Named): Named {
  return { name, description };
}

/** What there is to choose from, the defaults first. */
function listAll({ service: { limits: { maxPasses } } }: Exchange): Response {
  return jsonResponse({
    methods: listMethods(maxPasses),
    maxPasses,
    targets: askedTargets.map(listed),
    renderings: renderings.map((rendering) => ({
      ...listed(rendering),
      mediaType: fileTypeOf(rendering).mediaType,
    })),
    formats: encodings.map((encoding) => ({ ...listed(encoding), mediaType: encoding.mediaType })),
    colormaps: colormaps.map(listed),
    opacities: opacities.map((opacity) => ({ ...listed(opacity), alpha: opacity.alpha })),
    fits: fitModes.map((name) => ({ name, description: fits[name] })),
    preprocessings: Object.values(preprocessings),
  });
}

/** `GET /v1/methods`: what there is to choose from. */
export const v1MethodsRoute: Route = {
  path: "/v1/methods",
  methods: { GET: listAll },
  isStatic: true,
  operations: {
    GET: () => ({
      operationId: "listMethods",
      summary:
        "Methods with their costs and settings, targets, forms of answers, colour maps, kinds of opacity, fits and preprocessings",
      tags: ["models"],
      responses: { 200: jsonAnswer("What there is to choose from", reference("Methods")) },
    }),
  },
};
