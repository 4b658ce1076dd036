import { test } from "uvu";
import { MemoryStore } from "../../src/cluster/memory/memory-store.ts";
import { testRuns } from "./conformance/runs.ts";

testRuns(async () => {
	let time = 1_700_000_000_000;
	const store = new MemoryStore({ now: () => time });
	return {
		runs: store.runs,
		pass: async (ms) => {
			time += ms;
		},
		[Symbol.asyncDispose]: () => store.close(),
	};
});

test.run();
