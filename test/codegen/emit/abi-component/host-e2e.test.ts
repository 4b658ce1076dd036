/** A real guest against the generated bindings: QuickJS, transpiled for JSPI, every interface, every shape of type. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { transpileBytes } from "@bytecodealliance/jco-transpile";
import { WASIShim } from "@bytecodealliance/preview2-shim/instantiation";
import { componentize } from "componentize-qjs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ASYNC_IMPORTS, bindImports } from "../../../../generated/abi/component/imports.ts";
import { type CallSite, ResourceScope } from "../../../../generated/hostcall/runtime.ts";
import type * as types from "../../../../generated/ir/types.ts";
import { choose, programs } from "../../../helpers/programs.ts";
import { echoHost, RATE_LIMITED, RecordError } from "./host-e2e-host.ts";

const witPath = fileURLToPath(new URL("../../../../generated/guest/wit", import.meta.url));
const source = stripTypeScriptTypes(await readFile(new URL("./host-e2e-guest.ts", import.meta.url), "utf8"));

type Compile = (bytes: Uint8Array) => Promise<unknown>;
const compile: Compile = Reflect.get(Object(Reflect.get(globalThis, "WebAssembly")), "compile");

interface Guest {
	/** What the section gave, or the error record it ended in. */
	run(section: string): Promise<unknown>;
	readonly journal: unknown[];
	readonly faults: string[];
	readonly resources: ResourceScope;
	/** The JavaScript that the transpiler made. */
	readonly glue: string;
}

/** A component as JavaScript and core modules. */
interface Transpiled {
	readonly directory: string;
	/** The JavaScript's file name. */
	readonly module: string;
}

async function transpile(component: Uint8Array): Promise<Transpiled> {
	const { files } = await transpileBytes(component, {
		name: "guest",
		instantiation: "async",
		asyncMode: "jspi",
		asyncImports: Object.values(ASYNC_IMPORTS).flat(),
		asyncExports: ["run"],
	});
	const directory = await mkdtemp(join(tmpdir(), "spear-bindings-"));
	for (const [name, bytes] of Object.entries(files)) {
		await mkdir(dirname(join(directory, name)), { recursive: true });
		await writeFile(join(directory, name), bytes);
	}
	return { directory, module: "guest.js" };
}

async function start({ directory, module }: Transpiled): Promise<Guest> {
	const glue = await readFile(join(directory, module), "utf8");
	const journal: unknown[] = [];
	const faults: string[] = [];
	const resources = new ResourceScope();
	const imports = bindImports(echoHost(journal), undefined, {
		resources,
		toError: (cause, site) => recordOf(cause, site),
		fault: (cause, site) => faults.push(`${site.function}: ${cause}`),
	});
	const { instantiate } = await import(pathToFileURL(join(directory, module)).href);
	const instance = await instantiate(async (name: string) => compile(await readFile(join(directory, name))), {
		...new WASIShim().getImportObject(),
		...imports,
	});
	const run = async (section: string): Promise<unknown> => {
		try {
			return JSON.parse(await instance.run(section));
		} catch (error) {
			if (error instanceof Error) throw error;
			return error;
		}
	};
	return { run, journal, faults, resources, glue };
}

function recordOf(cause: unknown, site: CallSite): types.Error {
	if (cause instanceof RecordError) return cause.record;
	const operation = site.operation === undefined ? {} : { operation: site.operation };
	return { code: "invalid_request", message: cause instanceof Error ? cause.message : String(cause), retryable: false, ...operation };
}

const transpiled = await transpile((await componentize({ witPath, jsSource: source, world: "agent", sync: true })).component);
const guest = await start(transpiled);
await rm(transpiled.directory, { recursive: true });

/** Runs a section and gives its outcome with what reached the host meanwhile. */
async function section(name: string): Promise<{ readonly given: unknown; readonly seen: readonly unknown[] }> {
	const before = guest.journal.length;
	const given = await guest.run(name);
	return { given, seen: guest.journal.slice(before) };
}

