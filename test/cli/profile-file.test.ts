import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { CpuProfile } from "../../src/abi/debug/cpu-profile.ts";
import { GuestProfiler } from "../../src/abi/debug/guest-profiler.ts";
import { writeProfile } from "../../src/cli/profile-file.ts";
import { assemble, scratch } from "../helpers/guest.ts";
import { plainComponent } from "../helpers/guest-components.ts";
import { spearHere } from "../helpers/spear.ts";

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

test("`run --profile` writes the functions in which a guest computed", async () => {
	const component = join(scratch(), "busy.wasm");
	const path = join(scratch(), "busy.cpuprofile");
	const spin =
		"(local $n i32) (loop $again (br_if $again (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 200000000)))) (call $answer)";
	await writeFile(component, await assemble(plainComponent(spin)));
	const { code } = await spearHere(["run", component, "--profile", path]);
	assert.is(code, 0);
	const profile: CpuProfile = JSON.parse(await readFile(path, "utf8"));
	const [, busy] = profile.nodes;
	assert.match(busy?.callFrame.url ?? "", /^wasm:\/\/wasm\/m-[0-9a-f]+$/);
	assert.match(busy?.callFrame.functionName ?? "", /^wasm-function\[\d+\]$/);
	assert.is(busy?.hitCount, profile.samples.filter((id) => id === busy?.id).length);
	assert.ok((busy?.hitCount ?? 0) > 2);
	assert.ok(profile.endTime - profile.startTime > 10_000);
});

test.run();
