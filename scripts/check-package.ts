/**
 * `npm run check:package`: the package as a user receives it. Packs the package, installs it in an empty project, and there
 *
 * 1. type checks a host and a guest against it under strict `tsc`, as Node and as bundlers resolve modules,
 * 2. imports the host and runs an agent that `spear build` prepared, with no toolchain installed; calls a backend kind from outside the
 *    repository by `host.client()`,
 * 3. runs the bare component too, and asks for the engine `jco`, which must name the package that is missing,
 * 4. runs the installed `spear` command, and with it the example of a core module: its text form, and with clang what the header makes of its source,
 * 5. follows the guide to a backend of one's own in another project, where the kind must pass the conformance suite,
 * 6. follows the guide of `spear-codegen` to a host and a guest for a WIT of one's own, in a third project,
 * 7. writes a project by `spear new`, and there type checks, tests and runs the guest,
 * 8. prints what the installation weighs, and fails above the limit.
 *
 * Needs the package registry (or npm's cache) for the runtime dependencies, and `npm run build` first.
 */
import "./require-node.ts";
import { execFileSync, type SpawnSyncReturns, spawnSync } from "node:child_process";
import {
	cpSync,
	existsSync,
	lstatSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import { isDeepStrictEqual } from "node:util";
import { parse } from "@bytecodealliance/jco";
import { hasCompiler } from "../test/helpers/core-guests.ts";
import { followGuide } from "./follow-guide.ts";

// The embedded default must not depend on the models of this user.
process.env.SPEAR_MODELS = join(tmpdir(), "spear-no-models");

/** Largest installation of a host, in bytes. */
const LIMIT = 11 * 1024 * 1024;

/** The guide to a backend kind of one's own. */
const GUIDE = "src/backends/README.md";

/** The guide to a host and a guest for a WIT of one's own. */
const CODEGEN_GUIDE = "codegen/README.md";

/** A backend kind outside the repository. */
const KIND = `
import { defineBackend, SpearError } from "spear-hostcall/backend";

/** Embeds a text as its length. */
export const lengths = defineBackend({
	name: "lengths",
	create: (config) => ({
		operations: {
			embeddings: {
				features: [],
				models: ["length-1"],
				async unary({ payload }, { signal }) {
					if (signal.aborted) throw new SpearError("cancelled", config.name + " was cancelled");
					return { model: "length-1", dimensions: 1, vectors: payload.input.map((text) => Float32Array.of(text.length)) };
				},
			},
			chat_completions: {
				features: [],
				models: ["echo-1"],
				async *stream({ payload }) {
					const text = payload.messages.length + " messages";
					yield { type: "text", text };
					const message = { role: "assistant", content: [{ type: "text", text }], tool_calls: [] } as const;
					yield { type: "completed", completed: { model: "echo-1", message: { ...message, content: [...message.content], tool_calls: [] }, finish_reason: "stop" } };
				},
			},
		},
	}),
});
`;

/** A host with that kind, and a client without a guest. */
const CLIENT = `
import { createHost, type HostClient, type OperationMap } from "spear-hostcall";
import { lengths } from "./lengths.ts";

const host = await createHost({ kinds: [lengths], config: { backends: { own: { kind: "lengths" }, stub: { kind: "stub", priority: 1 } } } });
const client: HostClient = host.client();
const { payload, backend } = await client.call("embeddings", { input: ["four", "seven77"] });
const lengthsOf: number[] = payload.vectors.map((vector) => vector[0] ?? 0);
let streamed = "";
const question: OperationMap["chat_completions"]["payload"] = { messages: [{ role: "user", content: [{ type: "text", text: "hi" }], tool_calls: [] }], tools: [] };
for await (const event of client.stream("chat_completions", question)) if (event.type === "text") streamed += event.text;
const { payload: speech } = await client.call("text_to_speech", { input: { type: "text", text: "hello" }, format: "wav" });
const wav = await client.media.get(speech.audio);
console.log(JSON.stringify({ lengthsOf, instance: backend.instance, streamed, wav: wav.byteLength > 44 }));
await host.close();
`;

const CONSUMER = `
import { createHost, SpearError, type Host, type HostEvent } from "spear-hostcall";

const events: HostEvent["type"][] = [];
const host: Host = await createHost({ config: { guests: { transpiled: { engine: "jco" } } } });
const agent = await host.load("agent.spear");
const output: string = await agent.run("hello", { onEvent: (event) => events.push(event.type) });
console.log(JSON.stringify({ output, events: [...new Set(events)] }));
const apart = await host.load("agent.spear", { isolation: "worker" });
console.log("in a worker:", (await apart.run("hello")) === output);
const bare = await host.load("bare.wasm");
console.log("as a component:", (await bare.run("hello")) === output);
try {
	await host.load("bare.wasm", { guest: "transpiled" });
	throw new Error("the engine jco ran without its package");
} catch (error) {
	if (!(error instanceof SpearError)) throw error;
	console.log(error.message);
}
await host.close();
`;

const GUEST = `
import { agent } from "spear-hostcall/guest";
import { chat } from "spear-hostcall/guest/chat";

export const run = agent((input) => chat().ask(input).text);
`;

/** A guest without the helper library. */
const PLAIN_GUEST = `
import { complete } from "spear:ai/cchat@0.1.0";

export function run(input: string): string {
	const { message } = complete({ messages: [{ role: "user", content: [{ tag: "text", val: input }] }] }, undefined);
	return message.content.map((part) => (part.tag === "text" ? part.val : "")).join("");
}
`;

const STRICT = {
	strict: true,
	exactOptionalPropertyTypes: true,
	noUncheckedIndexedAccess: true,
	target: "esnext",
	noEmit: true,
	skipLibCheck: false,
};

const RESOLUTIONS = [{ module: "nodenext" }, { module: "esnext", moduleResolution: "bundler" }];

/** Type checks files of a folder once for each way to resolve modules. */
function typeCheck(folder: string, include: readonly string[], more: object): void {
	for (const resolution of RESOLUTIONS) {
		writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: { ...STRICT, ...resolution, ...more }, include }));
		execFileSync(resolve("node_modules/.bin/tsc"), ["-p", "."], { cwd: folder, stdio: "inherit" });
	}
}

