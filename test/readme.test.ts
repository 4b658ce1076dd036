import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { PAGES } from "../scripts/docs-site/pages.ts";
import { TRANSPILER } from "../src/abi/component/jco/transpile.ts";
import { BUNDLER } from "../src/build/bundle.ts";
import { ENGINE_TOOLS } from "../src/build/componentize.ts";
import { DEFAULT_GUEST_RUN } from "../src/config/guest-run-settings.ts";
import { settingsFrom } from "./helpers/config.ts";
import { ROOT, scratch } from "./helpers/guest.ts";
import { spear } from "./helpers/spear.ts";
import { clang } from "./helpers/toolchains.ts";

/** What the documents say is tried out: their programs are compiled and run, their commands exist, their links lead somewhere. */
const README = read("README.md");
const EMBED = read("docs/embed.md");
const CONFIGURE = read("docs/configure.md");
const CORE = read("docs/core-modules.md");
const FRAMEWORKS = join(ROOT, "examples/web-frameworks");
const DOCUMENTS = PAGES.map(({ file }) => file);

function read(path: string): string {
	return readFileSync(join(ROOT, path), "utf8");
}

/** The fenced blocks of a language, in order. */
function blocks(text: string, language: string): string[] {
	return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map((match) => match[1] ?? "");
}

/** The commands of the indented and fenced blocks that begin with a word, without their comments. */
function commands(text: string, first: string): string[] {
	return [...text.matchAll(new RegExp(`^(?: {4})?(?:npx )?(${first} .*?)(?: +#.*)?$`, "gm"))].map((match) => match[1] ?? "");
}

/** Splits a command line at blanks outside quotes. */
function words(command: string): string[] {
	return [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
}

const [firstClient = "", guest = "", host = "", ...others] = blocks(README, "ts");
const [client = "", budgets = "", queued = "", server = "", mounted = "", backend = "", ...othersOfEmbed] = blocks(EMBED, "ts");
const project = join(scratch(), "readme");
await mkdir(project);
await writeFile(join(project, "package.json"), '{ "type": "module" }');
for (const [name, program] of Object.entries({ hello: guest, host, server, mounted, client, budgets, queued, backend, firstClient }))
	await writeFile(join(project, `${name}.ts`), program);

test("the programs of README and guides are clients, a guest, hosts, a server and a backend kind", () => {
	assert.match(firstClient, "host.client()");
	assert.match(guest, /^\/\/ hello\.ts\n/);
	assert.equal(blocks(read("docs/guests.md"), "ts"), [guest]);
	assert.match(host, "host.load");
	assert.equal(others, []);
	assert.match(client, "host.client()");
	assert.match(budgets, 'host.client({ guest: "ada" })');
	assert.match(queued, "host.submit(");
	assert.match(server, "createServer(host)");
	assert.match(mounted, "server.fetch(request");
	assert.match(backend, "defineBackend");
	assert.equal(othersOfEmbed, []);
});

/** Returns a program of the README with the sources in the place of the package. */
function onSources(program: string): string {
	const source = (path: string): string => JSON.stringify(pathToFileURL(join(ROOT, path)).href);
	return program
		.replace('"spear-hostcall"', source("src/index.ts"))
		.replace('"spear-hostcall/backend"', source("src/backend.ts"))
		.replace('"spear-hostcall/serve"', source("src/serve.ts"));
}

/** Runs a program of the README on the sources. */
async function run(file: string, program: string): Promise<{ stdout: string; stderr: string }> {
	await writeFile(join(project, file), onSources(program));
	return await promisify(execFile)(process.execPath, ["--disable-warning=ExperimentalWarning", file], { cwd: project });
}

test("the README's programs type check under strict tsc", async () => {
	const paths = {
		"spear-hostcall": [join(ROOT, "src/index.ts")],
		"spear-hostcall/backend": [join(ROOT, "src/backend.ts")],
		"spear-hostcall/serve": [join(ROOT, "src/serve.ts")],
		"spear-hostcall/guest": [join(ROOT, "src/guest/guest.ts")],
		"spear-hostcall/guest/chat": [join(ROOT, "src/guest/chat.ts")],
	};
	const typeRoots = [join(ROOT, "node_modules/@types")];
	for (const [name, base, include, more] of [
		["guest", "src/guest/tsconfig.json", ["hello.ts"], {}],
		[
			"host",
			"tsconfig.json",
			["host.ts", "server.ts", "mounted.ts", "client.ts", "budgets.ts", "backend.ts", "firstClient.ts"],
			{ typeRoots },
		],
		[
			"frameworks",
			"tsconfig.json",
			["assistant", "fastify", "hono", "users", "next/**/*"].map((name) => join(FRAMEWORKS, `${name}.ts`)),
			{ typeRoots },
		],
	] as const) {
		const config = join(project, `${name}.json`);
		const text = { extends: join(ROOT, base), compilerOptions: { paths, ...more }, include, exclude: [] };
		await writeFile(config, JSON.stringify(text));
		const { stdout } = await promisify(execFile)(join(ROOT, "node_modules/.bin/tsc"), ["--singleThreaded", "-p", config]).catch(
			(error) => error,
		);
		assert.is(stdout, "");
	}
});

test("the README's commands build and run its guest, and its host runs what they leave", async () => {
	const lines = commands(README.slice(README.indexOf("## A first guest"), README.indexOf("## A first host")), "spear");
	assert.equal(
		lines.map((line) => words(line).slice(0, 3)),
		[
			["spear", "run", "hello.ts"],
			["spear", "dev", "hello.ts"],
			["spear", "build", "hello.ts"],
		],
	);
	const env = { XDG_CACHE_HOME: join(ROOT, ".cache/tests/xdg") };
	for (const line of lines) {
		// Ends by Ctrl-C alone, and has tests of its own.
		if (line.startsWith("spear dev")) continue;
		const { code, stdout, stderr } = await spear(words(line).slice(1), { cwd: project, env });
		assert.is(code, 0, stderr);
		if (line.startsWith("spear run")) assert.is(stdout, "stub: you said Why is the sky blue?\n");
	}
	await writeFile(join(project, "spear.toml"), "");
	const { stdout, stderr } = await run("host.ts", host);
	assert.is(stdout, "stub: you said Why is the sky blue?\n");
	assert.match(stderr, "chosen: 'stub'");
});

test("the README's client runs", async () => {
	assert.is((await run("firstClient.ts", firstClient)).stdout, "2 vectors from stub\nstub: you said Why?");
});

test("a user of the guide for embedders spends its budget, and another one does not", async () => {
	const lines = (await run("budgets.ts", budgets)).stdout.trimEnd().split("\n");
	assert.equal([lines[0], lines[2]], ["stub: you said Why? (ada)", "stub: you said Why? (bob)"]);
	assert.match(lines[1] ?? "", /^rate_limited \(ada_again\) .*budget/);
	assert.is(lines.length, 3);
});

test("the guide's client and backend kind run", async () => {
	assert.match(
		(await run("client.ts", client)).stdout,
		/^stub transcript of \d+ bytes of audio\/wav, \d+\.\d seconds\n2 vectors from stub\nstub: you said Why\?$/,
	);
	assert.is((await run("backend.ts", backend)).stdout, "[ Float32Array(1) [ 4 ] ]\n");
});

/** Starts a program that serves, and returns its URL and the function that ends it by SIGTERM with its exit code. */
async function serving(args: readonly string[], cwd: string): Promise<{ url: string; stop(): Promise<number | null> }> {
	const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...args], { cwd, stdio: ["ignore", "pipe", "ignore"] });
	let printed = "";
	for await (const chunk of child.stdout) {
		printed += chunk;
		const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(printed) ?? [];
		if (url === undefined) continue;
		const stop = async (): Promise<number | null> => {
			const ended = once(child, "exit");
			child.kill("SIGTERM");
			return (await ended)[0];
		};
		return { url, stop };
	}
	throw new Error(`the program has ended before it served: ${printed}`);
}

