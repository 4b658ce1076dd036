import { copyFile, cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { fileRecord } from "../../../src/abi/component/files/file-record.ts";
import { writeFolder } from "../../../src/abi/component/files/write-folder.ts";
import { type LoadOptions, loadComponent } from "../../../src/abi/component/load.ts";
import { prepareComponent } from "../../../src/abi/component/prepare.ts";
import { preparedFiles } from "../../../src/abi/component/prepared/prepared-files.ts";
import type { Importer } from "../../../src/abi/component/toolchain.ts";
import { meterCoreModule } from "../../../src/abi/metering/meter-core-module.ts";
import { webAssembly } from "../../../src/abi/web-assembly.ts";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { cliGuest } from "../../helpers/cli-guest.ts";
import { assemble, scratch } from "../../helpers/guest.ts";
import { plainComponent } from "../../helpers/guest-components.ts";
import { scriptedHost } from "../../helpers/guest-host.ts";
import { unrulyGuest } from "../../helpers/unruly-guest.ts";

const guest = await cliGuest();
let folders = 0;

/** An empty directory. */
async function folder(): Promise<string> {
	folders += 1;
	const path = join(scratch(), `load-${folders}`);
	await mkdir(path, { mode: 0o700 });
	return path;
}

/** A copy of the prepared agent that may be changed. */
async function copied(): Promise<string> {
	const directory = join(await folder(), "x.spear");
	await cp(guest.prepared, directory, { recursive: true });
	return directory;
}

/** Replaces a file of a prepared agent, and its checksum in the manifest. */
async function forge(directory: string, file: string, content: Uint8Array | string): Promise<void> {
	await writeFile(join(directory, file), content);
	const manifest = JSON.parse(await readFile(join(directory, "manifest.json"), "utf8"));
	if (file === "plan.json") manifest.plan = fileRecord(content);
	else manifest.modules[Number(/\d+/.exec(file)?.[0])] = fileRecord(content);
	await writeFile(join(directory, "manifest.json"), JSON.stringify(manifest));
}

const withoutPackages: Importer = (specifier) => Promise.reject(new Error(`${specifier} was imported`));

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
	const component = await loadComponent(source, { importer: withoutPackages, ...options });
	return (await component.instantiate(scriptedHost([]).imports)).run("you");
}

test("a component and a prepared agent load without an optional package", async () => {
	assert.equal(await answer(guest.component), { ok: "you" });
	assert.equal(await answer(pathToFileURL(guest.component)), { ok: "you" });
	assert.equal(await answer(await readFile(guest.component)), { ok: "you" });
	assert.equal(await answer(guest.prepared), { ok: "you" });
});

test("agents that differ in one core module only are told apart", async () => {
	const tampered = await copied();
	const other = await unrulyGuest();
	const { modules } = JSON.parse(await readFile(join(tampered, "manifest.json"), "utf8"));
	for (const index of modules.keys())
		await forge(tampered, `core-${index}.wasm`, await readFile(join(other.prepared, `core-${index}.wasm`)));
	assert.equal(await answer(guest.prepared), { ok: "you" });
	assert.equal(await answer(tampered), { ok: "3" });
});

test("loads at the same time return one component, whose modules are compiled once", async () => {
	const fresh = await assemble(plainComponent("(call $answer)", '(memory (export "memory") 2)'));
	const { compile } = webAssembly;
	let compiled = 0;
	webAssembly.compile = (bytes) => {
		compiled += 1;
		return compile(bytes);
	};
	const all = await Promise.all(Array.from({ length: 5 }, () => loadComponent(fresh))).finally(() => {
		webAssembly.compile = compile;
	});
	assert.is(compiled, 1);
	assert.is(new Set(all).size, 1);
	assert.is(await loadComponent(fresh), all[0]);
});

test("a prepared agent whose file was changed is refused", async () => {
	for (const [file, content] of [
		["core-0.wasm", "changed"],
		["plan.json", "{}"],
	] as const) {
		const directory = await copied();
		await writeFile(join(directory, file), content);
		const error = await failure(directory);
		assert.is(error.code, "invalid_request");
		assert.match(error.message, `${file} is not the file its manifest describes (${content.length} bytes, expected `);
	}
});

