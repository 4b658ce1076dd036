import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Importer } from "../../src/abi/component/toolchain.ts";
import { withSourceMap } from "../../src/abi/debug/source-map/section.ts";
import { type BuildResult, buildGuest } from "../../src/build/build-guest.ts";
import { ENGINE_TOOLS } from "../../src/build/componentize.ts";
import { assemble, scratch } from "../helpers/guest.ts";
import { plainComponent } from "../helpers/guest-components.ts";

const FILES = {
	"package.json": "{}",
	"src/agent.ts": `import { agent } from "spear-hostcall/guest";\nimport { left } from "left";\nimport { part } from "./deep/part.ts";\nexport const run = agent((input) => left(part(input)));\n`,
	"src/deep/part.ts": 'export const part = (input: string): string => "a " + input;\n',
	"node_modules/left/package.json": '{ "main": "index.js" }',
	"node_modules/left/index.js": "exports.left = (text) => text + '!';\n",
};

interface Place {
	readonly folder: string;
	readonly out: string;
	/** Working directory, relative to the folder of the project. */
	readonly cwd: string;
	readonly importer?: Importer;
}

/** Builds the same project in a folder of its own. */
async function buildIn({ folder, out, cwd, importer }: Place): Promise<BuildResult> {
	const root = join(scratch(), folder);
	for (const [name, text] of Object.entries(FILES)) {
		await mkdir(dirname(join(root, name)), { recursive: true });
		await writeFile(join(root, name), text);
	}
	const before = { cwd: process.cwd(), tmp: process.env.TMPDIR, zone: process.env.TZ };
	const temporary = join(root, "temporary");
	await mkdir(temporary, { recursive: true });
	process.chdir(join(root, cwd));
	process.env.TMPDIR = temporary;
	process.env.TZ = folder === "first" ? "Asia/Tokyo" : "UTC";
	try {
		return await buildGuest({
			entry: join(root, "src/agent.ts"),
			out: join(root, out),
			world: "chat-agent",
			...(importer === undefined ? {} : { importer }),
		});
	} finally {
		process.chdir(before.cwd);
		for (const [name, value] of [
			["TMPDIR", before.tmp],
			["TZ", before.zone],
		] as const) {
			if (value === undefined) delete process.env[name];
			else process.env[name] = value;
		}
	}
}

/** Returns the names of the files of an agent that differ between two builds. */
async function differences(a: BuildResult, b: BuildResult): Promise<string[]> {
	const names = await readdir(a.prepared);
	assert.equal(names, await readdir(b.prepared));
	const pairs = [["component", a.component, b.component], ...names.map((name) => [name, join(a.prepared, name), join(b.prepared, name)])];
	const differing: string[] = [];
	for (const [name = "", left = "", right = ""] of pairs) if (!(await readFile(left)).equals(await readFile(right))) differing.push(name);
	return differing.sort();
}

const FIRST = { folder: "first", out: "agent.wasm", cwd: "." };
const SECOND = { folder: join("second", "much", "deeper"), out: "dist/other.wasm", cwd: "src/deep" };

test("equal sources become equal bytes in any folder, working directory, temporary folder and time zone", async () => {
	const component = await assemble(plainComponent("(call $answer)"));
	/** Stands for an engine that is a function of its input: the component holds the script. */
	const importer: Importer = (specifier) =>
		specifier === ENGINE_TOOLS.quickjs.package
			? Promise.resolve({ componentize: async ({ jsSource }: { jsSource: string }) => ({ component: withSourceMap(component, jsSource) }) })
			: import(specifier);
	const first = await buildIn({ ...FIRST, importer });
	const second = await buildIn({ ...SECOND, importer });
	assert.ok(first.bytes.bundle > 1_000 && first.bytes.sourceMap > 500);
	assert.equal(await differences(first, second), []);
});

// componentize-qjs seeds hash maps, Math.random and performance.timeOrigin while it starts the engine, and keeps the memory that results.
test("two builds with QuickJS differ in nothing but the engine's initial memory", async () => {
	const differing = await differences(await buildIn(FIRST), await buildIn(SECOND));
	const modules = differing.filter((name) => name.startsWith("core-"));
	assert.ok(modules.length <= 1, modules.join(", "));
	assert.equal(
		differing.filter((name) => !["component", "manifest.json", ...modules].includes(name)),
		[],
	);
});

test.run();
