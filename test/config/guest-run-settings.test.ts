import { test } from "uvu";
import * as assert from "uvu/assert";
import { DEFAULT_GUEST_RUN, runSettingsOf } from "../../src/config/guest-run-settings.ts";
import { faultsOf, settingsFrom } from "../helpers/config.ts";

test("a guest has the settings of its own entry, else those of the entry for all others, else the defaults", () => {
	const { guestRuns } = settingsFrom(`
[guests.a]
weight = 5
engine = "jco"
metering = "loops"
slice_ms = 2
run_timeout_ms = 60000
cpu_ms = 500
cpu_ms_per_minute = 6000
[guests."*"]
weight = 2
`);
	assert.equal(runSettingsOf(guestRuns, "a"), {
		weight: 5,
		engine: "jco",
		metering: "loops",
		sliceMs: 2,
		timeoutMs: 60_000,
		cpuMs: 500,
		cpuMsPerMinute: 6_000,
	});
	const others = { weight: 2, engine: "direct", metering: "full", sliceMs: 5 };
	assert.equal(runSettingsOf(guestRuns, "b"), others);
	assert.equal(runSettingsOf(guestRuns, undefined), others);
	assert.equal(runSettingsOf(settingsFrom("").guestRuns, "a"), DEFAULT_GUEST_RUN);
});

test("settings of a guest that cannot be are faults", () => {
	for (const line of ["slice_ms = 0", "cpu_ms = 0", "cpu_ms_per_minute = 60001", 'engine = "v8"', 'metering = "some"'])
		assert.match(String(faultsOf(`[guests.a]\n${line}`)), line.split(" ")[0] ?? "");
});

test.run();
