import { suite } from "uvu";
import { MemoryStore } from "../../src/cluster/memory/memory-store.ts";
import { testHints } from "./conformance/hints.ts";

const test = suite("hints in memory");

testHints(test, async () => {
	let now = 1_000;
	const store = new MemoryStore({ now: () => now });
	return {
		hints: store.hints,
		async pass(ms) {
			now += ms;
		},
		async subscribed() {},
		[Symbol.asyncDispose]: () => store.close(),
	};
});

test.run();
