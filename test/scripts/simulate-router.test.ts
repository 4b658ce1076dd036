import { execFile } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { runSimulate } from "../../scripts/simulate-router.ts";
import { VirtualClock } from "../../scripts/simulation/virtual-clock.ts";

const ROOT = join(import.meta.dirname, "../..");

interface Ended {
	readonly code: number;
	readonly stdout: string;
	readonly stderr: string;
}

/** Runs the command in this process. */
async function simulate(...args: string[]): Promise<Ended> {
	let stdout = "";
	let stderr = "";
	const code = await runSimulate(args, {
		stdout: (text) => {
			stdout += text;
		},
		stderr: (text) => {
			stderr += text;
		},
	});
	return { code, stdout, stderr };
}

/** Runs the command as a user would. */
function simulateAsUser(...args: string[]): Promise<Ended> {
	const script = join(ROOT, "scripts/simulate-router.ts");
	return new Promise((resolve) => {
		execFile(process.execPath, ["--disable-warning=ExperimentalWarning", script, ...args], { cwd: ROOT }, (error, stdout, stderr) => {
			resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
		});
	});
}

const nameOf = ({ name }: { readonly name: string }): string => name;

/** Those that take little time. */
const CHEAP = ["--scenario", "weights", "--scenario", "total-outage"] as const;

test("--help names every option, the scenarios and the exit codes", async () => {
	const { code, stdout } = await simulateAsUser("--help");
	assert.is(code, 0);
	for (const word of [
		"--scenario",
		"--seed",
		"--json",
		"--svg",
		"--large",
		"--write",
		"--check",
		"slow-one",
		"hosts-overload",
		"hints-liar",
		"hosts-clocks-1000",
		"Exit codes: 0",
	]) {
		assert.ok(stdout.includes(word), word);
	}
});

test("arguments that mean nothing are refused with 2, and say what would", async () => {
	const cases: readonly (readonly [args: readonly string[], says: RegExp])[] = [
		[["--scenario", "nonesuch"], /slow-one, flapping/],
		[["--seed", "x"], /whole number/],
		[["--what"], /--help/],
		[["stray"], /--help/],
		[["--write", "--scenario", "weights"], /cannot be used with/],
		[["--large", "--scenario", "weights"], /cannot be used with/],
	];
	assert.is((await simulateAsUser("--what")).code, 2);
	for (const [args, says] of cases) {
		const { code, stdout, stderr } = await simulate(...args);
		assert.is(code, 2, args.join(" "));
		assert.match(stderr, says);
		assert.is(stdout, "");
	}
});

test("the same seed gives the same numbers, another seed others, and every check of the cheap scenarios holds", async () => {
	const one = await simulateAsUser(...CHEAP, "--json");
	const again = await simulate("--scenario", "weights", "--json");
	const other = await simulate("--scenario", "weights", "--json", "--seed", "2");
	assert.equal(
		[one, again, other].map(({ code, stderr }) => [code, stderr]),
		[0, 0, 0].map((code) => [code, ""]),
	);
	const [first, second, third] = [one, again, other].map(({ stdout }) => JSON.parse(stdout).scenarios);
	assert.equal(first.map(nameOf), ["total-outage", "weights"]);
	assert.equal(second, first.slice(1));
	assert.not.equal(third, second);
	for (const { name, checks } of [...first, ...third]) {
		assert.ok(checks.length > 0, name);
		for (const { claim, holds, value } of checks) assert.ok(holds, `${name}: ${claim}: ${value}`);
	}
});

test("the virtual clock stops before a time, as hosts set timers for as long as they run", async () => {
	const clock = new VirtualClock();
	let ticks = 0;
	const tick = (): void => {
		ticks += 1;
		clock.after(10, tick);
	};
	tick();
	await clock.run(45);
	assert.equal([ticks, clock.now()], [5, 40]);
});

test("the virtual clock fires timers in order of time, then of setting, each after what the last one set going", async () => {
	const clock = new VirtualClock();
	const seen: string[] = [];
	const note = (what: string): void => {
		seen.push(`${clock.now()} ${what}`);
	};
	clock.after(20, () => note("third"));
	clock.after(10, async () => {
		note("first");
		await Promise.resolve();
		note("its microtask");
		clock.after(0, () => note("set meanwhile"));
	});
	clock.after(10, () => note("second"));
	const cancel = clock.after(15, () => note("cancelled"));
	cancel();
	clock.after(Number.POSITIVE_INFINITY, () => note("never"));
	await clock.run();
	assert.equal(seen, ["10 first", "10 its microtask", "10 second", "10 set meanwhile", "20 third"]);
});

test.run();
