/** A guest for tests: the input selects what it does. Runs as a component, and as a plain module. */

import { transcribe, transcribeStream } from "spear:ai/asr@0.1.0";
import { complete, completeStream, Session } from "spear:ai/cchat@0.1.0";
import { features, models } from "spear:ai/discovery@0.1.0";
import { embed } from "spear:ai/emb@0.1.0";
import { create } from "spear:ai/img@0.1.0";
import { log } from "spear:ai/log@0.1.0";
import * as media from "spear:ai/media@0.1.0";
import { poll, subscribeDuration } from "spear:ai/poll@0.1.0";
import { Session as RealtimeSession } from "spear:ai/rt@0.1.0";
import { call as transform } from "spear:ai/transform@0.1.0";
import { synthesize, synthesizeStream } from "spear:ai/tts@0.1.0";
import { agent, emit, HostcallError } from "spear-hostcall/guest";
import { chat, tool } from "spear-hostcall/guest/chat";
import { select, sleep } from "spear-hostcall/guest/poll";

const user = (text: string) => ({ role: "user" as const, content: [{ tag: "text" as const, val: text }] });

const stock = tool<{ sku: string }>({
	name: "stock",
	parameters: { type: "object", properties: { sku: { type: "string" } } },
	run({ sku }) {
		if (sku === "nut") throw new Error("no nuts");
		return { sku, count: 12 };
	},
});

/** Returns the result of a call, or the error that it threw, with all that a guest can see of it. */
function seen(call: () => unknown): string {
	try {
		return JSON.stringify(call(), (_key, value) => (value instanceof Uint8Array ? `bytes ${[...value]}` : value));
	} catch (thrown) {
		if (!(thrown instanceof Error)) return `threw ${String(thrown)}`;
		return `${thrown.name}: ${thrown.message} ${JSON.stringify("payload" in thrown ? thrown.payload : undefined)}`;
	}
}

