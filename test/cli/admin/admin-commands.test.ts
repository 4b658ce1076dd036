/** `spear top` and `spear decisions` against a running server. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ADMIN_KEY, chat, type ServedAdmin, servedAdmin } from "../../helpers/admin.ts";
import { createCertificates } from "../../helpers/certificates.ts";
import { ROOT } from "../../helpers/guest.ts";
import { served } from "../../helpers/served.ts";
import { type SpearResult, spear, spearHere } from "../../helpers/spear.ts";

const test = suite("spear top, spear decisions");

const KEY_ENV = "SPEAR_ADMIN_KEY";

/** A backend that cannot be reached is tried first, so that requests fall back. */
const CONFIG = {
	backends: {
		dead: { kind: "openai-compatible", base_url: "http://127.0.0.1:1/v1", models: ["m"], priority: 0 },
		good: { kind: "stub", models: ["m"], priority: 1 },
	},
	guests: { shop: { requests_per_minute: 60 } },
};

const folder = mkdtempSync(join(tmpdir(), "spear-admin-commands-"));
let at: ServedAdmin;

test.before(async () => {
	process.env[KEY_ENV] = ADMIN_KEY;
	at = await servedAdmin(CONFIG);
	const client = at.host.client({ guest: "shop" });
	await chat(client, "m");
	await chat(client, "m");
	await chat(client, "un\u001b[31mknown").catch(() => undefined);
});

test.after(async () => {
	delete process.env[KEY_ENV];
	await at.close();
	rmSync(folder, { recursive: true });
});

const here = (...args: string[]): Promise<SpearResult> => spearHere([...args, "--url", at.url]);

test("spear top --once prints backends, guests and errors", async () => {
	const { code, stdout } = await here("top", "--once");
	assert.is(code, 0);
	assert.match(stdout, /^spear \S+ at http:\S+ {2}up /);
	assert.match(stdout, /^dead +(degraded|healthy|unavailable) +0 .*100 %/m);
	assert.match(stdout, /^good +healthy +0 /m);
	assert.match(stdout, /^shop +3 +1 .*of 60 requests per minute/m);
	assert.match(stdout, /2× +dead +backend_error: /);
});

test("spear top --once --json prints one object", async () => {
	const { code, stdout } = await here("top", "--once", "--json");
	const overview = JSON.parse(stdout);
	assert.equal([code, overview.status.totals.requests, overview.backends.length], [0, 3, 2]);
});

test("spear decisions prints one line for each, the newest last, without control characters", async () => {
	const { code, stdout } = await here("decisions");
	const lines = stdout.trimEnd().split("\n");
	assert.equal([code, lines.length], [0, 3]);
	assert.match(
		lines[0] ?? "",
		/^\d\d:\d\d:\d\d\.\d{3} {2}ok {9}chat_completions \(m\) → good {2}\d+ ms .*guest shop {2}2 attempts, fell back {2}[0-9a-f-]{36}$/,
	);
	assert.match(lines[2] ?? "", /failed.* → no backend/);
	// biome-ignore lint/suspicious/noControlCharactersInRegex: looks for control characters
	assert.not.match(stdout, /[\u0000-\u0009\u000b-\u001f]/);
});

test("a certificate that is not trusted is told as such", async () => {
	const { server } = createCertificates("localhost");
	const [certFile, keyFile] = [join(folder, "cert.pem"), join(folder, "key.pem")];
	writeFileSync(certFile, server.cert);
	writeFileSync(keyFile, server.key);
	const secured = await served({ server: { tls_cert_file: certFile, tls_key_file: keyFile } });
	const { code, stderr } = await spearHere(["top", "--once", "--url", `https://localhost:${secured.port}`]);
	await secured.close();
	assert.is(code, 1);
	assert.match(stderr, /^spear: https:\S+: the certificate of the server is not trusted .*NODE_EXTRA_CA_CERTS/);
	assert.not.match(stderr, /running there/);
});

test("filters restrict the decisions, and --json prints one object a line", async () => {
	const { stdout } = await here("decisions", "--status", "failed", "--json");
	const lines = stdout.trimEnd().split("\n");
	assert.is(lines.length, 1);
	assert.is(JSON.parse(lines[0] ?? "").status, "failed");
	assert.is((await here("decisions", "--backend", "dead", "--limit", "1")).stdout.split("\n").length, 2);
	assert.is((await here("decisions", "--hedged")).stdout, "");
	assert.is((await here("decisions", "--since", "1h", "--guest", "other")).stdout, "");
});

test("spear decisions with an id prints the whole explanation", async () => {
	const { stdout: list } = await here("decisions", "--status", "ok", "-n", "1", "--json");
	const { id } = JSON.parse(list);
	const { code, stdout } = await here("decisions", id);
	assert.is(code, 0);
	assert.match(stdout, /tried dead: backend_error after \d+ ms/);
	assert.match(stdout, /tried good: ok after \d+ ms \(fallback\)/);
	assert.is(JSON.parse((await here("decisions", id, "--json")).stdout).timeline.length, 2);
});

