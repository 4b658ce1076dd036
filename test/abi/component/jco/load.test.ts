import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, cp, lchown, mkdir, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { fileRecord } from "../../../../src/abi/component/files/file-record.ts";
import { type LoadOptions, loadComponent } from "../../../../src/abi/component/load.ts";
import type { Importer } from "../../../../src/abi/component/toolchain.ts";
import { SpearError } from "../../../../src/errors/spear-error.ts";
import { cliGuest } from "../../../helpers/cli-guest.ts";
import { assemble, scratch } from "../../../helpers/guest.ts";
import { plainComponent } from "../../../helpers/guest-components.ts";
import { scriptedHost } from "../../../helpers/guest-host.ts";

const guest = await cliGuest();
const bytes = await readFile(guest.component);
/** A component that takes little to transpile. It answers `ok`. */
const small = await assemble(plainComponent("(call $answer)", '(memory (export "memory") 5)'));
let folders = 0;

/** An empty directory. */
async function folder(): Promise<string> {
	folders += 1;
	const path = join(scratch(), `load-${folders}`);
	await mkdir(path, { mode: 0o700 });
	return path;
}

/** An importer that counts, or that plays a machine without the package. */
function counting(): { importer: Importer; count: () => number } {
	let count = 0;
	return {
		importer: (specifier) => {
			count += 1;
			return import(specifier);
		},
		count: () => count,
	};
}

const withoutPackages: Importer = (specifier) => {
	const error = Object.assign(new Error(`Cannot find package '${specifier}' imported from here`), { code: "ERR_MODULE_NOT_FOUND" });
	return Promise.reject(error);
};

async function failure(source: string | URL | Uint8Array, options: LoadOptions = {}): Promise<SpearError> {
	try {
		await loadComponent(source, { ...options, engine: "jco" });
	} catch (error) {
		if (error instanceof SpearError) return error;
		throw error;
	}
	throw new Error("it was loaded");
}

async function answer(source: string | URL | Uint8Array, options: LoadOptions = {}): Promise<unknown> {
	const component = await loadComponent(source, { ...options, engine: "jco" });
	return (await component.instantiate(scriptedHost([]).imports)).run("you");
}

test("a component without the transpiler says what to install and what else would do", async () => {
	const error = await failure(bytes, { importer: withoutPackages, cacheDirectory: await folder() });
	assert.is(error.code, "invalid_request");
	assert.is(
		error.message,
		"The engine jco needs the package @bytecodealliance/jco-transpile, which is not installed. Install it: npm install @bytecodealliance/jco-transpile@0.14.0. " +
			"Or leave out the setting `engine`: the engine direct needs no package.",
	);
});

/** Replaces the JavaScript of a cache entry, and its checksum in the manifest. */
async function forge(directory: string, code: string): Promise<void> {
	await writeFile(join(directory, "agent.mjs"), code);
	const manifest = JSON.parse(await readFile(join(directory, "manifest.json"), "utf8"));
	manifest.files["agent.mjs"] = fileRecord(Buffer.from(code));
	await writeFile(join(directory, "manifest.json"), JSON.stringify(manifest));
}

const MARK = "globalThis.forgedCodeRan = true; export const instantiate = () => ({ run: () => 'forged' });";

test("a cache entry of another component never runs", async () => {
	const cacheDirectory = await folder();
	await loadComponent(small, { engine: "jco", cacheDirectory });
	const [name = ""] = await readdir(join(cacheDirectory, "components"));
	const entry = join(cacheDirectory, "components", name);
	const elsewhere = await folder();
	await loadComponent(bytes, { engine: "jco", cacheDirectory: elsewhere });
	const [other = ""] = await readdir(join(elsewhere, "components"));
	await rm(entry, { recursive: true });
	await cp(join(elsewhere, "components", other), entry, { recursive: true });
	await forge(entry, MARK);
	assert.equal(await answer(small, { cacheDirectory, maxMemoryBytes: 2 ** 22 }), { ok: "ok" });
	assert.is(Reflect.get(globalThis, "forgedCodeRan"), undefined);
	const manifest = JSON.parse(await readFile(join(entry, "manifest.json"), "utf8"));
	assert.equal(manifest.component, fileRecord(small));
});

if (process.getuid !== undefined) {
	test("a cache that other users can write is refused with the reason", async () => {
		for (const part of ["", "components"]) {
			const cacheDirectory = await folder();
			await mkdir(join(cacheDirectory, "components"), { mode: 0o700 });
			await chmod(join(cacheDirectory, part), 0o777);
			const error = await failure(small, { cacheDirectory });
			assert.is(error.code, "invalid_request");
			assert.match(error.message, `${join(cacheDirectory, part)} is refused`);
			assert.match(error.message, "other users can write to it; remove that permission with `chmod go-w`");
		}
	});

	if (process.getuid() === 0)
		test("a cache behind a link of another user is refused with the reason", async () => {
			const [cacheDirectory, own] = [await folder(), await folder()];
			await chmod(cacheDirectory, 0o1777);
			const link = join(cacheDirectory, "components");
			await symlink(own, link);
			await lchown(link, 65_534, 65_534);
			const error = await failure(small, { cacheDirectory });
			assert.match(error.message, `${link} is refused`);
			assert.match(error.message, "it belongs to user 65534");
			assert.equal(await readdir(own), []);
			await lchown(link, 0, 0);
			assert.equal(await answer(small, { cacheDirectory, maxMemoryBytes: 2 ** 21 + 65_536 }), { ok: "ok" });
		});

	test("a cache in a sticky directory of all users is used", async () => {
		const cacheDirectory = await folder();
		await chmod(cacheDirectory, 0o1777);
		assert.equal(await answer(small, { cacheDirectory, maxMemoryBytes: 2 ** 21 }), { ok: "ok" });
	});

	test("a cache entry that other users can write is made again", async () => {
		const cacheDirectory = await folder();
		const { importer, count } = counting();
		await loadComponent(small, { engine: "jco", cacheDirectory, importer });
		const [name = ""] = await readdir(join(cacheDirectory, "components"));
		await chmod(join(cacheDirectory, "components", name, "agent.mjs"), 0o666);
		await loadComponent(small, { engine: "jco", cacheDirectory, importer });
		assert.is(count(), 2);
	});
}

