import { test } from "uvu";
import * as assert from "uvu/assert";
import { faultsOf, settingsFrom } from "../helpers/config.ts";

test("without a limit, the account of an instance has room for its linear memory and 128 MiB", () => {
	assert.is(settingsFrom("").maxInstanceBytes, 268_435_456 + 134_217_728);
	assert.is(settingsFrom("[host]\nmax_memory_bytes = 1048576").maxInstanceBytes, 1_048_576 + 134_217_728);
	assert.is(settingsFrom("").maxTotalMemoryBytes, undefined);
});

test("the limits of memory and the weights of guests are read", () => {
	const settings = settingsFrom(`[host]
max_total_memory_bytes = 0
[limits]
max_instance_bytes = 300000000
[guests.alice]
weight = 7
[guests."*"]
concurrency = 1
`);
	assert.is(settings.maxTotalMemoryBytes, 0);
	assert.is(settings.maxInstanceBytes, 300_000_000);
	assert.equal(
		[...settings.guestRuns].map(([name, { weight }]) => [name, weight]),
		[
			["alice", 7],
			["*", 1],
		],
	);
});

test("an account smaller than the linear memory is a fault", () => {
	assert.match(
		String(faultsOf("[limits]\nmax_instance_bytes = 65536")),
		/max_instance_bytes.*must be at least max_memory_bytes of \[host\], which is 268435456/,
	);
	assert.match(String(faultsOf("[guests.a]\nweight = 0")), /weight/);
});

test.run();
