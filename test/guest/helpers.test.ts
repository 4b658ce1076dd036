/** The helpers of the guest library: the same in both engines, and as a plain module. */
import { readFileSync } from "node:fs";
import { transform } from "esbuild";
import { test } from "uvu";
import * as assert from "uvu/assert";
import "../../src/guest-testing/register.ts";
import { GUEST_WIT } from "../../src/build/build-guest.ts";
import { bundleGuest } from "../../src/build/bundle.ts";
import { readWorlds } from "../../src/build/wit-worlds.ts";
import { mockHost } from "../../src/guest-testing.ts";
import { createHost } from "../../src/host/create-host.ts";
import { httpFailure, type MockScript, mockBackend, wordVector } from "../../src/testing.ts";
import { buildTestGuest, writeSource } from "../helpers/guest.ts";
import { memoryLog } from "../helpers/memory-log.ts";

const GUEST = new URL("../guest-testing/guests/helpers.ts", import.meta.url);
const { run }: { run: (input: string) => string } = await import(GUEST.href);

const TRIP = { city: "Bern", days: 2 };

/** Script and answer of each job. */
const JOBS: Readonly<Record<string, { readonly script?: () => MockScript; readonly answer: string | RegExp }>> = {
	"generates a value after a wrong one": {
		script: () => ({
			chat: [{ json: { city: "Bern" } }, ({ payload }) => ({ json: { ...TRIP, mood: "calm" }, model: `m${payload.messages.length}` })],
		}),
		answer: "BERN 2 calm m3",
	},
	"gives up after its attempts": { script: () => ({ chat: ["no JSON"] }), answer: /^SchemaError: the text is no JSON: / },
	"generates by a validator": { script: () => ({ chat: ["5", "8"] }), answer: "4" },
	"checks values": {
		answer: [
			"SchemaError: city: it must be at least 2 characters",
			"SchemaError: city: it is missing; days: it must be of type integer; x: there is no such member",
			'SchemaError: days: it must be at least 1; mood: it must be one of "calm", "wild"',
			"SchemaError: it must be of type object",
			"SchemaError: it must be at most 1 items",
			"SchemaError: [2]: it must be of type string or null",
			'{"a":[1]}',
			"SchemaError: it must be of type string",
			"SchemaError: b: it must be of type number",
			"SchemaError: n.0: not even",
			'{"half":2}',
			'{"city":"Bern","days":2}',
			"NOJSON",
			"NOJSON",
			'"json-schema"',
			'"json-object"',
			'[{"city":"Bern","days":2,"mood":"calm"},["a",1,null]]',
		].join("\n"),
	},
	"runs typed tools within a limit": {
		script: () => ({
			chat: [
				{
					toolCalls: [
						{ name: "stock", arguments: { sku: "bolt" } },
						{ name: "stock", arguments: { sku: 5 } },
					],
				},
				{ toolCalls: [{ name: "stock", arguments: { sku: "nut" } }] },
				({ payload }) => JSON.stringify(payload.messages.at(-1)?.content),
			],
		}),
		answer:
			'tool-call,tool-call,completed,tool-run,tool-run,tool-call,completed,text,completed [{"type":"text","text":"the limit of 1 turns of tool calls is reached; answer without tools"}] false:BOLT|true:SchemaError: sku: it must be of type string',
	},
	"retries by a policy": {
		script: () => ({ chat: [httpFailure(503), "second"] }),
		answer: "text after 1,2",
	},
	"gives up a retry": { answer: "250 500   900  10 RangeError: own" },
	"calls at the same time": {
		script: () => ({
			chat: ({ payload }) => {
				const [part] = payload.messages[0]?.content ?? [];
				if (part?.type !== "text" || part.text === "lost") return httpFailure(400);
				return part.text === "long" ? { text: "long", delayMs: 50, finishReason: "length" } : "short";
			},
		}),
		answer: "stop,length,invalid-request",
	},
	"stops waiting for a stream": {
		script: () => ({
			chat: ({ payload }) => {
				const [part] = payload.messages[0]?.content ?? [];
				return part?.type === "text" && part.text === "slow" ? { text: "late", delayMs: 90_000 } : "fast";
			},
		}),
		answer: "timeout: no event within 300 ms true fast text",
	},
	"trims a conversation": {
		answer: [
			"11: s u a1 t1 a u a2 t2 a3 t3 a (11, 0)",
			"10: s u a2 t2 a3 t3 a (7, 4)",
			"7: s u a2 t2 a3 t3 a (7, 4)",
			"6: s u a3 t3 a (5, 6)",
			"4: s u a (3, 8)",
			"2: s u (2, 9)",
			"0: s u (2, 9)",
			"7",
			"0",
		].join("\n"),
	},
	"searches sentences": {
		script: () => ({ embeddings: ({ payload }) => payload.input.map((text) => wordVector(text, 64)) }),
		answer: "3 Bolts are in drawer seven. 0 1 0",
	},
	"compares vectors": { answer: "1,0,-1,0,0" },
	"handles media": {
		answer: [
			"image/png",
			"4,4,3",
			"true",
			"image/png",
			"audio/wav",
			"",
			"image",
			"audio",
			"file",
			" true",
			"/w== true",
			"/8M= true",
			"/8OH true",
			"/8OHSw== true",
			"TypeError: it must be a data: URL in Base64",
			"TypeError: the data: URL has no Base64 at 17",
		].join("\n"),
	},
	"an error of a schema is one to catch": { answer: "1" },
};