const jobs: Record<string, () => string> = {
	"chat with tools"() {
		using clerk = chat({ system: "Answer briefly.", tools: [stock], params: { temperature: 0.5 } });
		const answer = clerk.ask("how many?");
		return `${answer.text} after ${answer.tools.map(({ call, result }) => `${call.id} ${result.output}`).join()}`;
	},
	"streamed chat"() {
		using clerk = chat({ tools: [stock] });
		const tags: string[] = [];
		for (const event of clerk.stream("how many?")) {
			tags.push(event.tag);
			if (event.tag === "text") emit(event.val);
		}
		emit({ event: "done", data: { tags } });
		return tags.join(" ");
	},
	"results of every family"() {
		const { reference } = media.put(Uint8Array.of(82, 73, 70, 70, 1), "audio/wav");
		return [
			seen(() => complete({ messages: [user("hi")] }, undefined)),
			seen(() => embed({ input: ["a", "bc"] }, undefined)),
			seen(() => create({ task: { tag: "generate" }, prompt: "a bolt" }, undefined)),
			seen(() => media.get(create({ task: { tag: "generate" }, prompt: "a bolt" }, undefined).images[0]?.media ?? reference)),
			seen(() => synthesize({ input: { tag: "text", val: "hi" } }, undefined)),
			seen(() => transcribe({ audio: reference, timestamps: { segment: true } }, undefined)),
			seen(() => media.stat(reference)),
			seen(() => transform("embeddings", '{"input":["x"]}', undefined)),
			seen(() => [features(), models("embeddings").length]),
		].join("\n");
	},
	"errors of raw calls"() {
		const session = Session.open({ messages: [user("a")] }, undefined);
		const closed = Session.open({ messages: [user("a")] }, undefined);
		closed[Symbol.dispose]();
		closed[Symbol.dispose]();
		const none = undefined as never;
		return [
			seen(() => complete({ messages: [] }, undefined)),
			seen(() => complete({ messages: [user("a")], params: { temperature: 9 } }, undefined)),
			seen(() => complete({ messages: [user("a")] }, { routing: { backend: "none" } })),
			seen(() => media.get({ tag: "stored", val: "sms+file://none" })),
			seen(() => session.truncate(5)),
			seen(() => session.truncate(-1)),
			seen(() => session.truncate(1.7)),
			seen(() => Reflect.apply(embed, none, [{ input: ["a"] }])),
			seen(() => Reflect.apply(session.truncate, session, [])),
			seen(() => Reflect.apply(session.messages, {}, [])),
			seen(() => closed.messages()),
			seen(() => Reflect.construct(Session, [])),
			seen(() => embed({ input: ["a"] }, undefined)),
			seen(() => complete({ messages: [user("fail")] }, undefined)),
		].join("\n");
	},
	"several streams"() {
		const first = completeStream({ messages: [user("first")] }, undefined);
		const second = completeStream({ messages: [user("second")] }, undefined);
		const order: string[] = [];
		for (const { from, event } of select({ first, second })) order.push(`${from}:${event.tag}`);
		const timers = [subscribeDuration(300), subscribeDuration(20)];
		order.push(String(poll(timers)));
		sleep(10);
		return order.join(" ");
	},
	"a stream that breaks off"() {
		const stream = completeStream({ messages: [user("a")] }, undefined);
		const events: string[] = [];
		for (;;) {
			const event = stream.next();
			events.push(JSON.stringify(event));
			if (event.tag === "completed" || event.tag === "failed") break;
		}
		events.push(seen(() => stream.next()));
		return events.join("\n");
	},
	"speech and transcripts as streams"() {
		const parts: string[] = [];
		const speech = synthesizeStream({ input: { tag: "text", val: "hi" }, format: "pcm" }, undefined);
		for (;;) {
			const event = speech.next();
			parts.push(event.tag === "audio" ? `audio ${[...event.val]}` : event.tag);
			if (event.tag !== "audio") break;
		}
		const heard = transcribeStream({ audio: { tag: "inline", val: { data: Uint8Array.of(1, 2), mimeType: "audio/wav" } } }, undefined);
		for (;;) {
			const event = heard.next();
			parts.push(JSON.stringify(event));
			if (event.tag === "completed" || event.tag === "failed") break;
		}
		return parts.join("\n");
	},
	"a realtime session"() {
		const session = RealtimeSession.connect({ mode: "conversation", tools: [] }, undefined);
		const parts: string[] = [JSON.stringify(session.appendAudio(Uint8Array.of(1, 2, 3, 4)))];
		session.commit();
		for (let turn = 0; turn < 2; ) {
			const event = session.next();
			parts.push(event.tag === "audio" ? `audio ${[...event.val.audio]}` : JSON.stringify(event));
			if (event.tag === "tool-call") session.sendToolResult(event.val.id, "12");
			if (event.tag === "response-done") turn += 1;
		}
		session.close();
		parts.push(session.next().tag, JSON.stringify(session.state()));
		return parts.join("\n");
	},
	"lines of the log"() {
		console.log("plain", { deep: [1] });
		console.error("bad");
		log("debug", "with fields", [{ key: "k", value: "v" }]);
		return "logged";
	},
	"an error that nothing catches"() {
		return chat().ask("fail").text;
	},
	"an error of its own"() {
		throw new RangeError("own failure");
	},
	"a caught error"() {
		try {
			return chat().ask("fail").text;
		} catch (thrown) {
			if (!(thrown instanceof HostcallError)) throw thrown;
			return `${thrown.code} ${thrown.retryable} ${thrown.retryAfterMs} ${thrown.operation}`;
		}
	},
	"a value of the wrong type"() {
		return embed({ input: "text" as never }, undefined).model;
	},
	"an unknown case"() {
		return complete({ messages: [{ ...user("a"), role: "boss" as never }] }, undefined).model;
	},
	"half a surrogate pair"() {
		return embed({ input: ["\ud800"] }, undefined).model;
	},
	"a wait beyond its deadline"() {
		return complete({ messages: [user("slow")] }, { timeoutMs: 50 }).model;
	},
};

export const run = agent((input) => jobs[input]?.() ?? "no such job");
