import { mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkTypes } from "../../src/build/type-check.ts";
import { SpearError } from "../../src/errors/spear-error.ts";
import { ROOT, writeSource } from "../helpers/guest.ts";

/** Writes a project with the TypeScript of this repository. Returns the path of its guest. */
async function project(source: string, files: Readonly<Record<string, string>> = {}): Promise<string> {
	const entry = await writeSource(source);
	const folder = dirname(entry);
	await mkdir(join(folder, "node_modules"));
	await symlink(join(ROOT, "node_modules/typescript"), join(folder, "node_modules/typescript"));
	await writeFile(join(folder, "package.json"), "{}");
	for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
	return entry;
}

async function faults(entry: string): Promise<string> {
	const thrown = await checkTypes(entry).then(
		() => undefined,
		(cause: unknown) => cause,
	);
	if (thrown === undefined) return "";
	assert.ok(thrown instanceof SpearError && thrown.code === "invalid_request", String(thrown));
	return thrown.message;
}

const GOOD = `import { agent } from "spear-hostcall/guest";
import { chat } from "spear-hostcall/guest/chat";
import { embed } from "spear:ai/emb@0.1.0";
import note from "./note.txt";

export const run = agent(async (input) => {
	const url = new URL(input, "https://a.example");
	const signal = AbortSignal.any([AbortSignal.timeout(5), new AbortController().signal]);
	await new Promise((resolve) => setTimeout(resolve, 1));
	const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(url.searchParams.get("q") ?? ""));
	console.table([{ bytes: digest.byteLength, aborted: signal.aborted }]);
	return chat().ask(note).text + String(embed) + structuredClone({ a: performance.now() }).a + crypto.randomUUID();
});
`;

test("a guest that uses the library, hostcalls and the platform has no faults", async () => {
	const entry = await project(GOOD);
	assert.is(await faults(entry), "");
	assert.equal(await readdir(join(dirname(entry), "node_modules", ".cache", "spear-hostcall")), []);
});

test("a guest is checked strictly, without the types of browsers and of Node, with the place of each fault", async () => {
	const message = await faults(
		await project('export const run = (input) =>\n\tdocument.title + process.pid + fetch("x") + new URL(input).hrf;\n'),
	);
	assert.match(message, "guest.ts:1:21: Parameter 'input' implicitly has an 'any' type. (TS7006)");
	for (const name of ["document", "process", "fetch"]) assert.match(message, `Cannot find name '${name}'`);
	assert.match(message, "Property 'hrf' does not exist on type 'URL'. Did you mean 'href'? (TS2551)");
});

test("the options of the project's tsconfig.json apply", async () => {
	const loose = JSON.stringify({ compilerOptions: { strict: false, module: "esnext", moduleResolution: "bundler", lib: ["dom"] } });
	const message = await faults(await project("export const run = (input) => input + document.title;\n", { "tsconfig.json": loose }));
	assert.not.match(message, "implicitly");
	assert.match(message, "Cannot find name 'document'");
});

test("a project without TypeScript is told how to install it", async () => {
	const entry = await writeSource(GOOD);
	await writeFile(join(dirname(entry), "package.json"), "{}");
	assert.match(
		await faults(entry),
		/--check needs the package typescript, which .* does not have\. Install it: npm install --save-dev typescript\./,
	);
});

test.run();
