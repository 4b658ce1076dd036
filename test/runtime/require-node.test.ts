import { spawnSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { basename, delimiter, join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ROOT, scratch } from "../helpers/guest.ts";

/** Entries of the package that need the host's Node. */
const ENTRIES = ["index", "backend", "backend-conformance", "component", "guest-testing", "guest-testing/register", "serve", "testing"];

/** Preloaded: reports an older version, and lets each other module of the package fail when it is evaluated. */
const OLDER_NODE = `
import { registerHooks } from "node:module";
Object.defineProperty(process, "versions", { value: { ...process.versions, node: "22.18.0" } });
registerHooks({
	load(url, context, next) {
		const loaded = next(url, context);
		if (!/\\/(?:src|generated)\\/.*\\.ts$/.test(url) || url.includes("/src/runtime/")) return loaded;
		return { ...loaded, source: \`throw new Error("evaluated \${url}");\\n\${loaded.source}\` };
	},
});
`;

/** Imports a module, and prints the message of what that throws. */
function importedBy(node: string, url: string, ...options: string[]): string {
	const program = `import(${JSON.stringify(url)}).then(() => console.log("imported"), (thrown) => console.log(thrown.message))`;
	return spawnSync(node, [...options, "--input-type=module", "-e", program], { cwd: ROOT, encoding: "utf8" }).stdout;
}

for (const entry of ENTRIES) {
	test(`the entry ${entry} fails on an older Node before any other module of the package runs`, () => {
		const hook = join(scratch(), "older-node.mjs");
		writeFileSync(hook, OLDER_NODE);
		const url = pathToFileURL(join(ROOT, `src/${entry}.ts`)).href;
		assert.is(
			importedBy(process.execPath, url, `--import=${pathToFileURL(hook).href}`),
			"spear-hostcall: Node 24 or newer is required, and this is 22.18.0\n",
		);
	});
}

/** Returns the first Node on `PATH` of version 20 to 23. */
function olderNode(): string | undefined {
	const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
	const programs = folders.flatMap((folder) => (namesIn(folder).includes("node") ? [join(folder, "node")] : []));
	return programs.find((program) => /^v2[0-3]\./.test(spawnSync(program, ["--version"], { encoding: "utf8" }).stdout ?? ""));
}

function namesIn(folder: string): string[] {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
}

const older = olderNode();
if (older === undefined) console.log("skipped: no Node of version 20 to 23 is on PATH, so no older Node imports the entries");

for (const entry of ENTRIES) {
	(older === undefined ? test.skip : test)(`an older Node can parse and link the entry ${entry}, and shows the reason`, async () => {
		// As the package has it: JavaScript of the target that `npm run build` uses.
		const outdir = join(scratch(), `older-${entry}`);
		await build({
			entryPoints: [join(ROOT, `src/${entry}.ts`)],
			outdir,
			outExtension: { ".js": ".mjs" },
			// Dynamic imports stay dynamic.
			splitting: true,
			bundle: true,
			platform: "node",
			format: "esm",
			target: "node24",
			external: ["esbuild", "@bytecodealliance/*", "componentize-qjs", "@modelcontextprotocol/*", "pino-pretty", "spear:ai/*"],
			banner: { js: 'import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);' },
			logLevel: "error",
		});
		assert.match(
			importedBy(older ?? "", pathToFileURL(join(outdir, `${basename(entry)}.mjs`)).href),
			/^spear-hostcall: Node 24 or newer is required, and this is \d+/,
		);
	});
}

test.run();
