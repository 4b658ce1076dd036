import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { endlessGuest } from "../helpers/endless-guest.ts";
import { scratch } from "../helpers/guest.ts";
import { spearHere } from "../helpers/spear.ts";

/** Limits of `spear run`, and the CPU time that it prints. */
const test = suite("spear run, limits");

const { prepared } = await endlessGuest();
const config = join(scratch(), "quiet.toml");
await writeFile(config, '[host]\nlog_level = "silent"\n');
const run = (...args: string[]) => spearHere(["run", prepared, "--config", config, ...args]);

test("`run --timeout` ends a guest that computes for ever, with the code timeout", async () => {
	const { code, stdout } = await run("--input", "compute", "--timeout", "0.1s", "--json");
	const { ok, error, cpu_ms } = JSON.parse(stdout);
	assert.equal({ code, ok, error: error.code }, { code: 1, ok: false, error: "timeout" });
	assert.match(error.message, "within 100 ms");
	assert.type(cpu_ms, "number");
});

test("`run --cpu` ends a guest that computes for ever, with the code guest_over_budget", async () => {
	const { code, stdout } = await run("--input", "compute", "--cpu", "50", "--json");
	const { ok, error, cpu_ms } = JSON.parse(stdout);
	assert.equal(
		{ code, ok, error },
		{ code: 1, ok: false, error: { code: "guest_over_budget", message: "the run used its CPU budget of 50 ms" } },
	);
	assert.ok(cpu_ms >= 50);
	assert.is((await run("--input", "compute", "--cpu", "50")).stderr, "spear: the run used its CPU budget of 50 ms\n");
});

test("`run --json` prints the CPU time of a guest that answers", async () => {
	const { code, stdout } = await run("--input", "nothing", "--json");
	const { cpu_ms, ...rest } = JSON.parse(stdout);
	assert.equal({ code, ...rest }, { code: 0, ok: true, output: "" });
	assert.ok(cpu_ms > 0);
});

test("a duration without unit and a CPU time of 0 are refused", async () => {
	for (const [option, value] of [
		["--timeout", "30"],
		["--timeout", "0s"],
		["--timeout", "1e3s"],
		["--timeout", "999h"],
		["--cpu", "0"],
		["--cpu", "1s"],
	] as const) {
		const { code, stderr } = await run(option, value);
		assert.is(code, 2, `${option} ${value}`);
		assert.match(stderr, `error: option '${option}`);
	}
});

test.run();
