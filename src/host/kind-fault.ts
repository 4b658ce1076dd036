import type { BackendKind } from "../backends/backend.ts";
import { isKindName, KIND_NAME_RULE } from "../backends/kind-name.ts";
import { guestName } from "../errors/guest-name.ts";

/** Returns true for a backend kind, as far as its members show. */
export function isKind(value: unknown): value is BackendKind {
	if (typeof value !== "object" || value === null || !("name" in value) || !("create" in value)) return false;
	return typeof value.name === "string" && typeof value.create === "function";
}

/**
 * Returns the reason why a kind cannot be added to others, or `undefined`. The reason follows the kind's name.
 *
 * @param others The kinds before it.
 */
export function kindFault({ name }: BackendKind, others: readonly BackendKind[]): string | undefined {
	if (!isKindName(name)) return `'${guestName(name)}' cannot name a backend kind; ${KIND_NAME_RULE}`;
	if (others.some((other) => other.name === name)) return `there is another backend kind called '${name}'; give yours another name`;
	return undefined;
}
