import type { Operation } from "../../generated/ir/operations.ts";
import type { Instance } from "./instance.ts";

/** Puts eligible instances in order of preference. */
export interface Policy {
	/** As it appears in configuration and explanations. */
	readonly name: string;
	order(operation: Operation, eligible: readonly Instance[]): readonly Instance[];
}

/** Each in turn, counted by operation. */
export function roundRobin(): Policy {
	const turns = new Map<Operation, number>();
	return {
		name: "round_robin",
		order(operation, eligible) {
			const turn = turns.get(operation) ?? 0;
			turns.set(operation, (turn + 1) % Number.MAX_SAFE_INTEGER);
			const start = eligible.length === 0 ? 0 : turn % eligible.length;
			return [...eligible.slice(start), ...eligible.slice(0, start)];
		},
	};
}

/** Moves the instances a request prefers to the front, in the order it names them. */
export function preferFirst(order: readonly Instance[], preferred: readonly string[]): readonly Instance[] {
	const first = preferred.flatMap((name) => order.filter((instance) => instance.name === name));
	return [...new Set([...first, ...order])];
}