test("a prepared agent with a plan that is none is refused with the part that is wrong", async () => {
	const directory = await copied();
	const plan = JSON.parse(await readFile(join(directory, "plan.json"), "utf8"));
	for (const [change, what] of [
		[{ steps: [{ ...plan.steps[0], module: 99 }] }, "module"],
		[{ steps: [{ ...plan.steps[0], imports: [["m", { step: 0 }]] }] }, "step"],
		[{ trampolines: plan.trampolines.map((each: object) => ({ ...each, kind: "eval" })) }, "the kind of a trampoline"],
		[{ exports: { run: { ...plan.exports.run, core: { trampoline: 1e9 } } } }, "trampoline"],
		[{ modules: 1 }, "modules"],
	] as const) {
		await forge(directory, "plan.json", JSON.stringify({ ...plan, ...change }));
		assert.match((await failure(directory)).message, `is not the plan of a component: ${what} is wrong; prepare the agent again`);
	}
});

test("a prepared agent whose plan names the counter of the meter is refused, metered or not", async () => {
	const directory = await copied();
	const plan = JSON.parse(await readFile(join(directory, "plan.json"), "utf8"));
	const imports = [["m", { items: [["anything", { step: 0, name: "__spear_meter" }]] }]];
	await forge(directory, "plan.json", JSON.stringify({ ...plan, steps: [...plan.steps, { module: 0, instance: 0, imports }] }));
	for (const metering of ["full", "loops", "off"] as const)
		assert.match((await failure(directory, { metering })).message, "it uses the name __spear_meter, which is reserved for the host");
});

test("a prepared agent is metered by the host, whatever its core modules are", async () => {
	const text = plainComponent("(loop (br 0)) (i32.const 0)");
	const component = await assemble(text);
	const { modules } = prepareComponent(component, "spin.spear");
	for (const each of [modules, modules.map((module) => meterCoreModule(module, { mode: "full" }))]) {
		const directory = join(await folder(), "spin.spear");
		await writeFolder(directory, preparedFiles({ ...prepareComponent(component, "spin.spear"), modules: each }, { component }));
		if (each === modules) {
			const instance = await (await loadComponent(directory)).instantiate(scriptedHost([]).imports);
			const outcome = await instance.run("", { timeoutMs: 50 });
			assert.is("trap" in outcome && outcome.trap.kind, "deadline");
		} else assert.match((await failure(directory)).message, "which is reserved for the host");
	}
});

test("a prepared agent of another form is refused", async () => {
	const directory = await copied();
	await writeFile(join(directory, "manifest.json"), JSON.stringify({ format: 1 }));
	assert.match(
		(await failure(directory)).message,
		"has format 1, and this release reads format 2; prepare the agent again with `spear build`",
	);
});

test("an agent prepared in place of another one at the same path is the new one", async () => {
	const directory = await copied();
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
	assert.is(
		(await failure(text)).message,
		`${text}: the guest cannot be loaded: it does not begin like a WebAssembly component; build the guest with \`spear build\``,
	);
	await writeFile(text, "");
	assert.match((await failure(text)).message, `${text}: the guest cannot be loaded: it is empty; build the guest with \`spear build\``);
	assert.match((await failure(await assemble("(component)"))).message, "it exports no function `run`");
	assert.match((await failure(guest.prepared, { engine: "jco" })).message, "is a prepared agent, and the engine jco needs the component");
});

test("a component with another type of `run` is refused with both types", async () => {
	const other = `(component
		(core module $m (memory (export "memory") 1) (func (export "run")))
		(core instance $i (instantiate $m))
		(func (export "run") (canon lift (core func $i "run"))))`;
	const { message } = await failure(await assemble(other));
	assert.match(message, "its export run has the type `()`, and this host calls `(input:string)->result<string,variant{hostcall:record{");
});

test("a module that is never instantiated takes no part of the memory limit", async () => {
	const bytes = await assemble(plainComponent("(call $answer)").replace("(core module $m", "(core module (memory 4000)) (core module $m"));
	assert.equal(await answer(bytes, { maxMemoryBytes: 2 ** 20 }), { ok: "ok" });
});

test("an import that is not offered is reported before a memory that is too large", async () => {
	const text = plainComponent("(call $answer)", '(memory (export "memory") 4000)');
	const bytes = await assemble(text.replace("(component", '(component (import "a:b/c" (instance (export "f" (func))))'));
	assert.match((await failure(bytes, { maxMemoryBytes: 2 ** 20 })).message, /it imports what this host does not offer: a:b\/c/);
});

test.run();
