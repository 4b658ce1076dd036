/** Names of parameters in the generated bindings. */
import { safeIdentifier } from "../kit/identifiers.ts";
import { camelCase } from "../names.ts";

/** Names that the binding itself uses: a parameter of that name gets a `_`. */
const TAKEN = new Set([
	"callFallible",
	"callFallibleAsync",
	"callOrDefault",
	"callOrDefaultAsync",
	"callOrTrap",
	"callOrTrapAsync",
	"context",
	"handles",
	"host",
	"item",
	"lowerVoid",
	"sites",
]);

export function parameterName(name: string): string {
	const camel = camelCase(name);
	return TAKEN.has(camel) ? `${camel}_` : safeIdentifier(camel);
}