/** Sends the request of the README's first `curl` command, and returns the text of the answer. */
async function askAsCurl(url: string): Promise<string> {
	const [command = ""] = /curl http:[\s\S]*?\n(?=\n)/.exec(README) ?? [];
	const [path = "", body = ""] = [/8787(\/\S+)/.exec(command)?.[1], /-d '([^']*)'/.exec(command)?.[1]];
	const answer = await fetch(url + path, { method: "POST", headers: { "content-type": "application/json" }, body });
	const completion = (await answer.json()) as { readonly choices: readonly [{ readonly message: { readonly content: string } }] };
	return completion.choices[0].message.content;
}

test("three commands serve from nothing, and the request of the README is answered", async () => {
	const folder = join(project, "three-commands");
	await mkdir(folder);
	const line = commands(README.slice(README.indexOf("## Serve")), "spear init")[0] ?? "";
	assert.is(line, "spear init && spear check && spear serve");
	for (const command of ["init", "check"]) {
		const { code, stderr } = await spear([command], { cwd: folder });
		assert.is(code, 0, stderr);
	}
	const server = await serving([join(ROOT, "src/cli/main.ts"), "serve", "--port", "0"], folder);
	assert.is(await askAsCurl(server.url), "stub: you said Hello");
	assert.is(await server.stop(), 0);
});

test("the guide's server serves, and stops in order", async () => {
	await writeFile(join(project, "spear.toml"), "[server]\nport = 0\n");
	await writeFile(join(project, "server.ts"), onSources(server));
	const started = await serving(["server.ts"], project);
	assert.is(await askAsCurl(started.url), "stub: you said Hello");
	assert.is(await started.stop(), 0);
});

