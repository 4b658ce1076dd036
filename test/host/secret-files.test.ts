import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readSecretFile } from "../../src/host/secret-file.ts";
import { SecretSources } from "../../src/host/secret-sources.ts";
import { createHost, type Host } from "../../src/index.ts";
import { faultsOf } from "../helpers/config.ts";
import { scratch } from "../helpers/guest.ts";
import { memoryLog } from "../helpers/memory-log.ts";
import { answer, OpenAiServer } from "../helpers/openai-server.ts";

const FOLDER = join(scratch(), "secret-files");
mkdirSync(FOLDER, { recursive: true });

const FIRST = "sk-first-in-a-file-0123456789";
const SECOND = "sk-second-in-a-file-0123456789";

/** Writes a file that only its owner may read, and returns its path. */
function secretFile(name: string, content: string | Uint8Array, mode = 0o600): string {
	const path = join(FOLDER, name);
	writeFileSync(path, content);
	chmodSync(path, mode);
	return path;
}

for (const [what, content, secret] of [
	["without a line break", FIRST, FIRST],
	["with a line break", `${FIRST}\n`, FIRST],
	["with a line break of Windows", `${FIRST}\r\n`, FIRST],
	["with two line breaks", `${FIRST}\n\n`, `${FIRST}\n`],
	["with blanks", ` ${FIRST} `, ` ${FIRST} `],
] as const) {
	test(`a secret file ${what} loses one line break at most`, () => {
		assert.is(readSecretFile(secretFile("lines", content)).secret, secret);
	});
}

test("a file that holds no secret has its reason, which repeats none of the content", () => {
	const large = secretFile("large", FIRST);
	truncateSync(large, 8 * 1024 ** 3);
	const loop = join(FOLDER, "loop");
	symlinkSync(loop, loop);
	const reasons = [
		join(FOLDER, "absent"),
		FOLDER,
		secretFile("empty", ""),
		secretFile("blank", " \r\n"),
		large,
		secretFile("binary", Uint8Array.of(0x73, 0x6b, 0xff, 0xfe)),
		"/dev/zero",
		join(secretFile("file", FIRST), "below"),
		loop,
		join(FOLDER, "x".repeat(300)),
		"a\0b",
	].map((path) => readSecretFile(path).fault);
	assert.equal(reasons, [
		"no such file",
		"it is a directory",
		"it is empty",
		"it is empty",
		"it has more than 65536 bytes",
		"it is no text",
		"it is not a file",
		"a part of the path is not a directory",
		"ELOOP",
		"the name is too long",
		"ERR_INVALID_ARG_VALUE",
	]);
});

test("a pipe without a writer is refused at once", () => {
	const pipe = join(FOLDER, "pipe");
	execFileSync("mkfifo", [pipe]);
	assert.is(readSecretFile(pipe).fault, "it is not a file");
});

test("a file that the user may not read is named so", () => {
	if (process.getuid?.() === 0) return; // Root may read every file.
	assert.is(readSecretFile(secretFile("closed", FIRST, 0o000)).fault, "permission denied");
});

test("a link is followed, and the permissions of its target count", () => {
	const link = join(FOLDER, "link");
	symlinkSync(secretFile("target", FIRST, 0o644), link);
	assert.equal(readSecretFile(link), { secret: FIRST, isPublic: true });
	assert.is(readSecretFile(secretFile("own", FIRST, 0o640)).isPublic, false);
});

test("a relative name without a folder is a variable, also if a file has the name", () => {
	const secrets = new SecretSources({ A_KEY: " of the environment " });
	assert.is(secrets.get("A_KEY"), "of the environment");
	assert.is(secrets.fault("A_KEY"), undefined);
});

test("a byte order mark before a key is no part of it", () => {
	assert.is(new SecretSources({}).get(secretFile("marked", `\ufeff${FIRST}\n`)), FIRST);
});

/** Runs a test with a server that refuses keys other than the accepted one. */
async function withHost(
	file: string | string[],
	run: (parts: { host: Host; server: OpenAiServer; lines: () => string }) => Promise<void>,
): Promise<void> {
	const server = await OpenAiServer.start();
	const { logger, lines } = memoryLog();
	const host = await createHost({
		logger,
		env: {},
		config: {
			router: { max_attempts: 1 },
			backends: { up: { kind: "openai-compatible", base_url: server.baseUrl, models: ["m"], api_key_file: file } },
		},
	});
	try {
		await run({ host, server, lines: () => JSON.stringify(lines) });
	} finally {
		await host.close();
		await server.close();
	}
}

