/** `spear doctor` as an operator sees it. */
import { chmod, mkdir, mkdtemp, readdir, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { checkCache } from "../../../src/cli/doctor/check-cache.ts";
import type { DoctorCheck } from "../../../src/cli/doctor/doctor-check.ts";
import { FEATURES } from "../../../src/cli/doctor/features.ts";
import { ModelStore } from "../../../src/model-store/model-store.ts";
import { scratch } from "../../helpers/guest.ts";
import { answer, type Behaviour, OpenAiServer } from "../../helpers/openai-server.ts";
import { spear, spearHere } from "../../helpers/spear.ts";

const KEY = "doctor-canary-5e1f77a90c";
const NAMES = ["DOCTOR_KEY", "DOCTOR_QUOTED", "DOCTOR_ABSENT", "SPEAR_MODELS"] as const;

const test = suite("spear doctor");
test.before.each(async () => {
	process.env.SPEAR_MODELS = await folder();
	process.env.DOCTOR_KEY = KEY;
	process.env.DOCTOR_QUOTED = `"${KEY}"`;
});
test.after.each(() => {
	for (const name of NAMES) delete process.env[name];
});

function folder(): Promise<string> {
	return mkdtemp(join(scratch(), "doctor-"));
}

/** Writes a configuration with a cache of its own. */
async function configFile(text: string, cache?: string): Promise<string> {
	const directory = await folder();
	const path = join(directory, "spear.toml");
	await writeFile(path, `[host]\ncache_dir = ${JSON.stringify(cache ?? directory)}\n${text}`);
	return path;
}

interface Diagnosis {
	readonly code: number | null;
	readonly ok: boolean;
	/** Returns the checks of an area, each as its status, name, message and remedy. */
	of(area: DoctorCheck["area"]): readonly (readonly (string | undefined)[])[];
}

/** Runs the command with `--json`. No output may hold the key. */
async function diagnose(config: string, ...args: string[]): Promise<Diagnosis> {
	const { code, stdout, stderr } = await spearHere(["doctor", "-c", config, "--json", ...args]);
	assert.is(stderr, "");
	assert.not(stdout.includes(KEY));
	assert.not(/\bat .*:\d+:\d+/.test(stdout), "no stack");
	const { ok, checks }: { ok: boolean; checks: DoctorCheck[] } = JSON.parse(stdout);
	for (const { status, remedy } of checks) assert.ok(status === "ok" || remedy !== undefined, "each fault has a remedy");
	return {
		code,
		ok,
		of: (area) => checks.filter((check) => check.area === area).map(({ status, name, message, remedy }) => [status, name, message, remedy]),
	};
}

/** Runs a test with an upstream that plays the script. */
async function withUpstream(script: readonly Behaviour[], run: (baseUrl: string) => Promise<void>): Promise<void> {
	const server = await OpenAiServer.start(...script);
	try {
		await run(server.baseUrl);
	} finally {
		await server.close();
	}
}

const backend = (name: string, baseUrl: string, keys: string) =>
	`[backends.${name}]\nkind = "openai-compatible"\nbase_url = "${baseUrl}"\napi_key_env = ${keys}\nmodels = ["small"]\n`;
const LIST = answer.json({ data: [{ id: "small" }] });

test("a machine with nothing installed has warnings, each with its command, and no problem", async () => {
	const found = await diagnose(await configFile('[backends.stub]\nkind = "stub"\n'));
	assert.equal([found.code, found.ok], [0, true]);
	assert.equal(found.of("node"), [["ok", "node", process.versions.node, undefined]]);
	assert.equal(found.of("backend"), [["ok", "stub", "stub, nothing to check: this kind has no cheap request", undefined]]);
	assert.equal(
		found.of("model").find(([, name]) => name === "flite"),
		["warning", "flite", "is not on this machine (text_to_speech, realtime_voice)", "spear models pull flite"],
	);
	assert.equal(found.of("port"), []);
});

test("a model with a changed byte is a problem, unless digests are not compared", async () => {
	const store = new ModelStore(process.env.SPEAR_MODELS);
	const { name, files } = store.model("silero-vad");
	await mkdir(store.folderOf(name));
	for (const file of files) await writeFile(join(store.folderOf(name), file.name), Buffer.alloc(file.bytes));
	const config = await configFile('[backends.stub]\nkind = "stub"\n');
	const modelOf = async (...args: string[]) => (await diagnose(config, ...args)).of("model").find(([, model]) => model === name);
	assert.equal(await modelOf(), [
		"problem",
		name,
		"is broken: silero_vad.onnx has another content (speech_to_text, realtime_voice)",
		`spear models pull ${name}`,
	]);
	assert.equal(await modelOf("--no-verify"), ["ok", name, "present (speech_to_text, realtime_voice)", undefined]);
});

test("a configuration without backends is described by what answers in its place", async () => {
	const found = await diagnose(await configFile(""));
	assert.equal(
		found.of("configuration").map(([status, , message]) => [status, message]),
		[["ok", "valid, without backends: stub answers every operation with made-up content"]],
	);
});

test("a corrupt model is a problem", async () => {
	await mkdir(join(process.env.SPEAR_MODELS ?? "", "flite"));
	const found = await diagnose(await configFile(""));
	assert.equal([found.code, found.ok], [1, false]);
	const [status, , message, remedy] = found.of("model").find(([, name]) => name === "flite") ?? [];
	assert.equal([status, remedy], ["problem", "spear models pull flite"]);
	assert.match(message ?? "", /^is broken: /);
});

test("keys are looked up by their variables: missing, in quotes, one of several, set", () =>
	withUpstream([LIST, LIST, LIST, LIST], async (url) => {
		const names = { a: '"DOCTOR_ABSENT"', b: '"DOCTOR_QUOTED"', c: '["DOCTOR_KEY", "DOCTOR_ABSENT"]', d: '"DOCTOR_KEY"' };
		const config = await configFile(
			Object.entries(names)
				.map(([name, keys]) => backend(name, url, keys))
				.join(""),
		);
		const found = await diagnose(config);
		assert.is(found.code, 1);
		assert.equal(found.of("key"), [
			["problem", "a", "DOCTOR_ABSENT is not set", "export DOCTOR_ABSENT=<key>"],
			["warning", "b", "DOCTOR_QUOTED: the value is in quotes, which belong to no key", "set it without them"],
			["warning", "c", "DOCTOR_ABSENT not set, others are", "export DOCTOR_ABSENT=<key>"],
			["ok", "d", "DOCTOR_KEY set", undefined],
		]);
		assert.equal(
			found.of("backend").map(([status, name]) => [status, name]),
			[
				["ok", "b"],
				["ok", "c"],
				["ok", "d"],
			],
		);
	}));

test("a wrong base URL and a refused key are problems of the backend, and `--offline` asks no backend", () =>
	withUpstream([answer.status(404, {}), answer.status(401, { error: { message: `no ${KEY}` } })], async (url) => {
		const config = await configFile(backend("wrong", url, '"DOCTOR_KEY"'));
		const target = `GET ${url}/models`;
		assert.equal((await diagnose(config)).of("backend"), [
			[
				"problem",
				"wrong",
				`${target} answers 404`,
				"check the path of base_url, such as a missing or surplus /v1 (a server without a list of models answers so too)",
			],
		]);
		assert.equal((await diagnose(config)).of("backend"), [
			["problem", "wrong", `${target} refuses the key in DOCTOR_KEY (status 401)`, "check its value"],
		]);
		const offline = await diagnose(config, "--offline");
		assert.equal([offline.code, offline.of("backend")], [0, [["ok", "wrong", "openai-compatible, not asked (--offline)", undefined]]]);
	}));

test("a configuration that is missing or has faults is a problem, and the other checks go on", async () => {
	const missing = join(await folder(), "none.toml");
	const absent = await diagnose(missing);
	assert.equal(
		[absent.code, absent.of("configuration")],
		[1, [["problem", missing, `${missing}: no such file`, "name the file with --config, or write a spear.toml"]]],
	);
	const faulty = await configFile('[backends.a]\nkind = "opnai"\n[hst]\n');
	const found = await diagnose(faulty);
	assert.equal(
		found.of("configuration").map(([status, name, message, remedy]) => [status, name, message?.replace(/ there are: .*/, ""), remedy]),
		[
			["problem", `${faulty}:4:8`, "backends.a.kind: no backend kind is named 'opnai';", `correct line 4 of ${faulty}`],
			["problem", `${faulty}:5:2`, "hst: no such key; did you mean 'host'?", `correct line 5 of ${faulty}`],
		],
	);
	assert.is(found.of("engine").length, FEATURES.length);
});

test("a port in use is a problem, and a free one is not", async () => {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	const port = typeof address === "object" && address !== null ? address.port : 0;
	const config = await configFile("");
	const used = await diagnose(config, "--port", String(port));
	assert.equal(
		[used.code, used.of("port")],
		[1, [["problem", String(port), "in use by another program", `end that program (\`lsof -i :${port}\` names it), or use another port`]]],
	);
	await new Promise((resolve) => server.close(resolve));
	const free = await diagnose(config, "--port", String(port));
	assert.equal([free.code, free.of("port")], [0, [["ok", String(port), "free (spear itself listens on no port yet)", undefined]]]);
});

test("a port that is none is refused", async () => {
	for (const port of ["0", "65536", "http"]) {
		const { code, stderr } = await spearHere(["doctor", "--port", port]);
		assert.is(code, 2);
		assert.match(stderr, "It must be a number from 1 to 65535.");
	}
});

test("each check is a line with the remedy behind an arrow, and a last line has the sums", async () => {
	const { code, stdout } = await spearHere(["doctor", "-c", await configFile(backend("a", "http://127.0.0.1:9/v1", '"DOCTOR_ABSENT"'))]);
	assert.is(code, 1);
	const lines = stdout.split("\n");
	assert.match(lines[0] ?? "", /^ok +node +\d+\.\d+\.\d+$/);
	assert.match(lines[2] ?? "", /^problem +key +a +DOCTOR_ABSENT is not set → export DOCTOR_ABSENT=<key>$/);
	assert.match(lines.at(-2) ?? "", /^1 problem, \d+ warnings$/);
});

test("a cache is checked without a trace", async () => {
	const directory = await folder();
	assert.equal(await checkCache(directory), { area: "cache", name: directory, status: "ok", message: "can be written" });
	assert.is((await checkCache(join(directory, "a/b"))).status, "ok");
	assert.equal(await readdir(directory), []);
	await writeFile(join(directory, "file"), "");
	const file = await checkCache(join(directory, "file/cache"));
	assert.equal([file.status, file.message], ["problem", "cannot be written: a part of the path is not a directory"]);
	await symlink("loop", join(directory, "loop"));
	assert.is((await checkCache(join(directory, "loop"))).status, "problem");
});

if (process.platform !== "win32")
	test("a cache that others can write is a problem", async () => {
		const directory = await folder();
		await chmod(directory, 0o777);
		const { status, message, remedy } = await checkCache(directory);
		assert.is(status, "problem");
		assert.match(`${message}; ${remedy}`, "other users can write to it; remove that permission with `chmod go-w`");
	});

test("Ctrl-C ends the checks", async () => {
	const server = await OpenAiServer.start(answer.silence());
	const config = await configFile(backend("slow", server.baseUrl, '"DOCTOR_KEY"'));
	const { code, stdout, stderr } = await spear(["doctor", "-c", config], {
		onStart: (child) => void server.request(0).then(() => child.kill("SIGINT")),
	});
	await server.close();
	assert.equal([code, stdout, stderr], [130, "", "spear: interrupted by SIGINT\n"]);
});

test.run();
