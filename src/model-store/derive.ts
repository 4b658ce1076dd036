import type { Derivation } from "./model.ts";
import { moonshineTokens } from "./moonshine-tokens.ts";

/** Largest file that another one is derived from, in bytes. Such a file is held whole. */
export const MAX_DERIVED_FROM_BYTES = 16 * 1024 * 1024;

const DERIVATIONS: Readonly<Record<Derivation, (source: string) => string>> = { "moonshine-tokens": moonshineTokens };

/** Returns the file that is derived from a packaged file. Runs no code of the package. @throws SpearError for a file that it cannot read. */
export function derive(derivation: Derivation, source: string): string {
	return DERIVATIONS[derivation](source);
}
