/** The same guest as a QuickJS component in a host with `mockBackend`, and as a plain module with `mockHost`. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import "../../src/guest-testing/register.ts";
import { GuestError } from "../../src/errors/guest-error.ts";
import { SpearError } from "../../src/errors/spear-error.ts";
import { mockHost } from "../../src/guest-testing.ts";
import { createHost } from "../../src/host/create-host.ts";
import type { HostEvent } from "../../src/telemetry/host-event.ts";
import { httpFailure, type MockRequest, type MockScript, mockBackend } from "../../src/testing.ts";
import { buildTestGuest } from "../helpers/guest.ts";
import { memoryLog } from "../helpers/memory-log.ts";

const GUEST = new URL("guests/jobs.ts", import.meta.url);
// Named by a variable: the compiler of the host's code has no types of guests.
const { run }: { run: (input: string) => string } = await import(GUEST.href);
const built = await buildTestGuest(readFileSync(GUEST, "utf8"), { world: "agent" });

/** What those who run a guest can see of the run. */
interface Seen {
	readonly outcome: unknown;
	readonly requests: readonly unknown[];
	readonly log: readonly unknown[];
	readonly output: readonly unknown[];
}

const call = (sku: string, id: string) => ({ id, name: "stock", arguments: { sku } });
const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0);

/** Script of each job. */
const SCRIPTS: Readonly<Record<string, () => MockScript>> = {
	"chat with tools": () => ({ chat: [{ toolCalls: [call("bolt", "1"), call("nut", "2")] }, "twelve"] }),
	"streamed chat": () => ({
		chat: [{ toolCalls: [call("bolt", "1")] }, { text: ["twe", "lve"], reasoning: "count", usage: { total_tokens: 3 } }],
	}),
	"results of every family": () => ({
		chat: ["hello"],
		embeddings: ({ payload }) => payload.input.map((text) => [text.length, 0.5]),
		images: () => PNG,
		speech: [Uint8Array.of(1, 2, 3)],
		transcription: [{ text: "good day", language: "en", segments: [{ start: 0, end: 1, text: "good day" }] }],
	}),
	"errors of raw calls": () => ({ chat: () => httpFailure(400, { message: "no" }) }),
	"several streams": () => ({
		chat: ({ payload }) => {
			const [part] = payload.messages[0]?.content ?? [];
			return part?.type === "text" && part.text === "first"
				? { text: ["a", "b"], delayMs: 100, everyMs: 100 }
				: { text: "x", delayMs: 150 };
		},
	}),
	"a stream that breaks off": () => ({ chat: [{ text: ["half"], failure: httpFailure(500, { message: "lost" }) }] }),
	"speech and transcripts as streams": () => ({
		speech: [{ audio: [Uint8Array.of(1, 2), Uint8Array.of(3, 4)], sampleRate: 8_000 }],
		transcription: [{ text: ["good ", "day"] }],
	}),
	"a realtime session": () => ({
		realtime: [
			{ heard: "hello", toolCalls: [{ name: "stock" }] },
			{ transcript: ["twe", "lve"], audio: Uint8Array.of(9, 9) },
		],
	}),
	"lines of the log": () => ({}),
	"an error that nothing catches": () => ({ chat: [httpFailure(429, { retryAfterMs: 900_000 })] }),
	"an error of its own": () => ({}),
	"a caught error": () => ({ chat: [httpFailure(429, { retryAfterMs: 900_000 })] }),
	"a value of the wrong type": () => ({ embeddings: [] }),
	"an unknown case": () => ({ chat: [] }),
	"half a surrogate pair": () => ({ embeddings: [] }),
	"a wait beyond its deadline": () => ({ chat: [{ text: "late", delayMs: 100_000 }] }),
};

async function asComponent(job: string, script: MockScript): Promise<Seen> {
	const backend = mockBackend(script);
	const isScripted = Object.keys(script).length > 0;
	const host = await createHost({ kinds: [backend], config: isScripted ? backend.config : {}, logger: memoryLog().logger });
	const log: unknown[] = [];
	const output: unknown[] = [];
	const onEvent = (event: HostEvent): void => {
		if (event.type === "log") log.push({ level: event.level, message: event.message, fields: event.fields });
	};
	try {
		const agent = await host.load(built.prepared);
		const running = agent.run(job, { onEvent });
		const reading = (async () => {
			for await (const each of running) output.push(each);
		})();
		reading.catch(() => {});
		const outcome = await running.then((answer) => ({ answer }), failureSeen);
		return { outcome, requests: backend.requests.map(withoutIds), log, output };
	} finally {
		await host.close();
	}
}

function asModule(job: string, script: MockScript): Seen {
	using host = mockHost(script);
	let outcome: unknown;
	try {
		outcome = { answer: host.run(run, job) };
	} catch (thrown) {
		outcome = failureSeen(thrown);
	}
	return { outcome, requests: host.requests.map(withoutIds), log: host.log, output: host.output };
}

function failureSeen(thrown: unknown): unknown {
	if (thrown instanceof SpearError) {
		const { code, message, retryable, retryAfterMs, operation } = thrown;
		return { code, message, retryable, retryAfterMs, operation };
	}
	if (!(thrown instanceof GuestError)) throw thrown;
	// The words of an engine's trap are its own.
	return { failure: thrown.failure, message: thrown.failure === "trapped" ? "" : thrown.message };
}

function withoutIds({ envelope, ...request }: MockRequest): unknown {
	const { request_id: _, meta: __, ...rest } = envelope;
	return { ...request, envelope: rest };
}

/** Returns a value with ids, positions and times replaced, which differ from run to run. */
function comparable(seen: Seen): unknown {
	const text = JSON.stringify(seen, (key, value) => (key === "stack" || value instanceof Uint8Array ? String(value) : value));
	return JSON.parse(
		text
			.replace(/sms\+file:\/\/[\w-]+/g, "sms+file://id")
			.replace(/conversation [\w-]{36}/g, "conversation id")
			.replace(/(\\*"(?:latencyMs|latency_ms|durationMs|expiresIn)\\*":)\d+/g, "$10")
			.replace(/\{"key":"stack","value":"[^"]*"\}/g, '{"key":"stack"}'),
	);
}

for (const [job, script] of Object.entries(SCRIPTS)) {
	test(`a plain module does and sees what the component does: ${job}`, async () => {
		assert.equal(comparable(asModule(job, script())), comparable(await asComponent(job, script())));
	});
}

test.run();
