/** The cases for kinds without an upstream accept the stub, and each finds a deliberate fault. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { OperationBackends } from "../../../generated/backends/operations.ts";
import { type LocalFixture, localConformanceCases } from "../../../src/backend-conformance.ts";
import { type Backend, BackendConfigError } from "../../../src/backends/backend.ts";
import { stub } from "../../../src/backends/kinds/stub/index.ts";
import { say } from "../chat-envelope.ts";

type Chat = OperationBackends["chat_completions"];

const HELLO = { messages: [say("user", "Hello there")], tools: [] };

/** Returns the fixture of the stub with this chat. */
function fixtureOf(chat: (honest: Chat) => Chat, close?: () => Promise<void>): LocalFixture {
	const create = (config: Parameters<typeof stub.create>[0]): Backend => {
		const backend = stub.create(config);
		const honest = backend.operations.chat_completions;
		if (honest === undefined) throw new BackendConfigError("stub", "there is no chat");
		return {
			...backend,
			operations: { ...backend.operations, chat_completions: chat(honest) },
			close: close ?? (() => backend.close()),
		};
	};
	return {
		kind: { name: "stub", create },
		config: () => ({ name: "stub", kind: "stub", models: [], options: {} }),
		partial: true,
		operations: {
			chat_completions: {
				payloads: { hello: HELLO },
				refusals: { "a seed": { payload: HELLO, error: { code: "invalid_request", retryable: false, attribution: "request" } } },
				repeatable: true,
				slow: { payload: HELLO, options: { delay_ms: SLOW_MS } },
			},
		},
	};
}

/** Delay before each word of a slow answer, in milliseconds. Longer than the time after which a mutant hangs. */
const SLOW_MS = 300;

const never = new AbortController().signal;

/** Mutants, and a pattern of the cases that find each. */
const MUTANTS: Readonly<Record<string, readonly [fixture: LocalFixture, found: RegExp]>> = {
	"answers what it must refuse": [fixtureOf((honest) => honest), /is refused$/],
	"has another result without a stream": [
		fixtureOf((honest) => ({ ...honest, unary: async (...args) => ({ ...(await honest.unary(...args)), id: "another" }) })),
		/has a valid result, streamed and whole$/,
	],
	"streams another text": [
		fixtureOf((honest) => ({
			...honest,
			async *stream(...args) {
				for await (const event of honest.stream(...args)) if (event.type !== "text") yield event;
			},
		})),
		/has a valid result, streamed and whole$/,
	],
	"ignores aborts": [
		fixtureOf((honest) => ({
			unary: (request, context) => honest.unary(request, { ...context, signal: never }),
			stream: (request, context) => honest.stream(request, { ...context, signal: never }),
		})),
		/aborted before ends with cancelled$|ends with cancelled when its signal is aborted$/,
	],
	"closes nothing": [
		fixtureOf(
			(honest) => honest,
			async () => {},
		),
		/after close\(\) fails$|^.*close\(\) ends a call in flight/,
	],
	"serves one call only": [
		fixtureOf((honest) => {
			let calls = 0;
			const once = (): void => {
				if (++calls > 1) throw new Error("busy");
			};
			return {
				async unary(...args) {
					once();
					return honest.unary(...args);
				},
				async *stream(...args) {
					once();
					yield* honest.stream(...args);
				},
			};
		}),
		/concurrent calls all have a result$/,
	],
	"cannot be left": [
		fixtureOf((honest) => ({
			...honest,
			stream(...args) {
				const source = honest.stream(...args)[Symbol.asyncIterator]();
				return { [Symbol.asyncIterator]: () => ({ next: () => source.next(), return: () => new Promise(() => {}) }) };
			},
		})),
		/a stream can be left$/,
	],
};

const namesFor = ([fixture, found]: readonly [LocalFixture, RegExp]) =>
	localConformanceCases(fixture, { hangMs: 150 }).filter(({ name }) => name.includes(", chat_completions: ") && found.test(name));

for (const [name, mutant] of Object.entries(MUTANTS)) {
	test(`a kind without an upstream that ${name} fails`, async () => {
		const cases = namesFor(mutant);
		assert.ok(cases.length > 0);
		for (const { name: own, run } of cases) {
			const outcome = await run().then(
				() => "passes",
				() => "fails",
			);
			assert.is(outcome, "fails", own);
		}
	});
}

test("each case of an operation without an upstream finds a mutant", () => {
	const found = new Set(Object.values(MUTANTS).flatMap((mutant) => namesFor(mutant).map(({ name }) => name)));
	const all = localConformanceCases(fixtureOf((honest) => honest)).map(({ name }) => name);
	assert.equal(
		all.filter((name) => name.includes(", chat_completions: ") && !found.has(name)),
		[],
	);
});

test.run();
