/** Rules of fields that several vendors treat alike. */
import type * as cchat from "../../../../generated/ir/cchat.ts";
import type * as types from "../../../../generated/ir/types.ts";
import { drop, emulate, type FieldRule, map, reject, when } from "../../rules.ts";

export const SYSTEM_FIRST = when<cchat.Role>("system", (role) => role === "system", map("moved to the beginning of the conversation"));

export const NO_BLANK_TEXT = when<string>(
	"empty or of white space",
	(text) => !/\S/.test(text),
	drop("the API refuses it; a message of which nothing else remains is left out"),
);

export const SIGNED_REASONING = when<cchat.ReasoningPart>(
	"without a sealed form",
	({ sealed }) => sealed === undefined,
	drop("the API takes back only thinking that it has signed"),
);

/** Returns the rule of a tool's schema, which must be that of an object. `otherwise` is the rule of such schemas. */
export function objectSchema(otherwise: FieldRule<cchat.Tool["parameters"], cchat.Request>): typeof otherwise {
	return when(
		'whose type is not "object"',
		({ type = "object" }) => type !== "object" && !(Array.isArray(type) && type.includes("object")),
		reject('the API accepts only schemas whose type is "object"'),
		otherwise,
	);
}

export const TEMPERATURE_TO_1 = when<number>("above 1", (temperature) => temperature > 1, emulate("sent as 1, the API's maximum"));

/** Returns the rule of opaque parts. */
export function opaqueRule({
	sendOpaque,
	provider,
}: {
	readonly sendOpaque: boolean;
	readonly provider: string;
}): FieldRule<types.OpaquePart> {
	if (!sendOpaque) return drop("the option send_opaque is false");
	return when("of another provider", (part) => part.provider !== provider, drop("only its provider understands it"));
}
