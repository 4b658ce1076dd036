/** Realtime sessions with the real models: speech by one engine, sent at its real speed, is heard by the other. Skipped without the models. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as rt from "../../../../../generated/ir/rt.ts";
import { routedTo, sendAtSpeed, spoken } from "../../../../../scripts/soak/spoken-input.ts";
import { storyteller } from "../../../../../scripts/soak/storyteller.ts";
import { INSTALLED_PACKAGES } from "../../../../../src/backends/protocols/local/package-paths.ts";
import { type ClientSession, createHost, type Host } from "../../../../../src/index.ts";
import { scratch } from "../../../../helpers/guest.ts";
import { isInstalled } from "../real-models.ts";

const hasLibrary = ["sherpa-onnx-node", "sherpa-onnx"].some((name) => INSTALLED_PACKAGES.pathOf(name) !== undefined);
if (!hasLibrary) console.log("SKIP real model: no package of speech recognition is installed; `npm install sherpa-onnx-node` installs one");
const hasModels = (await Promise.all(["flite", "moonshine-tiny", "silero-vad"].map(isInstalled))).every(Boolean);
const check = hasLibrary && hasModels ? test : test.skip;

const host: Host = await createHost({
	config: {
		host: { log_level: "silent", cache_dir: scratch() },
		backends: { here: { kind: "local", options: { chat_model: "story" } }, chat: { kind: "storyteller" } },
	},
	kinds: [storyteller],
});
const client = host.client();

test.after(() => host.close());

/** An event, and the time of its arrival in milliseconds. */
type Arrived = readonly [event: rt.Event, ms: number];

interface Reading {
	readonly seen: readonly Arrived[];
	/** Resolves once so many events of a type have arrived after an index. Returns the last of them. */
	until(type: rt.Event["type"], count?: number, from?: number): Promise<Arrived>;
	readonly all: Promise<void>;
}

/** Reads a session in the background. */
function reading(session: ClientSession): Reading {
	const seen: Arrived[] = [];
	let wake = Promise.withResolvers<void>();
	const all = (async () => {
		for await (const event of session) {
			seen.push([event, performance.now()]);
			wake.resolve();
			wake = Promise.withResolvers();
		}
	})();
	return {
		seen,
		all,
		async until(type, count = 1, from = 0) {
			for (;;) {
				const found = seen.slice(from).filter(([event]) => event.type === type)[count - 1];
				if (found !== undefined) return found;
				await wake.promise;
			}
		},
	};
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[a-z]+/g) ?? [];

check("speech at real speed has partial transcripts while it goes on, and the final one after its end", async () => {
	const text = "The quick brown fox jumps over the lazy dog.";
	for (const input_format of ["pcm16", "g711_ulaw"] as const) {
		const session = await client.connect({ mode: "transcription", input_format, tools: [] }, routedTo("here"));
		const { seen, all } = reading(session);
		await sendAtSpeed(session, await spoken(client, "here", text, "slt", 1000, input_format), 1, input_format);
		await session.drain();
		session.close();
		await all;
		const types = seen.map(([{ type }]) => type);
		assert.is(types[0], "speech_started");
		assert.equal(types.slice(-3), ["input_transcript", "input_transcript_done", "completed"]);
		const stopped = types.indexOf("speech_stopped");
		assert.ok(types.indexOf("input_transcript") < stopped, types.join(" "));
		const done = seen.flatMap(([event]) => (event.type === "input_transcript_done" ? [event.input_transcript_done] : []));
		const partials = seen.flatMap(([event]) => (event.type === "input_transcript" ? [event.input_transcript] : []));
		assert.equal(new Set([...done, ...partials].map(({ item_id }) => item_id)).size, 1);
		const heard = wordsOf(done.map((each) => each.text).join(" "));
		const missed = wordsOf(text).filter((word) => !heard.includes(word));
		assert.ok(missed.length <= 3, `heard: ${heard.join(" ")}`);
		assert.ok(wordsOf(partials.map((each) => each.text).join("")).length >= heard.length - 1);
	}
});

check("speech interrupts the spoken answer within 100 ms, and so does a cancel", async () => {
	const session = await client.connect({ mode: "conversation", tools: [] }, routedTo("here"));
	const { seen, until, all } = reading(session);
	session.send({ type: "send_text", text: "Tell me a story." });
	await until("audio");
	await sendAtSpeed(session, await spoken(client, "here", "Stop here, please.", "rms", 700), 1);
	const [, startedAt] = await until("speech_started");
	const [, doneAt] = await until("response_done");
	assert.ok(doneAt - startedAt < 100, `${doneAt - startedAt} ms`);
	const types = seen.map(([{ type }]) => type);
	assert.is(types.slice(types.indexOf("speech_started"), types.indexOf("response_done")).includes("audio"), false);
	// The speech is answered in turn, and the guest cancels that answer.
	await until("response_started", 2);
	await until("audio", 1, seen.length);
	const cancelledAt = performance.now();
	session.send({ type: "cancel" });
	const [, cancelledDoneAt] = await until("response_done", 2);
	assert.ok(cancelledDoneAt - cancelledAt < 100, `${cancelledDoneAt - cancelledAt} ms`);
	await session.drain();
	assert.is(seen.at(-1)?.[0].type, "response_done");
	session.close();
	await all;
});

test.run();
