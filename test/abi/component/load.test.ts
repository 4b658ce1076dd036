import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, copyFile, cp, lchown, mkdir, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type LoadOptions, loadComponent } from "../../../src/abi/component/load.ts";
import { fileRecord } from "../../../src/abi/component/manifest.ts";
import type { Importer } from "../../../src/abi/component/toolchain.ts";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { cliGuest } from "../../helpers/cli-guest.ts";
import { assemble, scratch } from "../../helpers/guest.ts";
import { plainComponent } from "../../helpers/guest-components.ts";
import { scriptedHost } from "../../helpers/guest-host.ts";
import { unrulyGuest } from "../../helpers/unruly-guest.ts";

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
		await loadComponent(source, options);
	} catch (error) {
		if (error instanceof SpearError) return error;
		throw error;
	}
	throw new Error("it was loaded");
}

async function answer(source: string | URL | Uint8Array, options: LoadOptions = {}): Promise<unknown> {
	const component = await loadComponent(source, options);
	return (await component.instantiate(scriptedHost([]).imports)).run("you");
}

test("a prepared agent loads without the transpiler", async () => {
	const { importer, count } = counting();
	assert.equal(await answer(guest.prepared, { importer }), { ok: "you" });
	assert.is(count(), 0);
	assert.equal(await answer(guest.prepared, { importer: withoutPackages }), { ok: "you" });
});

test("a component with its prepared agent beside it loads without the transpiler when the caller says so", async () => {
	const options = { prepared: "use", importer: withoutPackages } as const;
	assert.equal(await answer(guest.component, { ...options, maxMemoryBytes: 2 ** 26 }), { ok: "you" });
	assert.equal(await answer(pathToFileURL(guest.component), { ...options, maxMemoryBytes: 2 ** 27 }), { ok: "you" });
});

test("a prepared agent beside a component is ignored unless the caller says otherwise", async () => {
	const error = await failure(guest.component, { importer: withoutPackages, cacheDirectory: await folder() });
	assert.match(error.message, "needs the package @bytecodealliance/jco-transpile");
});

test("a bare component without the transpiler says what to install and what else would do", async () => {
	const error = await failure(bytes, { importer: withoutPackages, cacheDirectory: await folder() });
	assert.is(error.code, "invalid_request");
	assert.is(
		error.message,
		"Loading a bare component needs the package @bytecodealliance/jco-transpile, which is not installed. Install it: npm install @bytecodealliance/jco-transpile@0.14.0. " +
			"Or prepare the component where the toolchain is installed, with `spear build`, and load the directory it leaves (NAME.spear).",
	);
});

test("a prepared agent of another component is not used", async () => {
	const directory = await folder();
	const path = join(directory, "x.wasm");
	await writeFile(path, await assemble(plainComponent("(call $answer)")));
	await cp(guest.prepared, join(directory, "x.spear"), { recursive: true });
	assert.equal(await answer(path, { prepared: "use", cacheDirectory: directory }), { ok: "ok" });
});

/** Replaces the JavaScript of a prepared agent, and its checksum in the manifest. */
async function forge(directory: string, code: string): Promise<void> {
	await writeFile(join(directory, "agent.mjs"), code);
	const manifest = JSON.parse(await readFile(join(directory, "manifest.json"), "utf8"));
	manifest.files["agent.mjs"] = fileRecord(Buffer.from(code));
	await writeFile(join(directory, "manifest.json"), JSON.stringify(manifest));
}

const MARK = "globalThis.forgedCodeRan = true; export const instantiate = () => ({ run: () => 'forged' });";

test("forged JavaScript beside a component never runs", async () => {
	const directory = await folder();
	await cp(guest.prepared, join(directory, "x.spear"), { recursive: true });
	await writeFile(join(directory, "x.wasm"), bytes);
	await forge(join(directory, "x.spear"), MARK);
	assert.equal(await answer(join(directory, "x.wasm"), { cacheDirectory: directory }), { ok: "you" });
	assert.is(Reflect.get(globalThis, "forgedCodeRan"), undefined);
});

test("a cache entry of another component never runs", async () => {
	const cacheDirectory = await folder();
	await loadComponent(small, { cacheDirectory });
	const [name = ""] = await readdir(join(cacheDirectory, "components"));
	const entry = join(cacheDirectory, "components", name);
	await rm(entry, { recursive: true });
	await cp(guest.prepared, entry, { recursive: true });
	await forge(entry, MARK);
	assert.equal(await answer(small, { cacheDirectory, maxMemoryBytes: 2 ** 22 }), { ok: "ok" });
	assert.is(Reflect.get(globalThis, "forgedCodeRan"), undefined);
	const manifest = JSON.parse(await readFile(join(entry, "manifest.json"), "utf8"));
	assert.equal(manifest.component, fileRecord(small));
});

