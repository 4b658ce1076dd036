/** Requests of a session's backend to other backends of the host. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { RealtimeVoiceChannel } from "../../generated/backends/realtime-voice.ts";
import type * as cchat from "../../generated/ir/cchat.ts";
import type * as rt from "../../generated/ir/rt.ts";
import type { BackendKind } from "../../src/backends/backend.ts";
import { REALTIME_CAPABILITIES } from "../../src/backends/kinds/stub/rt.ts";
import { createHost } from "../../src/index.ts";

type ChannelEvent = Exclude<rt.Event, { type: "completed" | "failed" }>;

const QUESTION: cchat.Request = { messages: [{ role: "user", content: [{ type: "text", text: "hello" }], tool_calls: [] }], tools: [] };

/** A kind whose sessions answer with what a chat backend of the host says. */
const relay: BackendKind = {
	name: "relay",
	create: () => ({
		operations: {
			chat_completions: undefined,
			embeddings: undefined,
			image_generation: undefined,
			speech_to_text: undefined,
			text_to_speech: undefined,
			realtime_voice: {
				async connect(_, { requests, signal }): Promise<RealtimeVoiceChannel> {
					async function* events(): AsyncGenerator<ChannelEvent> {
						if (requests === undefined) throw new Error("the session has no requests");
						for await (const event of requests.stream("chat_completions", QUESTION, signal)) {
							if (event.type === "text") yield { type: "text", text: { item_id: "1", text: event.text } };
						}
					}
					return { events: events(), send: async () => {}, drain: async () => {}, close: async () => {}, report: () => ({}) };
				},
			},
		},
		capabilities: { realtime_voice: REALTIME_CAPABILITIES },
		close: async () => {},
	}),
};

const CONFIG = { backends: { relay: { kind: "relay" }, chat: { kind: "stub" } } };

async function textOf(guest: string | undefined, config: object): Promise<{ text: string; last: string; operations: string[] }> {
	const host = await createHost({ config: { host: { log_level: "silent" }, ...config }, kinds: [relay] });
	const operations: string[] = [];
	const client = host.client({
		...(guest === undefined ? {} : { guest }),
		onEvent: (event) => event.type === "request" && operations.push(event.operation),
	});
	try {
		const session = await client.connect(
			{ mode: "conversation", tools: [] },
			{ routing: { backend: "relay", allowlist: [], denylist: [], preferred: [] } },
		);
		let text = "";
		let last = "";
		for await (const event of session) {
			if (event.type === "text") text += event.text.text;
			last = event.type === "failed" ? event.failed.code : event.type;
		}
		return { text, last, operations };
	} finally {
		await host.close();
	}
}

test("a session asks another backend, and its requests are reported like those of the guest", async () => {
	assert.equal(await textOf(undefined, CONFIG), {
		text: "stub: you said hello",
		last: "completed",
		operations: ["realtime_voice", "chat_completions"],
	});
});

test("the requests of a session obey the rules of its guest", async () => {
	const config = { ...CONFIG, guests: { caller: { routes: { chat_completions: { deny: ["chat"] } } } } };
	assert.is((await textOf("caller", config)).last, "no_candidate_backend");
});

test.run();