for (const { name, args, env, code, message } of [
	{ name: "an unknown id", args: ["decisions", "none"], env: ADMIN_KEY, code: 2, message: /there is no decision 'none'/ },
	{ name: "a wrong key", args: ["top", "--once"], env: "x", code: 2, message: /not the key of the admin API/ },
	{ name: "no key", args: ["top", "--once"], env: "", code: 2, message: /the environment variable SPEAR_ADMIN_KEY is not set/ },
	{
		name: "an id that is followed",
		args: ["decisions", "a", "--follow"],
		env: ADMIN_KEY,
		code: 2,
		message: /--follow: one decision does not change/,
	},
	{
		name: "too short an interval",
		args: ["top", "--interval", "1ms"],
		env: ADMIN_KEY,
		code: 2,
		message: /--interval: it must be at least 250ms/,
	},
	{ name: "two keys", args: ["top", "--key-env", "A", "--key-file", "/b"], env: ADMIN_KEY, code: 2, message: /exclude each other/ },
	{
		name: "an unknown status",
		args: ["decisions", "--status", "good"],
		env: ADMIN_KEY,
		code: 2,
		message: /Allowed choices are ok, failed, cancelled/,
	},
	{ name: "a limit of 0", args: ["decisions", "-n", "0"], env: ADMIN_KEY, code: 2, message: /a whole number from 1 to 2000/ },
]) {
	test(`${name} ends the command with ${code} and the reason`, async () => {
		process.env[KEY_ENV] = env;
		const result = await here(...args);
		process.env[KEY_ENV] = ADMIN_KEY;
		assert.is(result.code, code, result.stderr);
		assert.match(result.stderr, message);
		assert.not.match(result.stderr, /\n\s+at /);
	});
}

test("a server that is not there ends --once with 1, a URL with a password with 2", async () => {
	const none = await spearHere(["top", "--once", "--url", "http://127.0.0.1:1"]);
	assert.is(none.code, 1);
	assert.match(none.stderr, /is `spear serve` running there\?/);
	const secret = await spearHere(["top", "--once", "--url", "http://user:secret@127.0.0.1:1", "--json"]);
	assert.is(secret.code, 2);
	assert.not.match(secret.stdout + secret.stderr, /secret/);
});

test("address and key come from the configuration", async () => {
	const { port } = new URL(at.url);
	const keyFile = join(folder, "key");
	writeFileSync(keyFile, `${ADMIN_KEY}\n`, { mode: 0o600 });
	const config = join(folder, "spear.toml");
	writeFileSync(config, `[server]\nport = ${port}\nhost = "127.0.0.1"\nadmin_key_file = "${keyFile}"\n`);
	delete process.env[KEY_ENV];
	const { code, stdout } = await spearHere(["decisions", "-c", config, "-n", "1"]);
	process.env[KEY_ENV] = ADMIN_KEY;
	assert.equal([code, stdout.split("\n").length], [0, 2]);
});

test("spear decisions --follow prints further decisions until it is interrupted", async () => {
	let printed = "";
	const result = await spear(["decisions", "--follow", "--json", "--guest", "followed", "--url", at.url], {
		env: { [KEY_ENV]: ADMIN_KEY },
		keepStdinOpen: true,
		onStart(child) {
			const client = at.host.client({ guest: "followed" });
			let sent = 0;
			// The first ones may come before the command listens.
			const timer = setInterval(() => {
				sent += 1;
				void chat(client, "m");
			}, 50);
			child.stdout?.on("data", (data: Buffer) => {
				printed += data.toString();
				if (printed.split("\n").length <= 4 || sent < 5) return;
				clearInterval(timer);
				child.kill("SIGINT");
			});
			child.on("close", () => clearInterval(timer));
		},
	});
	assert.is(result.code, 130, result.stderr);
	const sequences = result.stdout
		.trimEnd()
		.split("\n")
		.map((line) => JSON.parse(line))
		.map(({ guest, sequence }) => {
			assert.is(guest, "followed");
			return sequence as number;
		});
	assert.equal(
		sequences,
		sequences.toSorted((a, b) => a - b),
	);
	assert.is(new Set(sequences).size, sequences.length);
});

/** Returns true if there is the program that runs a command on a terminal. */
async function hasTerminal(): Promise<boolean> {
	return new Promise((resolve) => {
		const child = spawn("script", ["--version"], { stdio: "ignore" });
		child.on("error", () => resolve(false));
		child.on("close", (code) => resolve(code === 0));
	});
}

if (process.platform === "linux" && (await hasTerminal())) {
	test("spear top draws on a terminal until q, survives a restart, and leaves the terminal as it was", async () => {
		const own = await servedAdmin({});
		const { port } = new URL(own.url);
		const command = `${process.execPath} --disable-warning=ExperimentalWarning ${join(ROOT, "src/cli/main.ts")} top --interval 250ms --url ${own.url}`;
		const child = spawn("script", ["-qec", command, "/dev/null"], {
			env: { ...process.env, [KEY_ENV]: ADMIN_KEY },
			stdio: ["pipe", "pipe", "ignore"],
		});
		let printed = "";
		let arrived = (): void => {};
		child.stdout.on("data", (data: Buffer) => {
			printed += data.toString();
			arrived();
		});
		const until = async (text: RegExp): Promise<void> => {
			while (!text.test(printed)) {
				await new Promise<void>((resolve) => {
					arrived = resolve;
				});
			}
			printed = "";
		};
		const closed = new Promise<number | null>((resolve) => child.on("close", resolve));
		await until(/\[\?1049h[\s\S]*stub +healthy[\s\S]*q: quit/);
		await own.close();
		await until(/trying again/);
		const again = await servedAdmin({ server: { port: Number(port) } });
		const second = await import("../../../src/serve.ts").then(({ createServer }) => createServer(again.host));
		await second.listen({ port: Number(port) });
		await until(/stub +healthy/);
		child.stdin.write("q");
		assert.is(await closed, 0);
		assert.match(printed, /\[\?25h[\s\S]*\[\?1049l/);
		await second.close({ drainMs: 0 });
		await again.close();
	});
} else {
	process.stdout.write("spear top on a terminal is not tested: the program `script` of util-linux is missing\n");
}

test.run();