const compiler = await clang();
(compiler.missing === undefined ? test : test.skip)("the guide's guest in C is compiled by the header, and runs", async () => {
	const [source = "", ...more] = blocks(CORE, "c");
	assert.equal(more, []);
	await writeFile(join(project, "agent.c"), source);
	const [command = ""] = commands(CORE, "clang");
	const line = command.replace("node_modules/spear-hostcall", ROOT);
	await promisify(execFile)("clang", words(line).slice(1), { cwd: project });
	const { code, stdout, stderr } = await spear(["run", "agent.wasm"], { cwd: project });
	assert.is(code, 0, stderr);
	assert.match(stdout, '"content":"stub: you said Why?"');
});

test("the configurations of README and guide are accepted", async () => {
	const [first = "", ...moreOfReadme] = blocks(README, "toml");
	assert.equal(moreOfReadme, []);
	assert.equal(
		settingsFrom(first, "README.md").backends.map(({ name }) => name),
		["main", "claude"],
	);
	const [config = "", guests = "", ...more] = blocks(CONFIGURE, "toml");
	assert.equal(more, []);
	assert.equal(Object.fromEntries(settingsFrom(guests, "configure.md").guestRuns), {
		nightly: { ...DEFAULT_GUEST_RUN, weight: 2, timeoutMs: 60_000, cpuMs: 5_000, cpuMsPerMinute: 20_000 },
	});
	assert.equal(
		settingsFrom(config, "configure.md").backends.map(({ name }) => name),
		["main", "claude", "mistral", "local"],
	);
	const path = join(project, "example.toml");
	await writeFile(path, config);
	assert.is((await spear(["backends", "--config", path])).code, 0);
});

test("the README installs what a build needs and nothing else, and the guide names the package of the other engine", () => {
	const [install = ""] = commands(README, "npm i -D");
	const named = words(install).slice(3);
	assert.equal(
		named.map((name) => name.replace(/(?<!^)@.*/, "")),
		["spear-hostcall", BUNDLER.package, ENGINE_TOOLS.quickjs.package],
	);
	assert.ok(CONFIGURE.includes(`${TRANSPILER.package}@${TRANSPILER.version}`));
});

test("every link of every document leads to a file, and to a heading of it", () => {
	const broken: string[] = [];
	for (const document of DOCUMENTS) {
		for (const [, target = ""] of read(document).matchAll(/\]\(([^)\s]+)\)/g)) {
			if (/^[a-z]+:/.test(target)) continue;
			const [path = "", anchor] = target.split("#");
			const file = path === "" ? document : join(dirname(document), path);
			if (!existsSync(join(ROOT, file)) || (anchor !== undefined && !anchorsOf(read(file)).has(anchor)))
				broken.push(`${document}: ${target}`);
		}
	}
	assert.equal(broken, []);
});

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(text: string): Set<string> {
	return new Set(
		[...text.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
			title
				.toLowerCase()
				.replace(/[^\p{L}\p{N}\s_-]/gu, "")
				.trim()
				.replace(/\s/g, "-"),
		),
	);
}

test("every setting that a document names with its table exists", () => {
	const { properties, $defs } = JSON.parse(read("generated/schema/config.schema.json"));
	const members = (table: string): object => $defs[properties[table].$ref.replace("#/$defs/", "")].properties;
	const tables = new Map(["host", "limits", "router", "media"].map((name) => [name, members(name)]));
	const { guests } = properties;
	tables.set("guests.<name>", $defs[guests.additionalProperties.$ref.replace("#/$defs/", "")].properties);
	const unknown: string[] = [];
	let found = 0;
	for (const document of DOCUMENTS) {
		for (const [text, table = "", key = ""] of read(document).matchAll(/`\[(host|limits|router|media|guests\.<name>)\] ([a-z_]+)/g)) {
			found += 1;
			if (!Object.hasOwn(tables.get(table) ?? {}, key)) unknown.push(`${document}: ${text}`);
		}
	}
	assert.equal(unknown, []);
	assert.ok(found > 20, `${found} settings found`);
});

test("every npm script and every path that a document names exists", () => {
	const { scripts } = JSON.parse(read("package.json"));
	const missing: string[] = [];
	for (const document of DOCUMENTS) {
		const text = read(document);
		for (const [, script = ""] of text.matchAll(/\bnpm run ([a-z:-]+)/g))
			if (!(script in scripts)) missing.push(`${document}: npm run ${script}`);
		// The guide of spear-codegen names paths of a user's project, which its own test checks.
		if (document === "codegen/README.md") continue;
		for (const [, path = ""] of text.matchAll(/`((?:\.ci|src|codegen|generated|test|scripts|wit|examples|docs)\/[\w./-]*)`/g))
			if (!existsSync(join(ROOT, path))) missing.push(`${document}: ${path}`);
	}
	assert.equal(missing, []);
});

test.run();
