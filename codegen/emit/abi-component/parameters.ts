/** Names of parameters in the generated bindings. */
import { safeIdentifier } from "../../model/names/reserved.ts";
import { camelCase } from "../../model/names/spelling.ts";
import { RUNTIME_HELPERS } from "../kit/conversion/expressions.ts";

/** Names that the binding itself uses: a parameter of that name gets a `_`. */
const TAKEN: ReadonlySet<string> = new Set([
	...RUNTIME_HELPERS,
	"callFallible",
	"callFallibleAsync",
	"callOrDefault",
	"callOrDefaultAsync",
	"callOrTrap",
	"callOrTrapAsync",
	"context",
	"handles",
	"host",
	"lowerVoid",
	"sites",
]);

export function parameterName(name: string): string {
	const camel = camelCase(name);
	return TAKEN.has(camel) ? `${camel}_` : safeIdentifier(camel);
}
