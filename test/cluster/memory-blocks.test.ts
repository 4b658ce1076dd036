import { test } from "uvu";
import { MemoryStore } from "../../src/cluster/memory/memory-store.ts";
import { blocksConformance } from "./conformance/blocks.ts";

blocksConformance(async () => {
	const time = { now: 1_000_000 };
	const { blocks } = new MemoryStore({ now: () => time.now });
	return {
		blocks,
		async pass(ms) {
			time.now += ms;
		},
		async [Symbol.asyncDispose]() {},
	};
});

test.run();