test("imported JavaScript is named shortly in stack traces", async () => {
	const directory = join(await folder(), "x.spear");
	await cp(guest.prepared, directory, { recursive: true });
	await forge(directory, "export const instantiate = () => { throw new Error('deep'); };");
	const component = await loadComponent(directory);
	await component.instantiate(scriptedHost([]).imports).then(
		() => assert.unreachable(),
		(error) => assert.match(error.cause.stack, /at .*spear-agent:[0-9a-f]{16}\/agent\.mjs:1:/),
	);
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
		await loadComponent(small, { cacheDirectory, importer });
		const [name = ""] = await readdir(join(cacheDirectory, "components"));
		await chmod(join(cacheDirectory, "components", name, "agent.mjs"), 0o666);
		await loadComponent(small, { cacheDirectory, importer });
		assert.is(count(), 2);
	});

	test("a prepared agent is refused with the reason when other users can write to any part", async () => {
		for (const [part, mode] of [
			["", 0o777],
			["", 0o775],
			["agent.mjs", 0o666],
			["agent.core.wasm", 0o666],
			["manifest.json", 0o664],
		] as const) {
			const directory = join(await folder(), "x.spear");
			await cp(guest.prepared, directory, { recursive: true });
			await chmod(join(directory, part), mode);
			assert.match((await failure(directory)).message, `${join(directory, part)} is refused, because the JavaScript in it would run`);
		}
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
	await loadComponent(small, { cacheDirectory, importer });
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
	await loadComponent(small, { cacheDirectory });
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
		import { userCacheDirectory } from ${JSON.stringify(new URL("../../../src/paths/user-cache.ts", import.meta.url).href)};
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

test("agents that differ in one core module only are told apart", async () => {
	const tampered = join(await folder(), "x.spear");
	await cp(guest.prepared, tampered, { recursive: true });
	const other = await unrulyGuest();
	const manifest = JSON.parse(await readFile(join(tampered, "manifest.json"), "utf8"));
	for (const name of Object.keys(manifest.files)) {
		if (!name.endsWith(".wasm")) continue;
		await copyFile(join(other.prepared, name), join(tampered, name));
		manifest.files[name] = fileRecord(await readFile(join(tampered, name)));
	}
	await writeFile(join(tampered, "manifest.json"), JSON.stringify(manifest));
	assert.equal(await answer(guest.prepared), { ok: "you" });
	assert.equal(await answer(tampered), { ok: "3" });
});

test("loads at the same time share one transpilation and one compilation", async () => {
	const fresh = await assemble(plainComponent("(call $answer)", '(memory (export "memory") 2)'));
	const cacheDirectory = await folder();
	const all = await Promise.all(Array.from({ length: 5 }, () => loadComponent(fresh, { cacheDirectory })));
	assert.is(new Set(all).size, 1);
	assert.is(await loadComponent(fresh, { cacheDirectory }), all[0]);
});

test("processes that load the same component at once share the cache without harm", async () => {
	const cacheDirectory = await folder();
	const file = join(cacheDirectory, "small.wasm");
	await writeFile(file, small);
	const script = `
		import { loadComponent } from ${JSON.stringify(new URL("../../../src/abi/component/load.ts", import.meta.url).href)};
		import { readFile } from "node:fs/promises";
		const component = await loadComponent(await readFile(${JSON.stringify(file)}), { cacheDirectory: ${JSON.stringify(cacheDirectory)} });
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
	assert.match(error.message, "made 1 imports suspending of the 9 asked for");
});

test("a prepared agent whose file was changed is refused", async () => {
	const directory = join(await folder(), "x.spear");
	await cp(guest.prepared, directory, { recursive: true });
	await writeFile(join(directory, "agent.core.wasm"), "changed");
	const error = await failure(directory);
	assert.is(error.code, "invalid_request");
	assert.match(error.message, "agent.core.wasm is not the file its manifest describes (7 bytes, expected ");
});

test("a manifest cannot name files outside its directory", async () => {
	const directory = join(await folder(), "x.spear");
	await cp(guest.prepared, directory, { recursive: true });
	const manifest = JSON.parse(await readFile(join(directory, "manifest.json"), "utf8"));
	manifest.files["../outside.mjs"] = manifest.files["agent.mjs"];
	await writeFile(join(directory, "manifest.json"), JSON.stringify(manifest));
	assert.match((await failure(directory)).message, 'names the unsuitable file "../outside.mjs"');
});

test("an agent prepared for other waiting functions than this host's is refused", async () => {
	const error = await failure(guest.prepared, { asyncImports: ["spear:ai/cchat@0.1.0#[method]session.send"] });
	assert.match(error.message, "was prepared for another version of the hostcalls");
});

test("an agent prepared in place of another one at the same path is the new one", async () => {
	const directory = join(await folder(), "x.spear");
	await cp(guest.prepared, directory, { recursive: true });
	assert.equal(await answer(directory), { ok: "you" });
	const other = await unrulyGuest();
	await rm(directory, { recursive: true });
	await cp(other.prepared, directory, { recursive: true });
	assert.equal(await answer(directory), { ok: "3" });
});

test("what cannot be loaded is named", async () => {
	assert.match(
		(await failure("/nowhere/x.wasm")).message,
		"/nowhere/x.wasm cannot be read; give the path of a component (.wasm) or of a prepared agent (.spear)",
	);
	assert.match((await failure(new URL("https://example.com/x.wasm"))).message, "cannot be loaded from a https: URL; fetch its bytes");
	assert.match((await failure(await folder())).message, "is not a prepared agent: manifest.json cannot be read in it");
	const text = join(await folder(), "x.wasm");
	await copyFile(new URL(import.meta.url), text);
	assert.match((await failure(text)).message, "does not begin like a WebAssembly component");
	assert.match((await failure(await assemble("(component)"))).message, "it exports no function `run`");
});

test.run();
