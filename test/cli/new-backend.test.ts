/** `spear new backend`: the package that it writes passes the conformance suite as it is. `check:package` type checks it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { spearHere } from "../helpers/spear.ts";

const test = suite<{ folder: string }>("spear new backend");
test.before.each((context) => {
	context.folder = mkdtempSync(join(tmpdir(), "spear-new-"));
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

const PRELOADED = fileURLToPath(new URL("../helpers/this-package.ts", import.meta.url));

/** Returns the output of a test file, and its exit code. */
async function runTest(path: string): Promise<readonly [code: unknown, output: string]> {
	const child = spawn(process.execPath, ["--import", PRELOADED, path], { stdio: ["ignore", "pipe", "inherit"] });
	const output: Buffer[] = [];
	child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
	const [code] = await once(child, "close");
	return [code, Buffer.concat(output).toString()];
}

test("writes a kind with chat and embeddings that passes the conformance suite", async ({ folder }) => {
	const dir = join(folder, "mine");
	const { code, stdout } = await spearHere([
		"new",
		"backend",
		"my-vendor",
		"--dir",
		dir,
		"--operations",
		"chat_completions,embeddings",
		"--json",
	]);
	assert.is(code, 0);
	const files = ["package.json", "tsconfig.json", "index.ts", "options.ts", "errors.ts", "chat.ts", "embeddings.ts", "fixture.ts"];
	assert.equal(JSON.parse(stdout), { kind: "my-vendor", directory: dir, files: [...files, "conformance.test.ts", "README.md"] });
	assert.is(JSON.parse(readFileSync(join(dir, "package.json"), "utf8")).name, "spear-backend-my-vendor");
	const [exit, output] = await runTest(join(dir, "conformance.test.ts"));
	assert.is(exit, 0, output);
	assert.match(output, /my-vendor, chat_completions: /);
	assert.match(output, /my-vendor, embeddings: /);
});

test("writes a kind that `spear backends --check` can ask", async ({ folder }) => {
	await spearHere(["new", "backend", "acme", "--dir", folder]);
	const check = `
import { createHost } from "spear-hostcall";
import acme from "./index.ts";
const host = await createHost({ kinds: [acme], config: { host: { log_level: "silent" }, backends: { a: { kind: "acme", base_url: "http://127.0.0.1:1/v1" } } } });
console.log((await host.checkBackends()).map(({ message }) => message).join());
await host.close();
`;
	writeFileSync(join(folder, "check.ts"), check);
	const [code, output] = await runTest(join(folder, "check.ts"));
	assert.is(code, 0, output);
	assert.match(output, /^http:\/\/127\.0\.0\.1:1\/v1\/models refuses connections/);
});

test("writes chat alone by default, in a folder of the kind's name", async ({ folder }) => {
	const here = process.cwd();
	process.chdir(folder);
	try {
		const { code, stdout } = await spearHere(["new", "backend", "acme"]);
		assert.is(code, 0);
		assert.match(stdout, /^wrote acme\/package\.json$/m);
		assert.not(readdirSync(join(folder, "acme")).includes("embeddings.ts"));
	} finally {
		process.chdir(here);
	}
});

test("overwrites nothing", async ({ folder }) => {
	writeFileSync(join(folder, "index.ts"), "mine");
	const { code, stderr } = await spearHere(["new", "backend", "acme", "--dir", folder]);
	assert.is(code, 2);
	assert.match(stderr, /is not empty; name another folder with --dir/);
	assert.equal([readdirSync(folder), readFileSync(join(folder, "index.ts"), "utf8")], [["index.ts"], "mine"]);
});

test("refuses a name that no configuration could hold, and an operation without a template", async ({ folder }) => {
	const named = await spearHere(["new", "backend", "My Vendor", "--dir", join(folder, "a")]);
	assert.is(named.code, 2);
	assert.match(named.stderr, /'My Vendor' cannot name a backend kind; use lower-case words joined by '-'/);
	const unknown = await spearHere(["new", "backend", "acme", "--dir", join(folder, "a"), "--operations", "video", "--json"]);
	assert.is(unknown.code, 2);
	assert.match(
		JSON.parse(unknown.stdout).error.message,
		/no template for 'video'; there are templates for chat_completions and embeddings/,
	);
	assert.equal(readdirSync(folder), []);
});

test("refuses the name of a kind that every host has, and writes nothing", async ({ folder }) => {
	const { code, stderr } = await spearHere(["new", "backend", "ollama", "--dir", join(folder, "a")]);
	assert.is(code, 2);
	assert.match(stderr, /there is a kind 'ollama' in every host; give yours another name/);
	assert.equal(readdirSync(folder), []);
});

test.run();
