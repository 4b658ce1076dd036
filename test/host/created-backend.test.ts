/** Kinds of others: whatever their code does when a host starts and closes, the host names the backend and goes on. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { BackendKind } from "../../src/backends/backend.ts";
import { ConfigError } from "../../src/config/config-error.ts";
import { checkedBackend } from "../../src/host/checked-backend.ts";
import { createHost } from "../../src/host/create-host.ts";
import { memoryLog } from "../helpers/memory-log.ts";

const CAPABILITY = { features: [], transports: ["unary"], models: ["m"] };
const backend = (more: object = {}): object => ({
	operations: { embeddings: { unary: async () => ({ model: "m", dimensions: 1, vectors: [Float32Array.of(1)] }) } },
	capabilities: { embeddings: CAPABILITY },
	close: async () => {},
	...more,
});
const withCapability = (more: object): object => backend({ capabilities: { embeddings: { ...CAPABILITY, ...more } } });
const kindOf = (name: string, create: () => unknown): BackendKind => ({ name, create }) as BackendKind;
const BACKENDS = { a: { kind: "mine", models: ["m"] } };

/** Returns the fault of a host whose kind creates this. */
async function faultOf(create: () => unknown): Promise<ConfigError> {
	try {
		await (await createHost({ kinds: [kindOf("mine", create)], env: {}, config: { backends: BACKENDS } })).close();
	} catch (thrown) {
		if (thrown instanceof ConfigError) return thrown;
		throw thrown;
	}
	throw new Error("there is no fault");
}

test("a kind that fails to create a backend is a fault of the configuration, with the failure as its cause", async () => {
	const failure = new Error("no licence", { cause: new Error("it expired") });
	const error = await faultOf(() => {
		throw failure;
	});
	assert.equal(
		error.faults.map(({ path, message }) => `${path}: ${message}`),
		["backends.a: the kind 'mine' fails to create the backend: no licence: it expired"],
	);
	assert.is(error.cause, failure);
	const odd = await faultOf(() => {
		throw Object.create(null);
	});
	assert.is(odd.faults[0]?.message, "the kind 'mine' fails to create the backend: a value without a text");
});

test("a value that is no backend is a fault that names the member", async () => {
	const rules = { treatment: "nonsense" };
	const endless: { [member: string]: unknown } = { when: "always", test: () => false, apply: { treatment: "pass" } };
	endless.otherwise = endless;
	for (const [value, fault] of [
		[undefined, "it is no object; make the kind with defineBackend"],
		[Promise.reject(new Error("late")), "it is a promise; create must return the backend itself"],
		[{}, "operations is no object; make the kind with defineBackend"],
		[backend({ capabilities: null }), "capabilities is no object; make the kind with defineBackend"],
		[backend({ close: undefined }), "close is no function; make the kind with defineBackend"],
		[backend({ listModels: 5 }), "listModels is no function"],
		[backend({ capabilities: { embeddings: 5 } }), "capabilities.embeddings is no object"],
		[withCapability({ features: ["supports_magic"] }), "capabilities.embeddings.features is no list of features"],
		[withCapability({ transports: "unary" }), "capabilities.embeddings.transports is no list of transports"],
		[withCapability({ models: [5] }), "capabilities.embeddings.models is no list of names"],
		[withCapability({ voices: [5] }), "capabilities.embeddings.voices is no list of voices"],
		[withCapability({ rules: { input: rules } }), "capabilities.embeddings.rules is no table of rules for fields"],
		[withCapability({ rules: { input: endless } }), "capabilities.embeddings.rules is no table of rules for fields"],
		[
			withCapability({ transports: ["unary", "server_stream"] }),
			"capabilities.embeddings.transports: operations.embeddings has no function 'stream'",
		],
	] as const)
		assert.is((await faultOf(() => value)).faults[0]?.message, `the kind 'mine' creates a backend that cannot be used: ${fault}`);
	assert.match((await faultOf(() => backend({ capabilities: { magic: CAPABILITY } }))).message, /there is no operation 'magic'; there are/);
	const throwing = Object.defineProperty(backend(), "operations", {
		get() {
			throw new Error("not this way");
		},
	});
	assert.match((await faultOf(() => throwing)).message, /creates a backend that cannot be used: not this way/);
});

test("a kind that fails leaves no backend open that another kind has created", async () => {
	const closed: string[] = [];
	const good = kindOf("good", () => backend({ close: async () => void closed.push("good") }));
	const bad = kindOf("bad", () => {
		throw new Error("no licence");
	});
	const backends = { a: { kind: "good" }, b: { kind: "bad" } };
	const error = await createHost({ kinds: [good, bad], env: {}, config: { backends } }).catch((thrown: unknown) => thrown);
	assert.instance(error, ConfigError);
	assert.equal(closed, ["good"]);
});

test("a host closes whole when a backend cannot be closed, and the log names the backend", async () => {
	const { logger, lines } = memoryLog();
	const closed: string[] = [];
	const throwing = kindOf("throwing", () =>
		backend({
			close() {
				throw new Error("stuck");
			},
		}),
	);
	const good = kindOf("good", () => backend({ close: async () => void closed.push("good") }));
	const dir = mkdtempSync(join(tmpdir(), "spear-close-"));
	const backends = { a: { kind: "throwing" }, b: { kind: "good" } };
	const host = await createHost({ kinds: [throwing, good], env: {}, logger, config: { media: { dir }, backends } });
	assert.ok(existsSync(join(dir, "lock")));
	await host.close();
	assert.equal(closed, ["good"]);
	assert.not.ok(existsSync(join(dir, "lock")), "the media store stays open");
	rmSync(dir, { recursive: true });
	assert.equal(
		lines.flatMap(({ message }) => (message.includes("closed") ? [message] : [])),
		["backend a could not be closed: stuck"],
	);
});

test("a backend whose close never ends fails after a time", async () => {
	const unused: object = backend({ close: () => new Promise(() => {}) });
	const checked = checkedBackend(unused as Parameters<typeof checkedBackend>[0], "a", 20);
	const failure = await checked.close().catch((thrown: unknown) => thrown);
	assert.instance(failure, Error);
	assert.is(String(failure), "Error: backend 'a' is not closed after 20 ms");
});

test.run();
