import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { runCli } from "../../codegen/cli.ts";
import type { Emitter } from "../../codegen/emit/emitter.ts";
import type { CodegenOptions } from "../../codegen/run.ts";
import { SOUND, spoilt } from "./lint/sound-package.ts";
import { inScratch, put, stampsOf, treeOf } from "./write/scratch.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const CLI = path.join(ROOT, "codegen/bin.js");

interface Ran {
	readonly code: number;
	readonly stdout: string;
	readonly stderr: string;
}

/** Runs the command line in this process. */
async function cli(args: readonly string[], overrides: Partial<CodegenOptions> = {}): Promise<Ran> {
	let stdout = "";
	let stderr = "";
	const code = await runCli(args, {
		stdout: (text) => {
			stdout += text;
		},
		stderr: (text) => {
			stderr += text;
		},
		color: false,
		overrides,
	});
	return { code, stdout, stderr };
}

const words: Emitter = {
	name: "words",
	async emit({ abi }) {
		return abi.families.map((family) => ({ path: `${family.name}.txt`, content: `${family.operation}\n` }));
	},
};

/** A scratch project and the command line for it. */
async function inProject(
	body: (run: (args?: readonly string[], more?: Partial<CodegenOptions>) => Promise<Ran>, dir: string) => Promise<void>,
	wit: string = SOUND,
): Promise<void> {
	await inScratch(async (dir) => {
		put(dir, "wit/ai.wit", wit);
		put(dir, "codegen.config.json", `{ "enabledBackends": [], "disabledBackends": [] }\n`);
		const places = [
			"--wit",
			path.join(dir, "wit"),
			"--out",
			path.join(dir, "generated"),
			"--config",
			path.join(dir, "codegen.config.json"),
		];
		await body((args = [], more = {}) => cli([...places, ...args], { emitters: [words], relativeTo: dir, ...more }), dir);
	});
}

