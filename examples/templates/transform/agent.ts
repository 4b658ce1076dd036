/**
 * Stands between a program and its models: takes any request as JSON, changes it by a policy, and answers with JSON. Here, addresses of e-mail never
 * reach a model.
 */
import { call } from "spear:ai/transform@0.1.0";
import { agent, hostcall } from "spear-hostcall/guest";

const EMAIL = /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/g;

/** @param input E.g. `{"operation":"embeddings","request":{"input":["Hello"]}}`. */
export const run = agent((input) => {
	const { operation, request } = parsed(input);
	let hidden = 0;
	const safe = JSON.stringify(request).replace(EMAIL, () => `<address ${++hidden}>`);
	if (hidden > 0) console.warn(`${hidden} addresses were removed`);
	const response: unknown = JSON.parse(hostcall(() => call(operation, safe, undefined)));
	return JSON.stringify({ hidden, response });
});

function parsed(input: string): { readonly operation: string; readonly request: unknown } {
	const value: unknown = JSON.parse(input);
	if (typeof value !== "object" || value === null || !("operation" in value) || !("request" in value))
		throw new Error("the input has no `operation` and `request`");
	return { operation: String(value.operation), request: value.request };
}
