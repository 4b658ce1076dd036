/** A guest that uses every helper of the guest library. The input selects the job. */

import { complete, completeStream, type Message } from "spear:ai/cchat@0.1.0";
import { agent, HostcallError } from "spear-hostcall/guest";
import { assistant, chat, system, user } from "spear-hostcall/guest/chat";
import { estimateTokens, trim } from "spear-hostcall/guest/history";
import { audio, bytesOf, chunksOf, file, fromDataUrl, image, inline, put, sniff, toDataUrl } from "spear-hostcall/guest/media";
import { all } from "spear-hostcall/guest/poll";
import { retry, retryDelay } from "spear-hostcall/guest/retry";
import { check, type Infer, jsonFormat, parse, SchemaError, type StandardSchema } from "spear-hostcall/guest/schema";
import { cosine, embedAll, SearchIndex } from "spear-hostcall/guest/search";
import { generate, typedTool } from "spear-hostcall/guest/structured";

const TRIP = {
	type: "object",
	properties: { city: { type: "string", minLength: 2 }, days: { type: "integer", minimum: 1 }, mood: { enum: ["calm", "wild"] } },
	required: ["city", "days"],
	additionalProperties: false,
} as const;

// Checked by the compiler alone.
const trip: Infer<typeof TRIP> = { city: "Bern", days: 2, mood: "calm" };
const nested: Infer<{ type: "array"; items: { anyOf: [{ type: "string" }, { type: ["number", "null"] }] } }> = ["a", 1, null];

/** A validator as zod makes one, written by hand. */
const even: StandardSchema<{ readonly half: number }> = {
	"~standard": {
		version: 1,
		validate: (value) =>
			typeof value === "number" && value % 2 === 0
				? { value: { half: value / 2 } }
				: { issues: [{ message: "not even", path: ["n", { key: 0 }] }] },
	},
};

const seen = (call: () => unknown): string => {
	try {
		return JSON.stringify(call());
	} catch (thrown) {
		return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
	}
};

const question = (text: string) => ({ messages: [user(text)] });

