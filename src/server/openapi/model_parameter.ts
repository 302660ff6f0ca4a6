import type { Json } from "./operation.ts";
import type { Service } from "../service.ts";

/** The model's id in a path. */
export function modelParameter({ models }: Service): Json {
  return {
    name: "id",
    in: "path",
    required: true,
    description: "The model's id",
    schema: { type: "string", enum: [...models.keys()] },
  };
}