async function ask(host: Host): Promise<void> {
	const message = { role: "user" as const, content: [{ type: "text" as const, text: "Hi" }], tool_calls: [] };
	await host.client().call("chat_completions", { model: "m", messages: [message], tools: [] });
}

const ANSWER = {
	id: "1",
	model: "m",
	choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "Hi." } }],
};

test("a request carries the key of the file, and a reload reads the file again", async () => {
	const path = secretFile("key", `${FIRST}\n`);
	await withHost(relative(process.cwd(), path), async ({ host, server, lines }) => {
		server.script(answer.json(ANSWER), answer.json(ANSWER), answer.json(ANSWER));
		await ask(host);
		writeFileSync(join(FOLDER, "next"), SECOND);
		renameSync(join(FOLDER, "next"), path);
		await ask(host);
		await host.reload();
		await ask(host);
		assert.equal(
			server.requests.map(({ headers }) => headers.authorization),
			[FIRST, FIRST, SECOND].map((key) => `Bearer ${key}`),
		);
		assert.not.match(lines(), "sk-");
	});
});

test("a file without a key makes its backend unavailable, and the log and the check name the file", async () => {
	const path = join(FOLDER, "later");
	await withHost(path, async ({ host, lines }) => {
		assert.equal(host.backends()[0]?.missingKeys, [path]);
		assert.is(host.backends()[0]?.hasKey, false);
		assert.match(lines(), `${path} of backend up: no such file, so the key is not used`);
		const [check] = await host.checkBackends();
		assert.is(check?.message, `no key: write it into ${path}`);
		secretFile("later", FIRST);
		await host.reload();
		assert.equal(host.backends()[0]?.missingKeys, []);
		rmSync(path);
		await host.reload();
		assert.equal(host.backends()[0]?.missingKeys, [path]);
	});
});

test("a key that every user can read is used, with a warning", async () => {
	const path = secretFile("public", FIRST, 0o644);
	await withHost([path], async ({ host, lines }) => {
		assert.is(host.backends()[0]?.hasKey, true);
		assert.match(lines(), `every user of this machine can read the file; chmod o-r ${path}`);
	});
});

test("an upstream that repeats the key of a file does not bring it into an error, also after the file has changed", async () => {
	const path = secretFile("repeated", FIRST);
	await withHost(path, async ({ host, server, lines }) => {
		for (const key of [FIRST, SECOND]) {
			server.script(answer.status(400, { error: { message: `the key ${key} is odd` } }));
			const thrown: unknown = await ask(host).catch((error: unknown) => error);
			assert.match(String(thrown), "[redacted]");
			assert.not.match(JSON.stringify(thrown) + String(thrown) + lines(), key);
			writeFileSync(path, SECOND);
			await host.reload();
		}
	});
});

test("secrets keep the content before a refresh, which a request in flight may carry", () => {
	const path = secretFile("kept", FIRST);
	const secrets = new SecretSources({});
	assert.equal([...secrets.values(path)], [FIRST]);
	writeFileSync(path, SECOND);
	assert.equal([...secrets.values(path)], [FIRST]);
	secrets.refresh();
	assert.equal([...secrets.values(path)], [SECOND, FIRST]);
});

test("the secret that seals parts comes from a file, and a short or absent one is a fault", async () => {
	const config = (seal_key_file: string) => ({ host: { seal_key_file, log_level: "silent" as const } });
	await (await createHost({ config: config(secretFile("seal", `${"s".repeat(40)}\n`)), env: {} })).close();
	for (const [path, fault] of [
		[secretFile("short", "short"), "must hold at least 32 random characters"],
		[join(FOLDER, "none"), "host.seal_key_file: no such file"],
	] as const) {
		const thrown: unknown = await createHost({ config: config(path), env: {} }).catch((error: unknown) => error);
		assert.match(String(thrown), fault);
	}
});

test("faults of paths are located, and a key in place of a path is not repeated", () => {
	const backend = (line: string): string => `[backends.a]\nkind = "stub"\n${line}\n`;
	assert.equal(faultsOf(backend('api_key_file = "~/key"')), [
		"backends.a.api_key_file: '~' and variables are not expanded; write the whole path",
	]);
	const [pasted = ""] = faultsOf(backend(`api_key_file = ["/run/key", "sk-proj-abcdefgh0123456789"]`));
	assert.is(pasted, "backends.a.api_key_file[1]: this looks like a key; put the key into a file, and the path of the file here");
	assert.equal(faultsOf(backend('api_key_file = ""')), ["backends.a.api_key_file: must not be empty"]);
	assert.equal(faultsOf('[host]\nseal_key_env = "A"\nseal_key_file = "/b"\n'), [
		"host.seal_key_file: cannot stand beside seal_key_env; name one of them",
	]);
});

test.run();