/** Without retries of the host: those of the guest are tested. */
const CONFIG = { router: { max_attempts: 1 } };

/** Replaces the words of engines about JSON. */
const comparable = (answer: string): string => answer.replace(/^SchemaError: the text is no JSON: .*$/gm, "NOJSON");

function assertAnswer(actual: string, expected: string | RegExp): void {
	if (expected instanceof RegExp) assert.match(actual, expected);
	else assert.is(comparable(actual), expected);
}

test("every job of the guest is tested", () => {
	using host = mockHost();
	assert.equal(host.run(run, "jobs").split("\n"), Object.keys(JOBS));
});

for (const [job, { script = () => ({}), answer }] of Object.entries(JOBS)) {
	test(`a plain module ${job}`, () => {
		using host = mockHost(script(), { config: CONFIG });
		assertAnswer(host.run(run, job), answer);
	});
}

for (const engine of ["quickjs", "starlingmonkey"] as const) {
	test(`a guest in ${engine} does the same`, async () => {
		const built = await buildTestGuest(readFileSync(GUEST, "utf8"), { world: "agent", engine });
		for (const [job, { script = () => ({}), answer }] of Object.entries(JOBS)) {
			const backend = mockBackend(script());
			const config = { ...CONFIG, ...(Object.keys(script()).length > 0 ? backend.config : {}) };
			const host = await createHost({ kinds: [backend], config, logger: memoryLog().logger });
			try {
				assertAnswer(await (await host.load(built.prepared)).run(job), answer);
			} finally {
				await host.close();
			}
		}
	});
}

test("the whole guest library takes at most 20 KB of a guest, minified", async () => {
	const modules = ["", "/chat", "/history", "/media", "/poll", "/retry", "/schema", "/search", "/structured"];
	const imports = modules.map((name, index) => `import * as m${index} from "spear-hostcall/guest${name}";`);
	const all = modules.map((_, index) => `Object.keys(m${index}).length`).join(" + ");
	const entry = await writeSource(`${imports.join("\n")}\nexport const run = m0.agent(() => String(${all}));`);
	const { code } = await bundleGuest(entry, { wit: await readWorlds(GUEST_WIT), engine: "quickjs", withPlatform: false });
	const minified = await transform(code, { minify: true, format: "esm" });
	assert.ok(minified.code.length <= 20_480, `${minified.code.length} bytes`);
});

test.run();
