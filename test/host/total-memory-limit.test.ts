import { test } from "uvu";
import * as assert from "uvu/assert";
import { totalMemoryLimit } from "../../src/host/total-memory-limit.ts";

test("a configured limit applies, and 0 means none", () => {
	assert.is(totalMemoryLimit(5_000), 5_000);
	assert.is(totalMemoryLimit(0), Number.POSITIVE_INFINITY);
});

test("the default is 60 percent of the memory of the machine, or of its control group if that is smaller", () => {
	const machine = 1_000_000;
	assert.is(totalMemoryLimit(undefined, { machine, constrained: 0 }), 600_000);
	assert.is(totalMemoryLimit(undefined, { machine, constrained: 2 ** 64 }), 600_000);
	assert.is(totalMemoryLimit(undefined, { machine, constrained: 500_000 }), 300_000);
	assert.ok(totalMemoryLimit(undefined) > 0);
});

test.run();