const jobs: Record<string, () => string> = {
	"generates a value after a wrong one"() {
		const { value, answer } = generate({ schema: TRIP, prompt: "a trip" });
		const days: number = value.days;
		const mood: "calm" | "wild" | undefined = value.mood;
		return `${value.city.toUpperCase()} ${days} ${mood} ${answer.response.model}`;
	},
	"gives up after its attempts"() {
		return seen(() => generate({ schema: TRIP, prompt: "a trip", attempts: 1 }));
	},
	"generates by a validator"() {
		return String(generate({ schema: even, prompt: "a number" }).value.half);
	},
	"checks values"() {
		return [
			seen(() => check(TRIP, { city: "B", days: 1 })),
			seen(() => check(TRIP, { days: 1.5, x: 1 })),
			seen(() => check(TRIP, { city: "Bern", days: 0, mood: "sad" })),
			seen(() => check(TRIP, [])),
			seen(() => check({ type: "array", items: { type: "string" }, maxItems: 1 }, ["a", "b"])),
			seen(() => check({ type: "array", items: { type: ["string", "null"] } }, ["a", null, 3])),
			seen(() => check({ const: { a: [1] } }, { a: [1] })),
			seen(() => check({ anyOf: [{ type: "string" }, { type: "null" }] }, 5)),
			seen(() => check({ type: "object", additionalProperties: { type: "number" } }, { a: 1, b: "c" })),
			seen(() => check(even, 3)),
			seen(() => check(even, 4)),
			seen(() => parse(TRIP, 'Here: ```json\n{"city":"Bern","days":2}\n``` as asked')),
			seen(() => parse(TRIP, "none")),
			seen(() => parse(TRIP, "{")),
			seen(() => jsonFormat(TRIP, "trip").tag),
			seen(() => jsonFormat(even).tag),
			seen(() => [trip, nested]),
		].join("\n");
	},
	"runs typed tools within a limit"() {
		const stock = typedTool({
			name: "stock",
			schema: { type: "object", properties: { sku: { type: "string" } }, required: ["sku"] },
			run: ({ sku }) => sku.toUpperCase(),
		});
		using clerk = chat({ tools: [stock], maxToolTurns: 1 });
		const tags: string[] = [];
		const events = clerk.stream("how many?");
		for (;;) {
			const step = events.next();
			if (step.done)
				return `${tags} ${step.value.text} ${step.value.tools.map(({ result }) => `${result.isError}:${result.output}`).join("|")}`;
			tags.push(step.value.tag);
		}
	},
	"retries by a policy"() {
		const calls: number[] = [];
		const answer = retry(
			(attempt) => {
				calls.push(attempt);
				return complete(question("again"), undefined);
			},
			{ baseMs: 100, jitter: 0 },
		);
		return `${answer.message.content[0]?.tag} after ${calls}`;
	},
	"gives up a retry"() {
		const failed = (retryable: boolean, retryAfterMs?: number) =>
			new HostcallError({ code: "rate-limited", message: "slow", retryable, retryAfterMs });
		return [
			retryDelay(failed(true), 1, { jitter: 0 }),
			retryDelay(failed(true), 2, { jitter: 0 }),
			retryDelay(failed(true), 3),
			retryDelay(failed(false), 1),
			retryDelay(failed(true, 900), 1),
			retryDelay(failed(true, 60_000), 1),
			retryDelay(failed(false), 1, { retryOn: ({ code }) => code === "rate-limited", jitter: 0, maxMs: 10 }),
			seen(() =>
				retry(() => {
					throw new RangeError("own");
				}),
			),
		].join(" ");
	},
	"calls at the same time"() {
		const { short, long, lost } = all(
			{
				short: completeStream(question("short"), undefined),
				long: completeStream(question("long"), undefined),
				lost: completeStream(question("lost"), undefined),
			},
			{ timeoutMs: 60_000 },
		);
		return [short, long, lost].map((each) => (each.ok ? each.value.finishReason : each.error.code)).join();
	},
	"stops waiting for a stream"() {
		const events: string[] = [];
		const { slow, fast } = all(
			{ slow: completeStream(question("slow"), undefined), fast: completeStream(question("fast"), undefined) },
			{ timeoutMs: 300, onEvent: ({ from, event }) => events.push(`${from} ${event.tag}`) },
		);
		return `${slow.ok ? "" : `${slow.error.code}: ${slow.error.message}`} ${fast.ok} ${events}`;
	},
	"trims a conversation"() {
		const call = (id: string): Message => ({ role: "assistant", content: [], toolCalls: [{ id, name: "stock", arguments: "{}" }] });
		const result = (id: string): Message => ({ role: "tool", content: [{ tag: "text", val: "twelve" }], toolCallId: id });
		const messages = [
			system("s"),
			user("one"),
			call("1"),
			result("1"),
			assistant("a"),
			user("two"),
			call("2"),
			result("2"),
			call("3"),
			result("3"),
			assistant("b"),
		];
		const shown = (maxTokens: number): string => {
			const trimmed = trim(messages, { maxTokens, tokensOf: () => 1 });
			const ids = trimmed.messages.map(({ role, toolCallId, toolCalls }) => `${role.charAt(0)}${toolCallId ?? toolCalls?.[0]?.id ?? ""}`);
			return `${maxTokens}: ${ids.join(" ")} (${trimmed.tokens}, ${trimmed.dropped.length})`;
		};
		return [
			shown(11),
			shown(10),
			shown(7),
			shown(6),
			shown(4),
			shown(2),
			shown(0),
			estimateTokens(user("twelve chars")),
			trim([], { maxTokens: 1 }).tokens,
		].join("\n");
	},
	"searches sentences"() {
		const index = new SearchIndex<{ text: string }>({ textOf: ({ text }) => text, batch: 2 });
		index.add([{ text: "Bolts are in drawer seven." }, { text: "Tea is in the kitchen." }, { text: "The train leaves at nine." }]);
		const [best, ...others] = index.search("Where are the bolts?", { topK: 2 });
		return `${index.size} ${best?.item.text} ${best?.index} ${others.length} ${index.search("xyzzy", { minScore: 0.9 }).length}`;
	},
	"compares vectors"() {
		return [cosine([1, 0], [2, 0]), cosine([1, 0], [0, 3]), cosine([1, 0], [-1, 0]), cosine([0, 0], [1, 0]), embedAll([]).length].join();
	},
	"handles media"() {
		const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 250);
		const stored = put(png);
		const parts = [...chunksOf(stored.reference, 4)].map((part) => part.length);
		const urls = [0, 1, 2, 3, 4].map((length) => {
			const bytes = Uint8Array.from({ length }, (_, at) => 255 - at * 60);
			const url = toDataUrl(bytes, "a/b");
			return `${url.slice(16)} ${String(bytesOf(fromDataUrl(url))) === String(bytes)}`;
		});
		return [
			stored.mimeType,
			parts,
			String(bytesOf(stored.reference)) === String(png),
			sniff(png),
			sniff(Uint8Array.from("RIFF0000WAVE", (letter) => letter.charCodeAt(0))),
			sniff(Uint8Array.of(1)),
			image(png).tag,
			audio(stored.reference).tag,
			file(inline(png)).tag,
			...urls,
			seen(() => fromDataUrl("data:text/plain,hi")),
			seen(() => fromDataUrl("data:a/b;base64,A*==")),
		].join("\n");
	},
	"an error of a schema is one to catch"() {
		try {
			check(TRIP, null);
		} catch (thrown) {
			return String(thrown instanceof SchemaError && thrown.issues.length);
		}
		return "";
	},
};

export const run = agent((input) => (input === "jobs" ? Object.keys(jobs).join("\n") : (jobs[input]?.() ?? "no such job")));
