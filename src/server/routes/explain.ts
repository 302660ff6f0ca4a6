import { chooseFormAsBefore } from "../answer_form.ts";
import type { Exchange } from "../exchange.ts";
import { explainPhoto } from "../explain_photo.ts";
import type { Route } from "../route.ts";

/** A photo in, its explanation out, as before there were versions of the interface. */
export async function explainAsBefore(exchange: Exchange): Promise<Response> {
  return await explainPhoto(exchange, {
    chooseForm: chooseFormAsBefore,
    isStrict: false,
    outOfRange: 400,
  });
}

/** `POST /explain`. */
export const explainRoute: Route = { path: "/explain", methods: { POST: explainAsBefore } };
