import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ROOT } from "../../helpers/guest.ts";
import { spearHere } from "../../helpers/spear.ts";

const test = suite<{ folder: string }>("spear dev");
test.before.each((context) => {
	context.folder = mkdtempSync(join(tmpdir(), "spear-dev-"));
	writeFileSync(join(context.folder, "package.json"), "{}");
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

const STREAMS = ["stdout", "stderr"] as const;

/** A running `spear dev`, and all that it has printed. */
class Dev {
	readonly #child: ChildProcess;
	/** Text of each stream that no `sees` has passed: the streams arrive in any order. */
	readonly #printed = { stdout: "", stderr: "" };

	constructor(folder: string, ...args: string[]) {
		this.#child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", join(ROOT, "src/cli/main.ts"), "dev", ...args], {
			cwd: folder,
			env: { ...process.env, XDG_CACHE_HOME: join(ROOT, ".cache/tests/xdg") },
		});
		for (const name of STREAMS)
			this.#child[name]?.on("data", (chunk: Buffer) => {
				this.#printed[name] += chunk.toString();
				this.#child.emit("printed");
			});
		this.#child.on("close", () => this.#child.emit("printed"));
	}

	/** Waits for a text, and forgets all of its stream up to its end. */
	async sees(text: string): Promise<void> {
		for (;;) {
			const name = STREAMS.find((each) => this.#printed[each].includes(text));
			if (name !== undefined) {
				this.#printed[name] = this.#printed[name].slice(this.#printed[name].indexOf(text) + text.length);
				return;
			}
			if (this.#child.exitCode !== null) throw new Error(`ended before ${JSON.stringify(text)}: ${JSON.stringify(this.#printed)}`);
			await once(this.#child, "printed");
		}
	}

	async interrupted(): Promise<number | null> {
		this.#child.kill("SIGINT");
		if (this.#child.exitCode === null) await once(this.#child, "close");
		return this.#child.exitCode;
	}
}

test("runs again after each change, keeps watching after faults, and ends by Ctrl-C", async ({ folder }) => {
	const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
	mkdirSync(join(folder, "lib"));
	write("lib/word.ts", 'export const word = "one";\n');
	write(
		"agent.ts",
		'import { word } from "./lib/word.ts";\nexport const run = (input: string) => { console.log("runs"); return input + " " + word; };\n',
	);
	write("spear.toml", '[backends.a]\nkind = "stub"\n');
	const dev = new Dev(folder, "agent.ts", "hello");
	try {
		await dev.sees("hello one\n");
		await dev.sees("waiting for a change");
		write("lib/word.ts", 'export const word = "two";\n');
		await dev.sees('"msg":"runs"');
		await dev.sees("hello two\n");
		await dev.sees("waiting for a change");
		write("lib/word.ts", "export const word = ;\n");
		await dev.sees("agent.ts cannot be built");
		await dev.sees("lib/word.ts:1:20");
		await dev.sees("waiting for a change");
		write("lib/word.ts", 'export const word = "three";\n');
		await dev.sees("hello three\n");
		await dev.sees("waiting for a change");
		write("agent.ts", 'export const run = () => { throw new Error("no luck"); };\n');
		await dev.sees("spear: the guest failed: no luck\n    at ");
		await dev.sees("waiting for a change");
		write("agent.ts", "export const run = () => { for (;;); };\n");
		write("agent.ts", 'export const run = (input: string) => input + " four";\n');
		await dev.sees("hello four\n");
		await dev.sees("waiting for a change");
		write("spear.toml", '[backends.b]\nkind = "stub"\n');
		await dev.sees("hello four\n");
	} finally {
		assert.is(await dev.interrupted(), 0);
	}
});

test("a fault in a file that was never built is watched too", async ({ folder }) => {
	mkdirSync(join(folder, "lib"));
	writeFileSync(join(folder, "lib/word.ts"), "export const word = ;\n");
	writeFileSync(join(folder, "agent.ts"), 'import { word } from "./lib/word.ts";\nexport const run = () => word;\n');
	const dev = new Dev(folder, "agent.ts");
	try {
		await dev.sees("waiting for a change");
		writeFileSync(join(folder, "lib/word.ts"), 'export const word = "mended";\n');
		await dev.sees("mended\n");
	} finally {
		assert.is(await dev.interrupted(), 0);
	}
});

test("a configuration with faults, and an input given twice, are refused", async ({ folder }) => {
	const config = join(folder, "spear.toml");
	writeFileSync(config, "[backends.a]\nkind = 1\n");
	const { code, stderr } = await spearHere(["dev", join(folder, "agent.ts"), "-c", config]);
	assert.is(code, 2);
	assert.match(stderr, "a fault in the configuration");
	const twice = await spearHere(["dev", "agent.ts", "a", "-i", "b"]);
	assert.equal([twice.code, twice.stderr.split("\n")[0]], [2, "error: the input is given twice; omit --input, or the argument [input]"]);
});

test.run();
