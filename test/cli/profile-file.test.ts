import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { GuestProfiler } from "../../src/abi/debug/guest-profiler.ts";
import { writeProfile } from "../../src/cli/profile-file.ts";
import { scratch } from "../helpers/guest.ts";

const profiler = new GuestProfiler();
profiler.sample("Error\n    at main (wasm://wasm/0a:wasm-function[0]:0x1)", 5_000);

test("a profile is written as JSON", async () => {
	const path = join(scratch(), "guest.cpuprofile");
	await writeProfile(path, profiler.toCpuProfile());
	assert.equal(JSON.parse(await readFile(path, "utf8")), JSON.parse(JSON.stringify(profiler.toCpuProfile())));
});

test("a profile that cannot be written is refused with the path and the reason", async () => {
	const path = join(scratch(), "no-such-folder", "guest.cpuprofile");
	const message = await writeProfile(path, profiler.toCpuProfile()).then(
		() => "",
		(cause: Error) => cause.message,
	);
	assert.match(message, `${path} cannot be written`);
});

test.run();
