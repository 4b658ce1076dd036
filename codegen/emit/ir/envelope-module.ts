/** `ir/envelope.ts`: the envelopes' own members from the schema, then what ties payload and result to the operation. */

import type { ExtraSchema } from "../kit/schema/extra-schemas.ts";
import { template } from "../kit/template.ts";
import { extraModule } from "./extra-module.ts";

const generics = template<Record<string, never>>(new URL("./envelope.hbs", import.meta.url));

export async function envelopeModule(extra: ExtraSchema): Promise<string> {
	const { RequestEnvelope: request, ResponseEnvelope: response, ...others } = extra.schema.$defs ?? {};
	if (request === undefined || response === undefined) {
		throw new Error(`${extra.source} must define RequestEnvelope and ResponseEnvelope under $defs`);
	}
	const $defs = { UntypedRequestEnvelope: request, UntypedResponseEnvelope: response, ...others };
	return (await extraModule({ ...extra, schema: { ...extra.schema, $defs } })) + generics({});
}