function size(path: string): number {
	const info = lstatSync(path);
	if (!info.isDirectory()) return info.size;
	return readdirSync(path).reduce((sum, name) => sum + size(join(path, name)), info.size);
}

/** Links a package of this repository into a project. */
function link(name: string, project: string): void {
	const path = join(project, "node_modules", name);
	mkdirSync(dirname(path), { recursive: true });
	if (!existsSync(path)) symlinkSync(resolve("node_modules", name), path);
}

function check(condition: boolean, message: string): void {
	if (!condition) throw new Error(message);
	console.log(`ok  ${message}`);
}

if (!existsSync("dist/generated/schema/validate/config.js")) {
	console.error("dist/ is not built; run `npm run build` first");
	process.exit(2);
}
const root = process.cwd();
const work = mkdtempSync(join(tmpdir(), "spear-package-"));
/** Runs Node. The cache of prepared components is in `home`, so that the builder's cache does not serve the user. */
const node = (args: readonly string[], cwd: string, home = cwd): string => {
	const env = { ...process.env, XDG_CACHE_HOME: join(home, ".cache") };
	return execFileSync(process.execPath, args, { cwd, encoding: "utf8", env });
};
const npm = (args: readonly string[], cwd: string): string =>
	execFileSync("npm", [...args, "--no-audit", "--no-fund", "--loglevel=error"], {
		cwd,
		encoding: "utf8",
		stdio: ["ignore", "pipe", "inherit"],
	});
