import { createHash } from "node:crypto";
import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Serving } from "../../src/host/serving.ts";
import type { Config } from "../../src/index.ts";
import { createHost } from "../../src/index.ts";
import { scratch } from "../helpers/guest.ts";

const KEY = "a-key-of-sixteen-characters";

function sha256(text: string): string {
	return createHash("sha256").update(text).digest("hex");
}

async function servingFrom(config: Config, env: Record<string, string> = {}): Promise<Serving> {
	const host = await createHost({ config: { host: { log_level: "silent" }, ...config }, env });
	const serving = host.serving();
	await host.close();
	return serving;
}

test("clients are found by the digests of their keys, and no key is kept", async () => {
	const path = join(await mkdtemp(join(scratch(), "keys-")), "key");
	await writeFile(path, `${KEY}-in-a-file\n`);
	const serving = await servingFrom(
		{ clients: { one: { key_env: "ONE" }, two: { key_file: path }, three: { key_sha256: sha256("three") } } },
		{ ONE: KEY },
	);
	assert.equal(
		[...serving.clientsByDigest],
		[
			[sha256(KEY), "one"],
			[sha256(`${KEY}-in-a-file`), "two"],
			[sha256("three"), "three"],
		],
	);
	assert.equal(serving.faults, []);
	assert.not.match(JSON.stringify([serving, [...serving.clientsByDigest]]), KEY);
});

test("a key that is missing, empty or short is named, and its client is left out", async () => {
	const path = join(await mkdtemp(join(scratch(), "keys-")), "key");
	await writeFile(path, "\n");
	const clients = {
		unset: { key_env: "UNSET" },
		short: { key_env: "SHORT" },
		absent: { key_file: `${path}.absent` },
		empty: { key_file: path },
	};
	const { clientsByDigest, faults } = await servingFrom({ clients }, { SHORT: "123456789012345" });
	assert.is(clientsByDigest.size, 0);
	assert.is(faults.length, 4, faults.join("\n"));
	assert.is(faults[0], "[clients.unset]: the environment variable UNSET is not set");
	assert.is(faults[1], "[clients.short]: SHORT must hold at least 16 random characters");
	assert.match(faults[2] ?? "", /^\[clients\.absent\]: .*key\.absent.*no such file/);
	assert.match(faults[3] ?? "", /^\[clients\.empty\]: .*key/);
});

test("two clients with one key: the first has it, and the second is told", async () => {
	const { clientsByDigest, faults } = await servingFrom(
		{ clients: { one: { key_env: "ONE" }, two: { key_env: "TWO" }, three: { key_sha256: sha256(KEY) } } },
		{ ONE: KEY, TWO: KEY },
	);
	assert.equal([...clientsByDigest.values()], ["one"]);
	assert.equal(faults, [
		"[clients.two]: it has the key of [clients.one]; give each client a key of its own",
		"[clients.three]: it has the key of [clients.one]; give each client a key of its own",
	]);
});

test("a client with the key of the admin API cannot use the server", async () => {
	const { clientsByDigest, adminDigest, faults } = await servingFrom(
		{ server: { admin_key_env: "ADMIN" }, clients: { one: { key_env: "ONE" } } },
		{ ONE: KEY, ADMIN: KEY },
	);
	assert.is(clientsByDigest.size, 0);
	assert.is(adminDigest?.toString("hex"), sha256(KEY));
	assert.equal(faults, ["[clients.one]: it has the key of the admin API; give each a key of its own"]);
});

test("without a usable key there is no admin API", async () => {
	assert.is((await servingFrom({})).adminDigest, undefined);
	const { adminDigest, faults } = await servingFrom({ server: { admin_key_env: "ADMIN" } });
	assert.is(adminDigest, undefined);
	assert.equal(faults, ["[server] admin key: the environment variable ADMIN is not set"]);
});

test("the limits of a run are those of its guest, or of all guests", async () => {
	const { runCaps } = await servingFrom({ guests: { one: { run_timeout_ms: 5, cpu_ms: 3 }, "*": { run_timeout_ms: 9 } } });
	assert.equal([runCaps("one").timeoutMs, runCaps("one").cpuMs], [5, 3]);
	assert.equal([runCaps("other").timeoutMs, runCaps("other").cpuMs], [9, undefined]);
});

test("keys in files are read again after a reload", async () => {
	const path = join(await mkdtemp(join(scratch(), "keys-")), "key");
	await writeFile(path, KEY);
	const config: Config = { host: { log_level: "silent" }, clients: { one: { key_file: path } } };
	const host = await createHost({ config, env: {} });
	assert.equal([...host.serving().clientsByDigest.keys()], [sha256(KEY)]);
	await writeFile(path, `${KEY}-renewed`);
	await host.reload(config);
	assert.equal([...host.serving().clientsByDigest.keys()], [sha256(`${KEY}-renewed`)]);
	await host.close();
});

test.run();
