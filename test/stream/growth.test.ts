/** Cost of the queues between guest and upstream, in the number of events. */
import { test } from "uvu";
import type { Overflow } from "../../generated/ir/rt.ts";
import { BoundedQueue } from "../../src/stream/bounded-queue.ts";
import { assertLinear, type GrowthCase } from "../helpers/growth.ts";

type Kind = "text" | "audio";

function queueOf(maxEvents: number, overflow: Overflow): BoundedQueue<Kind> {
	return new BoundedQueue({ maxBytes: maxEvents, overflow, sizeOf: () => 1, isDroppable: (event) => event === "audio" });
}

const CASES: readonly GrowthCase[] = [
	{
		name: "events that are taken from a long queue",
		make: (size) => size,
		run: (size: number) => {
			const queue = queueOf(size, "refuse");
			for (let each = 0; each < size; each++) queue.tryPush("text");
			while (queue.take() !== undefined);
		},
		from: 1 << 13,
	},
	{
		name: "events that are dropped from the middle of a long queue",
		make: (size) => size,
		run: (size: number) => {
			const queue = queueOf(3 * size, "drop_oldest");
			for (const kind of ["text", "audio", "text"] as const) for (let each = 0; each < size; each++) queue.tryPush(kind);
			for (let each = 0; each < size; each++) queue.tryPush("text");
		},
	},
	{
		name: "events that are withdrawn behind a long queue",
		make: (size) => size,
		run: (size: number) => {
			const queue = queueOf(2 * size, "refuse");
			for (let each = 0; each < size; each++) {
				queue.tryPush("text");
				queue.tryPush("audio");
				queue.withdrawAfterMark();
			}
		},
	},
];

for (const each of CASES) test(`${each.name} have a cost that grows linearly`, () => assertLinear({ from: 256, to: 1 << 12, ...each }));

test.run();
