import { test } from "uvu";
import { MemoryStore } from "../../src/cluster/memory/memory-store.ts";
import { piecesConformance } from "./conformance/pieces.ts";

piecesConformance(async () => {
	const time = { now: 1_000_000 };
	const { pieces } = new MemoryStore({ now: () => time.now });
	return {
		pieces,
		async pass(ms) {
			time.now += ms;
		},
		async [Symbol.asyncDispose]() {},
	};
});

test.run();