const withoutTime = (text: string): string => text.replaceAll(/\(\d+\.\d s\)/g, "(time)").replaceAll(/\S*\/spear-codegen-\w+\//g, "");

test("help exits 0 and explains options and exit codes", async () => {
	const { code, stdout, stderr } = await cli(["--help"]);
	assert.is(code, 0);
	assert.is(stderr, "");
	for (const word of [
		"--check",
		"--accept-breaking",
		"--force",
		"--format <format>",
		"--scaffold",
		"--new-backend <kind>",
		"--wit <dir>",
		"--out <dir>",
		"--config <file>",
		"Exit codes:",
		"Examples:",
	]) {
		assert.ok(stdout.includes(word), word);
	}
});

for (const [what, args, message] of [
	["an unknown option", ["--chek"], "error: unknown option '--chek'\n(Did you mean --check?)"],
	["an argument", ["wit"], "error: too many arguments. Expected 0 arguments but got 1: wit."],
	[
		"an unknown format",
		["--format", "xml"],
		"error: option '--format <format>' argument 'xml' is invalid. Allowed choices are text, json, github, junit, sarif.",
	],
	["a missing value", ["--wit"], "error: option '--wit <dir>' argument missing"],
	["options that contradict each other", ["--check", "--force"], "error: option '--check' cannot be used with option '--force'"],
	[
		"a name that cannot be a backend's",
		["--new-backend", "My_Backend"],
		"codegen: `My_Backend` cannot name a backend kind; use lower-case words joined by hyphens, e.g. `my-backend`",
	],
	[
		"scaffolding without a project",
		["--scaffold", "--out", "/nowhere/gen"],
		"codegen: --scaffold and --new-backend need --out to be the `generated` directory of a project, beside its `src`",
	],
	[
		"a WIT directory that is not there",
		["--wit", "/nowhere/wit"],
		"codegen: cannot read WIT from /nowhere/wit: ENOENT: no such file or directory, stat '/nowhere/wit'",
	],
	[
		"a configuration that is not there",
		["--config", "/nowhere/c.json"],
		"codegen: cannot read the configuration /nowhere/c.json: ENOENT: no such file or directory, open '/nowhere/c.json'",
	],
] as const) {
	test(`${what} is wrong usage: exit 2, the reason, no stack`, async () => {
		await inProject(async (run) => {
			const { code, stdout, stderr } = await run(args);
			assert.is(code, 2);
			assert.is(stdout, "");
			assert.ok(stderr.startsWith(message), stderr);
			assert.not.match(stderr, /\n\s+at /);
		});
	});
}

test("a run ends in one line that says what was done", async () => {
	await inProject(async (run) => {
		const first = await run();
		assert.equal(
			{ ...first, stdout: withoutTime(first.stdout) },
			{ code: 0, stdout: "generated/ is written: 2 files, 3 created (time)\n", stderr: "" },
		);
		const second = await run();
		assert.equal(
			{ ...second, stdout: withoutTime(second.stdout) },
			{ code: 0, stdout: "generated/ is current: 2 files (time)\n", stderr: "" },
		);
	});
});

test("three faults in one WIT file give three located diagnostics and exit 100", async () => {
	const broken = spoilt(
		"    rerank: func(request: request) ->",
		"    rerank: func(request: requst) ->",
		spoilt("        query: string,", "        query string,", spoilt("        fast,", "        Fast_,")),
	);
	await inProject(async (run, dir) => {
		const before = stampsOf(dir);
		const { code, stdout, stderr } = await run(["--format", "json"]);
		assert.equal([code, stderr], [100, ""]);
		const { diagnostics, summary } = JSON.parse(stdout);
		const lineOf = (text: string): number => broken.slice(0, broken.indexOf(text)).split("\n").length;
		assert.equal(
			diagnostics.map((each: { span: { file: string; line: number } }) => `${each.span.file}:${each.span.line}`),
			["Fast_", "query string", "requst"].map((text) => `wit/ai.wit:${lineOf(text)}`),
		);
		assert.is(withoutTime(summary), "3 errors; nothing was written (time)");
		assert.equal(stampsOf(dir), before);
	}, broken);
});

test("findings of the linter show the place and the way out", async () => {
	await inProject(
		async (run) => {
			const { code, stdout, stderr } = await run();
			assert.equal([code, stdout], [100, ""]);
			assert.is(
				withoutTime(stderr),
				[
					"wit/ai.wit:98:13: error[unknown-doc-tag]: `@featrue` is not a doc tag that codegen knows",
					"   |",
					"98 |         /// @featrue supports_modes",
					"   |             ^^^^^^^^^^^^^^^^^^^^^^^",
					"  help: did you mean `@feature`?",
					"",
					"1 error; nothing was written (time)",
					"",
				].join("\n"),
			);
		},
		spoilt("@feature supports_modes", "@featrue supports_modes"),
	);
});

test("a crash exits 1, changes nothing, and says where it happened", async () => {
	await inProject(async (run, dir) => {
		await run();
		const before = stampsOf(dir);
		const crashing: Emitter = { name: "crashing", emit: async () => Promise.reject(new TypeError("undefined is not a hamster")) };
		const { code, stdout, stderr } = await run([], { emitters: [words, crashing] });
		assert.equal([code, stdout], [1, ""]);
		assert.match(
			stderr,
			/^codegen: codegen itself failed; nothing was changed\. Please report this\.\nError: emitter 'crashing' failed: undefined is not a hamster\n {4}at /,
		);
		assert.match(stderr, "caused by TypeError: undefined is not a hamster");
		assert.equal(stampsOf(dir), before);
	});
});

test("--check exits 100 with a unified diff, and 0 once the tree is current", async () => {
	await inProject(async (run, dir) => {
		await run();
		put(dir, "wit/ai.wit", SOUND.replace("@operation rerank", "@operation ranking"));
		const before = stampsOf(dir);
		const drifted = await run(["--check", "--accept-breaking"]);
		assert.is(drifted.code, 100);
		assert.match(drifted.stdout, "--- a/generated/rank.txt\n+++ b/generated/rank.txt\n@@ -1,1 +1,1 @@\n-rerank\n+ranking\n");
		assert.is(withoutTime(drifted.stderr), "generated/ is out of date: 3 files would change; run `npm run codegen` (time)\n");
		assert.equal(stampsOf(dir), before);
		await run(["--accept-breaking"]);
		assert.is((await run(["--check"])).code, 0);
	});
});

test("a long diff is cut, and says so", async () => {
	const long: Emitter = { name: "long", emit: async () => [{ path: "long.txt", content: "line\n".repeat(5000) }] };
	await inProject(async (run) => {
		const { stdout } = await run(["--check"], { emitters: [long] });
		assert.ok(stdout.split("\n").length < 410);
		assert.match(stdout, /\.\.\. the diff goes on for \d+ lines, 1 file left out whole; `npm run codegen` writes it out for `git diff`\n$/);
	});
});

test("--format github, junit and sarif print the findings, with what is out of date", async () => {
	await inProject(async (run) => {
		const github = await run(["--format", "github", "--check"]);
		assert.is(github.code, 100);
		assert.match(github.stdout, /^::error file=wit\/abi\.lock\.json,line=1,.*title=generated-out-of-date::/);
		assert.match(github.stderr, /is out of date: 3 files would change/);
		assert.match((await run(["--format", "junit", "--check"])).stdout, '<testsuites name="spear-codegen" tests="3" failures="3">');
		assert.is(JSON.parse((await run(["--format", "sarif", "--check"])).stdout).runs[0].results.length, 3);
		assert.is((await run(["--format", "github"])).stdout, "");
	});
});

test("--format json prints one object with diagnostics, drift and what was written", async () => {
	await inProject(async (run) => {
		const checked = JSON.parse((await run(["--format", "json", "--check"])).stdout);
		assert.equal([checked.exitCode, checked.mode, checked.files], [100, "check", 2]);
		assert.equal(
			checked.drift.map((each: { change: string; path: string }) => `${each.change} ${each.path}`),
			["create wit/abi.lock.json", "create generated/manifest.json", "create generated/rank.txt"],
		);
		const written = JSON.parse((await run(["--format", "json"])).stdout);
		assert.equal(written.written, {
			created: ["wit/abi.lock.json", "generated/manifest.json", "generated/rank.txt"],
			updated: [],
			deleted: [],
			kept: [],
		});
		assert.equal(written.diagnostics, []);
		const crash = JSON.parse(
			(await run(["--format", "json"], { emitters: [{ name: "x", emit: async () => Promise.reject(new Error("no")) }] })).stdout,
		);
		assert.is(crash.exitCode, 1);
		assert.match(crash.failure, "emitter 'x' failed: no");
	});
});

test("an edited generated file exits 100 untouched; --force says where the copy is", async () => {
	await inProject(async (run, dir) => {
		await run();
		put(dir, "generated/rank.txt", "mine\n");
		assert.is((await run()).code, 100);
		assert.is(treeOf(dir)["generated/rank.txt"], "mine\n");
		const forced = await run(["--force"]);
		assert.is(forced.code, 0);
		assert.is(forced.stderr, "kept the changed file as generated/rank.txt.edited\n");
		assert.is(treeOf(dir)["generated/rank.txt.edited"], "mine\n");
	});
});

test("--new-backend writes a kind once, enables it and leaves what is there", async () => {
	await inProject(async (run, dir) => {
		put(dir, "src/backends/kinds/acme/rank.ts", "// mine\n");
		const kinds: Emitter = {
			name: "kinds",
			emit: async ({ config }) => [{ path: "kinds.txt", content: `${config.enabledBackends.join(" ")}\n` }],
		};
		const { code, stdout } = await run(["--new-backend", "acme"], { emitters: [kinds] });
		assert.is(code, 0);
		assert.is(
			withoutTime(stdout),
			"wrote src/backends/kinds/acme/index.ts\nleft src/backends/kinds/acme/rank.ts as it is\ngenerated/ is written: 2 files, 3 created (time)\n",
		);
		const tree = treeOf(dir);
		assert.is(tree["src/backends/kinds/acme/rank.ts"], "// mine\n");
		assert.match(tree["src/backends/kinds/acme/index.ts"] ?? "", "export const acme: BackendKind");
		assert.is(tree["codegen.config.json"], `{ "enabledBackends": ["acme"], "disabledBackends": [] }\n`);
		assert.is(tree["generated/kinds.txt"], "acme\n");
		const again = await run(["--new-backend", "acme"], { emitters: [kinds] });
		assert.is(
			withoutTime(again.stdout),
			"left src/backends/kinds/acme/index.ts as it is\nleft src/backends/kinds/acme/rank.ts as it is\ngenerated/ is current: 2 files (time)\n",
		);
		assert.equal(treeOf(dir), tree);
	});
});

test("findings keep --new-backend from writing anything", async () => {
	await inProject(
		async (run, dir) => {
			const before = stampsOf(dir);
			assert.is((await run(["--new-backend", "acme"])).code, 100);
			assert.equal(stampsOf(dir), before);
		},
		spoilt("@feature supports_modes", "@featrue supports_modes"),
	);
});

test("Ctrl-C while emitters run leaves the disk as it was and exits 130", async () => {
	await inProject(async (run, dir) => {
		await run();
		const before = stampsOf(dir);
		const script = path.join(import.meta.dirname, "write/hanging-codegen.ts");
		const child = spawn(process.execPath, [
			script,
			"--wit",
			path.join(dir, "wit"),
			"--out",
			path.join(dir, "generated"),
			"--config",
			path.join(dir, "codegen.config.json"),
		]);
		let stderr = "";
		child.stderr.on("data", (text) => {
			stderr += text;
		});
		await new Promise((resolve) => child.stdout.once("data", resolve));
		child.kill("SIGINT");
		assert.is(await exitOf(child), 130);
		assert.is(stderr, "codegen: interrupted; nothing was changed\n");
		assert.equal(stampsOf(dir), before);
	});
});

test("the real WIT gives the same bytes twice, in another locale, time zone and directory, with files listed in reverse", async () => {
	await inScratch(async (dir) => {
		const places = ["here", path.join("another", "place entirely")].map((name) => path.join(dir, name));
		for (const place of places) fs.cpSync(path.join(ROOT, "wit"), path.join(place, "wit"), { recursive: true });
		const [here = "", there = ""] = places;
		const argsFor = (place: string): string[] => ["--wit", path.join(place, "wit"), "--out", path.join(place, "generated")];
		const generateHere = async (): Promise<void> => {
			const { code, stderr } = await cli(argsFor(here));
			assert.is(code, 0, stderr);
		};
		await generateHere();
		const reverse = path.join(import.meta.dirname, "write/reverse-readdir.ts");
		const { status, stderr } = spawnSync(process.execPath, ["--import", reverse, CLI, ...argsFor(there)], {
			cwd: "/",
			env: { ...process.env, LC_ALL: "tr_TR.UTF-8", LANG: "tr_TR.UTF-8", TZ: "Pacific/Kiritimati" },
			encoding: "utf8",
		});
		assert.is(status, 0, stderr);
		assert.equal(treeOf(there), treeOf(here));
		assert.ok(Object.keys(treeOf(here)).length > 50);

		const before = stampsOf(here);
		await generateHere();
		assert.equal(stampsOf(here), before);
	});
});

test("what is checked in under generated/ is what the WIT generates", async () => {
	const { code, stdout, stderr } = await cli(["--check"]);
	assert.is(code, 0, `${stdout.slice(0, 2000)}\n${stderr}`);
});

function exitOf(child: ChildProcess): Promise<number | null> {
	return new Promise((resolve) => child.once("exit", resolve));
}

test.run();
