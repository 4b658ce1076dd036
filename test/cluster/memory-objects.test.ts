import { test } from "uvu";
import { MemoryStore } from "../../src/cluster/memory/memory-store.ts";
import { objectsConformance } from "./conformance/objects.ts";

objectsConformance(async () => {
	const time = { now: 1_000_000 };
	const { objects } = new MemoryStore({ now: () => time.now });
	return {
		objects,
		async pass(ms) {
			time.now += ms;
		},
		async [Symbol.asyncDispose]() {},
	};
});

test.run();