try {
	const packed: { filename: string }[] = JSON.parse(npm(["pack", "--json", "--ignore-scripts", "--pack-destination", work], root));
	const tarball = packed[0]?.filename ?? "";

	const project = join(work, "project");
	mkdirSync(project);
	writeFileSync(join(project, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
	npm(["install", join(work, tarball)], project);
	const weight = size(join(project, "node_modules"));
	const megabytes = (weight / 1024 / 1024).toFixed(1);
	check(weight <= LIMIT, `the installation weighs ${megabytes} MB (limit ${LIMIT / 1024 / 1024} MB)`);

	// The guest is compiled where the toolchain is; only what `spear build` left goes to the consumer.
	const guest = join(work, "guest");
	mkdirSync(join(guest, "node_modules"), { recursive: true });
	cpSync(join(project, "node_modules/spear-hostcall"), join(guest, "node_modules/spear-hostcall"), { recursive: true });
	writeFileSync(join(guest, "guest.ts"), GUEST);
	node([join(root, "dist/src/cli/main.js"), "build", join(guest, "guest.ts"), "-o", join(guest, "agent.wasm")], root, guest);
	cpSync(join(guest, "agent.spear"), join(project, "agent.spear"), { recursive: true });
	cpSync(join(guest, "agent.wasm"), join(project, "bare.wasm"));

	writeFileSync(join(project, "main.ts"), CONSUMER);
	writeFileSync(join(project, "lengths.ts"), KIND);
	writeFileSync(join(project, "client.ts"), CLIENT);
	mkdirSync(join(project, "node_modules/@types"), { recursive: true });
	cpSync(resolve("node_modules/@types/node"), join(project, "node_modules/@types/node"), { recursive: true });
	cpSync(resolve("node_modules/undici-types"), join(project, "node_modules/undici-types"), { recursive: true });
	typeCheck(project, ["main.ts", "client.ts"], { lib: ["esnext"], types: ["node"], allowImportingTsExtensions: true });
	check(true, "the host's types resolve under strict tsc");
	writeFileSync(join(guest, "plain.ts"), PLAIN_GUEST);
	typeCheck(guest, ["guest.ts"], { lib: ["es2023"], types: [] });
	typeCheck(guest, ["guest.ts", "plain.ts"], { lib: ["es2023"], types: ["spear-hostcall/guest/types"] });
	typeCheck(guest, ["guest.ts", "plain.ts"], { lib: ["esnext", "dom"], types: ["spear-hostcall/guest/types"] });
	check(true, "the guest's types resolve under strict tsc");

	const printed = node(["main.ts"], project);
	check(printed.includes('"output":"stub:'), "a host without a toolchain runs a prepared agent");
	check(printed.includes("in a worker: true"), "a prepared agent runs in a worker thread of the installed package");
	check(printed.includes("as a component: true"), "a host without a toolchain runs a bare component");
	check(printed.includes("@bytecodealliance/jco-transpile@0.14.0"), "the engine jco names the package that is missing");
	const called: unknown = JSON.parse(node(["client.ts"], project));
	check(
		isDeepStrictEqual(called, { lengthsOf: [4, 7], instance: "own", streamed: "1 messages", wav: true }),
		"a client calls a backend kind from outside the repository, streams from it, and reads media",
	);
	const listed = node(["node_modules/.bin/spear", "backends"], project);
	check(listed.includes("chat_completions"), "the installed spear command works");

	const example = join(project, "node_modules/spear-hostcall/examples/core-agent");
	const module = join(example, "core-agent.wasm");
	const runExample = (): SpawnSyncReturns<string> =>
		spawnSync(process.execPath, [join(project, "node_modules/.bin/spear"), "run", "core-agent.wasm"], { cwd: example, encoding: "utf8" });
	const answersOf = ({ status, stderr }: SpawnSyncReturns<string>): boolean => status === 0 && stderr.includes("stub: tool said {");
	writeFileSync(module, await parse(readFileSync(join(example, "core-agent.wat"), "utf8")));
	check(answersOf(runExample()), "the installed spear runs a core module, whose tool the host calls");
	if (await hasCompiler()) {
		const [compiler = "", ...options] = (/^clang .*$/m.exec(readFileSync(join(example, "README.md"), "utf8"))?.[0] ?? "").split(" ");
		rmSync(module);
		execFileSync(compiler, options, { cwd: example, stdio: "inherit" });
		check(answersOf(runExample()), "clang compiles a core module by the header of the package");
	} else console.log("--  clang or wasm-ld is missing: the header of the package is not compiled");
	for (const page of ["generated/docs/core.md", "src/abi/README.md", "src/hostcall/core/README.md"])
		check(existsSync(join(project, "node_modules/spear-hostcall", page)), `the package has ${page} for authors of core modules`);

	const guided = join(work, "guided");
	mkdirSync(guided);
	cpSync(join(project, "node_modules"), join(guided, "node_modules"), { recursive: true, verbatimSymlinks: true });
	// The compiler of this repository, so that the guide's second installation needs no network.
	for (const name of readdirSync("node_modules/@typescript")) link(join("@typescript", name), guided);
	link("typescript", guided);
	symlinkSync("../typescript/bin/tsc", join(guided, "node_modules/.bin/tsc"));
	const made = join(work, "made");
	node(["node_modules/.bin/spear", "new", "made", "--template", "tools", "--dir", made], project);
	cpSync(join(guided, "node_modules"), join(made, "node_modules"), { recursive: true, verbatimSymlinks: true });
	for (const tool of ["@types", "esbuild", "componentize-qjs"]) link(tool, made);
	const madeTest = ["--import", "spear-hostcall/guest/testing/register", "--test", "--test-reporter=tap"];
	check(/^# fail 0$/m.test(node(madeTest, made)), "the project of `spear new` passes its tests");
	for (const config of ["tsconfig.json", "tsconfig.test.json"]) node(["node_modules/typescript/bin/tsc", "-p", config], made);
	check(
		node(["node_modules/.bin/spear", "run", "agent.ts", "hello"], made).startsWith("stub: "),
		"the project of `spear new` type checks and runs",
	);
	const outputs = followGuide(GUIDE, guided, /^npm install/);
	check(
		outputs.some((output) => /^mine {2}\(acme\)/m.test(output)) && outputs.some((output) => output.includes("mine (acme)")),
		`the kind of ${GUIDE} serves a host, named in spear.toml and passed by an embedder`,
	);
	const suites = outputs.filter((output) => /^# fail 0$|^ℹ fail 0$/m.test(output));
	check(suites.length === 2, `the kind of ${GUIDE}, and that of the template, pass the conformance suite`);

	const ledger = join(work, "ledger");
	mkdirSync(ledger);
	writeFileSync(join(ledger, "package.json"), JSON.stringify({ type: "module" }));
	cpSync(join(guided, "node_modules"), join(ledger, "node_modules"), { recursive: true, verbatimSymlinks: true });
	for (const tool of ["esbuild", "componentize-qjs"])
		symlinkSync(resolve("node_modules/.bin", tool), join(ledger, "node_modules/.bin", tool));
	const settled = followGuide(CODEGEN_GUIDE, ledger, /^npm i/);
	check(
		settled.some((output) => output.includes("refused: { tag: 'overdrawn', val: 700n }")),
		`the host and the guest of ${CODEGEN_GUIDE} run`,
	);
	const codegen = (...args: string[]): string => node(["node_modules/.bin/spear-codegen", ...args], ledger);
	const targets: { name: string }[] = JSON.parse(codegen("ls-targets", "--json"));
	codegen("--out", "all", "--target", targets.map(({ name }) => name).join(","));
	check(existsSync(join(ledger, "all/docs/README.md")), `the installed spear-codegen has what its ${targets.length} targets need`);
} finally {
	rmSync(work, { recursive: true, force: true });
}
