import type { BackendConfig } from "../../generated/ir/config.ts";
import type { Operation } from "../../generated/ir/operations.ts";
import type { BackendKind } from "../backends/backend.ts";
import { type EmbeddedBackends, type Settings, STUB_ALONE } from "../config/settings.ts";
import { OPERATION_NAMES } from "../operations/is-operation.ts";

/** Name of the backend whose answers are made up, and of its kind. */
const STUB = "stub";

/**
 * Returns the backends of a host without configured backends. Each kind that needs no configuration serves the operations whose models are on
 * this machine. The stub serves the rest. No operation has both, so the stub never stands in for a real model.
 */
export async function embeddedBackends(kinds: readonly BackendKind[]): Promise<EmbeddedBackends> {
	const found: Record<string, BackendConfig> = {};
	const rest = new Set<Operation>(OPERATION_NAMES);
	for (const kind of kinds) {
		const embedded = await kind.embedded?.();
		const operations = embedded?.operations.filter((operation) => rest.has(operation)) ?? [];
		if (operations.length === 0) continue;
		for (const operation of operations) rest.delete(operation);
		found[kind.name] = { kind: kind.name, operations, ...(embedded?.options === undefined ? {} : { options: embedded.options }) };
	}
	if (rest.size === OPERATION_NAMES.length) return STUB_ALONE;
	return rest.size === 0 ? found : { ...found, stub: { kind: STUB, operations: [...rest] } };
}

/** Returns the log line of a host without configured backends. `undefined` for a host with configured ones. */
export function embeddedNotice(settings: Settings): string | undefined {
	const description = describeEmbedded(settings);
	return description === undefined ? undefined : `no backends are configured: ${description}`;
}

/** Returns the operations of each backend of a host without configured backends, as clauses. `undefined` for a host with configured ones. */
export function describeEmbedded({ isEmbedded, backends }: Settings): string | undefined {
	if (!isEmbedded) return undefined;
	const parts = backends.map(({ name, kind, operations }) => {
		const served = operations === undefined ? "every operation" : operations.join(", ");
		return `${name} ${kind.name === STUB ? `answers ${served} with made-up content` : `serves ${served}`}`;
	});
	return parts.join("; ");
}