test("a component is transpiled once and taken from the cache from then on", async () => {
	const cacheDirectory = await folder();
	const { importer, count } = counting();
	await answer(small, { cacheDirectory, importer });
	assert.is(count(), 1);
	await answer(small, { cacheDirectory, importer, maxMemoryBytes: 2 ** 25 });
	assert.is(count(), 1);
	assert.is((await readdir(join(cacheDirectory, "components"))).length, 1);
});

test("a corrupted cache entry is found out and made again", async () => {
	const cacheDirectory = await folder();
	const { importer, count } = counting();
	await loadComponent(small, { engine: "jco", cacheDirectory, importer });
	const [entry = ""] = await readdir(join(cacheDirectory, "components"));
	const module = join(cacheDirectory, "components", entry, "agent.mjs");
	const intact = await readFile(module);
	for (const damage of [
		() => writeFile(module, "export const instantiate = () => ({ run: () => 'wrong' });"),
		() => rm(module),
		() => writeFile(join(module, "..", "manifest.json"), "{"),
	]) {
		await damage();
		assert.equal(await answer(small, { cacheDirectory, importer, maxMemoryBytes: 2 ** 24 + 65_536 * count() }), { ok: "ok" });
		assert.equal(await readFile(module), intact);
	}
	assert.is(count(), 4);
});

test("files that are no entries of the cache stay in its directory, however old they are", async () => {
	const cacheDirectory = await folder();
	const components = join(cacheDirectory, "components");
	await mkdir(components, { mode: 0o700 });
	const [foreign, leftover] = [join(components, "Button.tsx"), join(components, `${"0".repeat(64)}.${randomUUID()}.tmp`)];
	for (const path of [foreign, leftover]) {
		await writeFile(path, "");
		await utimes(path, 0, 0);
	}
	await loadComponent(small, { engine: "jco", cacheDirectory });
	assert.is(existsSync(foreign), true);
	assert.is(existsSync(leftover), false);
});

test("a cache that cannot be written is no obstacle", async () => {
	const file = join(await folder(), "file");
	await writeFile(file, "");
	assert.equal(await answer(await assemble(plainComponent("(call $answer)", '(memory (export "memory") 3)')), { cacheDirectory: file }), {
		ok: "ok",
	});
});

test("a user without a home has no cache, and loads all the same", async () => {
	const script = `
		import { userCacheDirectory } from ${JSON.stringify(new URL("../../../../src/paths/user-cache.ts", import.meta.url).href)};
		import os from "node:os";
		import { syncBuiltinESMExports } from "node:module";
		const directories = [userCacheDirectory()];
		process.env.XDG_CACHE_HOME = "/somewhere";
		directories.push(userCacheDirectory());
		process.env.XDG_CACHE_HOME = "relative";
		os.homedir = () => { throw new Error("no such user"); };
		syncBuiltinESMExports();
		directories.push(String(userCacheDirectory()));
		console.log(directories.join());
	`;
	const { XDG_CACHE_HOME: _, ...env } = process.env;
	const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
		env: { ...env, HOME: "/home/x" },
	});
	assert.is(stdout, "/home/x/.cache/spear-hostcall,/somewhere/spear-hostcall,undefined\n");
});

test("processes that load the same component at once share the cache without harm", async () => {
	const cacheDirectory = await folder();
	const file = join(cacheDirectory, "small.wasm");
	await writeFile(file, small);
	const script = `
		import { loadComponent } from ${JSON.stringify(new URL("../../../../src/abi/component/load.ts", import.meta.url).href)};
		import { readFile } from "node:fs/promises";
		const component = await loadComponent(await readFile(${JSON.stringify(file)}), { engine: "jco", cacheDirectory: ${JSON.stringify(cacheDirectory)} });
		console.log(component.manifest.component.bytes);
	`;
	const run = promisify(execFile);
	const runs = await Promise.all([1, 2, 3].map(() => run(process.execPath, ["--input-type=module", "-e", script])));
	assert.equal(
		runs.map(({ stdout }) => stdout.trim()),
		Array(3).fill(String(small.length)),
	);
	const names = await readdir(join(cacheDirectory, "components"));
	assert.is(names.length, 1, names.join());
	assert.equal(await answer(small, { cacheDirectory, importer: withoutPackages, maxMemoryBytes: 2 ** 23 }), { ok: "ok" });
});

test("a transpiler that does not make every waiting import suspend is refused", async () => {
	const deaf: Importer = async (specifier) => {
		const { transpileBytes } = await import("@bytecodealliance/jco-transpile");
		assert.is(specifier, "@bytecodealliance/jco-transpile");
		return {
			transpileBytes: (component: Uint8Array, options: object) =>
				transpileBytes(component, { ...options, asyncImports: ["spear:ai/poll@0.1.0#poll"] }),
		};
	};
	const error = await failure(bytes, { importer: deaf, cacheDirectory: await folder() });
	assert.is(error.code, "internal");
	assert.match(error.message, /made 1 imports suspending of the \d+ asked for/);
});

test.run();
