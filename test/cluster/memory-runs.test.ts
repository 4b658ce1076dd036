import { test } from "uvu";
import { MemoryStore } from "../../src/cluster/memory/memory-store.ts";
import { testRuns } from "./conformance/runs.ts";
import { checkRunsModel } from "./conformance/runs-property.ts";

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

test("random commands on the queue have the results of a model without indexes", async () => {
	await checkRunsModel(async () => {
		let time = 1_700_000_000_000;
		const store = new MemoryStore({ now: () => time });
		const pass = async (ms: number) => {
			time += ms;
		};
		return { runs: store.runs, pass, close: () => store.close() };
	}, 300);
});

test.run();