const RATE_LIMITED_TO_GUEST = {
	code: "rate-limited",
	message: "slow down",
	retryable: true,
	retryAfterMs: 1500,
	operation: null,
	explanation: {
		operation: "chat_completions",
		model: null,
		requiredFeatures: ["supports_tools"],
		requiredTransports: ["server-stream"],
		candidatesChecked: 2,
		eligible: ["a"],
		rejected: [{ backend: "b", reason: "no-key", detail: null }],
		policy: "round_robin",
		chosen: "a",
		attempts: [{ backend: "a", latencyMs: 3, failure: "rate-limited", detail: "429" }],
	},
};

test("each waiting import suspends, and no other does", () => {
	const suspending = guest.glue.match(/fnName = 'spear:ai\/[^']*';\s*\w+\.manuallyAsync = true/g) ?? [];
	assert.is(suspending.length, Object.values(ASYNC_IMPORTS).flat().length);
});

test("options, nested options and float vectors cross both ways", async () => {
	assert.equal(await section("emb"), {
		given: {
			model: "e",
			dimensions: 2,
			usage: {
				inputTokens: 0,
				outputTokens: null,
				totalTokens: null,
				cachedInputTokens: null,
				reasoningTokens: null,
				cacheWriteTokens: null,
			},
			downgrades: null,
			vectors: [
				[0.5, -1],
				[2, 0.25],
			],
			areArrays: true,
		},
		seen: [
			{ input: ["a", "b"], dimensions: 2, input_type: "document" },
			{ routing: { allowlist: ["x"], denylist: [], preferred: [], cost_hint: "low" }, timeout_ms: 5, provider_options: { a: 1 } },
		],
	});
});

test("flags, bytes and variants cross", async () => {
	assert.equal(await section("asr"), {
		given: {
			text: "t",
			language: null,
			duration: 1.5,
			segments: [{ start: 0, end: 1, text: "t", speaker: "s" }],
			words: [],
			usage: null,
			downgrades: null,
		},
		seen: [
			{
				audio: { type: "inline", inline: { data: Uint8Array.of(1, 2, 255), mime_type: "audio/wav" } },
				task: "translate",
				timestamps: ["word"],
				diarize: false,
				temperature: 0.5,
			},
			undefined,
		],
	});
	assert.equal(await section("img"), {
		given: {
			model: null,
			images: [{ media: { tag: "url", val: "https://x" }, mimeType: "image/png", size: { width: 8, height: 4 }, revisedPrompt: null }],
			downgrades: [{ field: "format", effect: "changed", detail: "image 1 is image/png instead of image/webp" }],
			usage: null,
		},
		seen: [
			{
				task: { type: "edit", edit: { images: [{ type: "stored", stored: "sms+file://1" }] } },
				prompt: "p",
				size: { width: 8, height: 4 },
				background: "transparent",
				seed: 2_147_483_647,
			},
			undefined,
		],
	});
});

test("a stream gives bytes, says when nothing is there, and is disposed with its handle", async () => {
	assert.equal(await section("tts"), {
		given: {
			bytes: [true, 1, 0, 255],
			pending: null,
			voices: [{ id: "v", name: null, languages: ["en", "de"], description: "calm" }],
		},
		seen: [{ input: { type: "ssml", ssml: "<speak/>" }, format: "wav" }, undefined, "disposed speech"],
	});
});

test("a session keeps its state, refuses malformed JSON before the host sees it, and is disposed with its handle", async () => {
	const { given, seen } = await section("cchat");
	const reply = {
		role: "assistant",
		content: [
			{ tag: "reasoning", val: { text: "hm", sealed: null } },
			{ tag: "opaque", val: { provider: "p", kind: "k", data: { bytes: [0, 255] } } },
		],
		toolCalls: [{ id: "1", name: "t", arguments: "{}" }],
		toolCallId: null,
		name: null,
		isError: null,
	};
	const malformed: unknown = Reflect.get(Object(given), "malformed");
	assert.match(String(Reflect.get(Object(malformed), "message")), /^tool\.parameters: malformed JSON/);
	assert.equal(given, {
		malformed: { ...Object(malformed), code: "invalid-request", operation: "chat_completions", explanation: null },
		answer: {
			id: null,
			model: "m",
			message: reply,
			finishReason: "tool-calls",
			usage: { inputTokens: 3, outputTokens: null, totalTokens: 4, cachedInputTokens: null, reasoningTokens: null, cacheWriteTokens: null },
			downgrades: null,
		},
		messages: [
			{ role: "user", content: [{ tag: "text", val: "grüß 👋" }], toolCalls: [], toolCallId: null, name: null, isError: null },
			reply,
		],
	});
	assert.equal(seen, [
		{
			messages: [{ role: "user", content: [{ type: "text", text: "grüß 👋" }], tool_calls: [] }],
			tools: [{ name: "t", parameters: { type: "object" }, strict: true }],
			tool_choice: { type: "named", named: "t" },
			response_format: { type: "json_object" },
		},
		["temperature", null],
		"disposed session",
	]);
});

