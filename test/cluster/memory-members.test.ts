import { suite } from "uvu";
import { MemoryStore } from "../../src/cluster/memory/memory-store.ts";
import { testMembers } from "./conformance/members.ts";

const test = suite("members in the process");

testMembers(test, async () => {
	let now = 1_000_000;
	const { members } = new MemoryStore({ now: () => now });
	return {
		members,
		pass: async (ms) => {
			now += ms;
		},
		[Symbol.asyncDispose]: async () => {},
	};
});

test.run();
