import type { RequestEnvelope } from "../../../../generated/ir/envelope.ts";
import type { Operation } from "../../../../generated/ir/operations.ts";
import { allowedProviderOptions } from "../../kit/provider-options.ts";

/**
 * Members that `provider_options` can never set: the adapter writes them, or their effect would not fit into a result. The API also accepts
 * the names in snake case.
 */
const RESERVED = new Set(
	["model", "contents", "content", "requests", "systemInstruction", "tools", "toolConfig", "generationConfig", "continuationToken"].flatMap(
		(name) => [name, name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)],
	),
);

/** Members of `provider_options` that belong into `generationConfig`. */
const GENERATION = new Set(["topK", "mediaResolution"]);

/**
 * Returns the members that a request's `provider_options` adds to the upstream request, and to its `generationConfig`.
 *
 * @throws SpearError `invalid_request` for a member that is reserved or that the operator has not allowed.
 */
export function providerMembers(
	extra: RequestEnvelope<Operation>["provider_options"],
	options: { readonly allowProviderOptions: readonly string[] | true },
): { readonly request: Readonly<Record<string, unknown>>; readonly generation: Readonly<Record<string, unknown>> } {
	const members = Object.entries(allowedProviderOptions(extra, options, RESERVED));
	return {
		request: Object.fromEntries(members.filter(([name]) => !GENERATION.has(name))),
		generation: Object.fromEntries(members.filter(([name]) => GENERATION.has(name))),
	};
}
