/** Names of parameters in the generated bindings. */
import { safeIdentifier } from "../kit/identifiers.ts";
import { camelCase } from "../names.ts";

/** Names the binding itself uses: a parameter of that name gets a `_`. */
const TAKEN = new Set([
	"answer",
	"answerAsync",
	"attempt",
	"attemptAsync",
	"context",
	"handles",
	"host",
	"insist",
	"insistAsync",
	"item",
	"sites",
]);

export function parameterName(name: string): string {
	const camel = camelCase(name);
	return TAKEN.has(camel) ? `${camel}_` : safeIdentifier(camel);
}
