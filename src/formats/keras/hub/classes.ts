/**
 * The registry of keras-hub's classes. A new one is a file beside this one and a line here.
 *
 * @module
 */
import { classifierClasses } from "./classifiers.ts";
import { densenetClasses } from "./densenet.ts";
import { efficientnetClasses } from "./efficientnet.ts";
import type { HubClass } from "./hub_class.ts";
import { mobilenetClasses } from "./mobilenet.ts";
import { resnetClasses } from "./resnet.ts";
import { vggClasses } from "./vgg.ts";
import { transformerClasses } from "./vit.ts";
import { xceptionClasses } from "./xception.ts";

/** All classes that are known. */
export const hubClasses: readonly HubClass[] = Object.freeze([
  ...classifierClasses,
  ...densenetClasses,
  ...efficientnetClasses,
  ...mobilenetClasses,
  ...resnetClasses,
  ...transformerClasses,
  ...vggClasses,
  ...xceptionClasses,
]);
