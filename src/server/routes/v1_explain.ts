import { chooseForm } from "../answer_form.ts";
import type { Exchange } from "../exchange.ts";
import { explainPhoto } from "../explain_photo.ts";
import { describeExplain } from "../openapi/explain_operation.ts";
import type { Route } from "../route.ts";

async function explain(exchange: Exchange): Promise<Response> {
  return await explainPhoto(exchange, { chooseForm, isStrict: true, outOfRange: 422 });
}

/** `POST /v1/explain`: a photo in, its explanation out. */
export const v1ExplainRoute: Route = {
  path: "/v1/explain",
  methods: { POST: explain },
  operations: { POST: describeExplain },
};
