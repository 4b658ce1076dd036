import { test } from "uvu";
import * as assert from "uvu/assert";
import { DEFAULT_GUEST_RUN, runSettingsOf } from "../../src/config/guest-run-settings.ts";
import { faultsOf, settingsFrom } from "../helpers/config.ts";

test("a guest has the settings of its own entry, else those of the entry for all others, else the defaults", () => {
	const { guestRuns } = settingsFrom(`
[guests.a]
weight = 5
engine = "direct"
metering = "loops"
slice_ms = 2
spare_instances = 3
run_timeout_ms = 60000
cpu_ms = 500
cpu_ms_per_minute = 6000
[guests."*"]
weight = 2
`);
	assert.equal(runSettingsOf(guestRuns, "a"), {
		weight: 5,
		engine: "direct",
		metering: "loops",
		spareInstances: 3,
		sliceMs: 2,
		timeoutMs: 60_000,
		cpuMs: 500,
		cpuMsPerMinute: 6_000,
	});
	const others = { weight: 2, engine: "direct", metering: "full", spareInstances: 0, sliceMs: 5 };
	assert.equal(runSettingsOf(guestRuns, "b"), others);
	assert.equal(runSettingsOf(guestRuns, undefined), others);
	assert.equal(runSettingsOf(settingsFrom("").guestRuns, "a"), DEFAULT_GUEST_RUN);
});

test("settings of a guest that cannot be are faults", () => {
	for (const line of ["slice_ms = 0", "cpu_ms = 0", "cpu_ms_per_minute = 60001", 'engine = "v8"', 'metering = "some"'])
		assert.match(String(faultsOf(`[guests.a]\n${line}`)), line.split(" ")[0] ?? "");
});

test("a limit that the engine or the metering of a guest cannot enforce is a fault that says what to do", () => {
	const faults = (lines: string): string => String(faultsOf(`[guests.a]\n${lines}`));
	assert.match(faults('metering = "off"\ncpu_ms = 5'), /guests\.a\.cpu_ms: has no effect with metering = "off".*remove one of them/);
	assert.match(faults('metering = "off"\ncpu_ms_per_minute = 5'), /cpu_ms_per_minute: has no effect .*or set isolation = "worker"/);
	assert.match(
		faults('engine = "jco"\nrun_timeout_ms = 5'),
		/run_timeout_ms: has no effect with engine = "jco", which cannot stop a guest/,
	);
	const enforced = settingsFrom('[guests.a]\nengine = "jco"\nisolation = "worker"\nrun_timeout_ms = 5\ncpu_ms_per_minute = 5');
	assert.is(runSettingsOf(enforced.guestRuns, "a").cpuMsPerMinute, 5);
});

test.run();