test("the error record arrives whole, and the guest can pass it on as its own", async () => {
	assert.is(RATE_LIMITED.code, "rate_limited");
	assert.equal((await section("errors")).given, RATE_LIMITED_TO_GUEST);
	const passedOn = await guest.run("passesOn");
	assert.is(Reflect.get(Object(passedOn), "tag"), "hostcall");
	assert.is(Reflect.get(Object(Reflect.get(Object(passedOn), "val")), "code"), "rate-limited");
	assert.equal(await guest.run("nothing"), { tag: "failed", val: "no section nothing" });
});

test("a realtime session crosses with its nested records", async () => {
	assert.equal(await section("rt"), {
		given: {
			accepted: { bytes: 1, queuedBytes: 5 },
			events: [
				{ tag: "speech-started", val: 7 },
				{ tag: "audio", val: { itemId: "i", audio: { bytes: [9] } } },
			],
			state: "draining",
		},
		seen: [
			{
				mode: "conversation",
				turn_detection: { type: "semantic_vad", semantic_vad: "auto" },
				tools: [],
				send_queue: { max_bytes: 9, overflow: "drop_oldest" },
			},
			Uint8Array.of(7),
			["item", 3],
		],
	});
});

test("transform, discovery, media and log cross", async () => {
	assert.equal(await section("transform"), {
		given: { answer: { echoed: { input: ["a"] } }, refused: "invalid-request" },
		seen: ["embeddings"],
	});
	assert.equal((await section("discovery")).given, {
		operations: [{ name: "embeddings", family: "emb", available: true }],
		models: [
			{
				name: "m",
				operation: "embeddings",
				features: ["supports_tools"],
				transports: ["bidi-stream"],
				limits: [{ name: "tokens", value: 8192 }],
				isDefault: false,
			},
		],
		features: ["supports_tools"],
	});
	assert.equal(await section("media"), {
		given: {
			info: { reference: { tag: "stored", val: "sms+file://2" }, size: 2 ** 53, mimeType: "text/plain", sha256: "ab", expiresIn: null },
			pieces: [{ bytes: [104, 105] }, null],
		},
		seen: ["text/plain", { type: "stored", stored: "sms+file://2" }],
	});
	assert.equal((await section("log")).seen, [["warn", "careful", [{ key: "k", value: "v" }]]]);
});

test("a guest reads two streams as they become ready while the host's event loop turns", async () => {
	let ticks = 0;
	const ticking = setInterval(() => ticks++, 1);
	const { given, seen } = await section("poll");
	clearInterval(ticking);
	assert.equal(given, { words: ["fast 1", "fast 2", "slow 1", "slow 2"], empty: 0 });
	assert.equal(seen, ["disposed fast", "disposed slow"]);
	assert.ok(ticks >= 1, `${ticks} ticks`);
});

test("handles the guest leaves behind are disposed when the instance ends", async () => {
	const { seen } = await section("leak");
	assert.equal(seen, ["disposed forgotten"]);
	assert.is(guest.resources.size, 1);
	assert.equal(guest.resources.disposeAll(), []);
	assert.is(guest.resources.size, 0);
	assert.is(guest.journal.at(-1), "disposed leaked");
	assert.equal(guest.faults, []);
});

test("the same guest, built with StarlingMonkey, crosses as well", async () => {
	const other = await choose(await start(await transpile(await readFile((await programs()).component))), "bindings");
	assert.equal(await other.run("emb"), {
		model: "e",
		dimensions: 2,
		usage: { inputTokens: 0 },
		vectors: [
			{ 0: 0.5, 1: -1 },
			{ 0: 2, 1: 0.25 },
		],
		areArrays: false,
	});
	assert.equal(await other.run("transform"), { answer: { echoed: { input: ["a"] } }, refused: "invalid-request" });
	assert.equal(other.faults, []);
});

test.run();
