import type { Instance } from "../instance.ts";
import type { Key } from "./key.ts";

/** Instances that a message describes. Further ones are counted. */
const MAX_DESCRIBED = 8;

/**
 * A failure that keys have caused. Names the keys, so it is the `cause` of the error: for the host's log and for embedders. A guest
 * receives no cause.
 */
export class KeyFailure extends Error {
	override readonly name = "KeyFailure";
}

/**
 * Returns the state of the keys of each instance that has no usable key now; `undefined` if every instance has one.
 *
 * @param guest Guest of the request, to whom a key may be unavailable that others use.
 */
export function keyShortage(instances: Iterable<Instance>, now: number, guest: string): KeyFailure | undefined {
	const described: string[] = [];
	let more = 0;
	for (const { name, keys } of instances) {
		if (keys.unavailableUntil(now, guest) === 0) continue;
		if (described.length === MAX_DESCRIBED) more += 1;
		else described.push(`backend ${name} has no usable key: ${keys.keys.map((key) => stateOf(key, now, guest)).join(", ")}`);
	}
	if (described.length === 0) return undefined;
	return new KeyFailure([...described, ...(more === 0 ? [] : [`and ${more} more`])].join("; "));
}

function stateOf(key: Key, now: number, guest: string): string {
	if (!key.present) return `${key.name} is not set`;
	if (key.isRejected(now, guest)) return `${key.name} was rejected by the upstream`;
	return key.unavailableUntil(now, guest) === 0 ? `${key.name} is usable` : `${key.name} cools down`;
}
