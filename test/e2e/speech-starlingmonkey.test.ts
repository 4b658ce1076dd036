import { test } from "uvu";
import * as assert from "uvu/assert";
import { wavHeader } from "../../src/formats/wav-header.ts";
import { startFamilyHost, via } from "../helpers/family-faults.ts";
import { ask, bytes } from "../helpers/family-guest.ts";
import { formOf } from "../helpers/form.ts";
import { answer, sse } from "../helpers/openai-server.ts";
import { describe } from "../helpers/probe-host.ts";
import { choose, programs } from "../helpers/programs.ts";

/** Speech of a StarlingMonkey guest. The values at the ABI are those of the QuickJS tests. */

const SAMPLES = Buffer.alloc(3200, 7);
const WAV = Buffer.concat([wavHeader(SAMPLES.length, 16_000), SAMPLES]);
const AUDIO = { "content-type": "audio/wav" };
const DONE = { type: "transcript.text.done", text: "Hello there.", usage: { type: "duration", seconds: 1 } };

test("StarlingMonkey: speech and transcriptions, whole and streamed, return values, and failures their record", async () => {
	const { server, instance: instantiate, close } = await startFamilyHost((await programs()).prepared);
	try {
		const instance = await choose(await instantiate(), "families");
		const options = via("upstream");
		const audio = { tag: "inline", val: { data: bytes(WAV), mimeType: "audio/wav" } };
		server.script(
			answer.text(WAV, AUDIO),
			answer.stream([WAV.subarray(0, 1000), WAV.subarray(1000)], AUDIO),
			answer.json({ text: "Hello there." }),
			answer.stream(sse([{ type: "transcript.text.delta", delta: "Hello there." }, DONE], { done: false })),
			answer.status(500, { error: { message: "Oops" } }),
		);
		const [whole, streamed, heard, events, failed] = await ask(
			instance,
			{ do: "speak", request: { format: "wav" }, options },
			{ do: "speakEvents", request: { format: "wav" }, options },
			{ do: "hear", request: { audio }, options },
			{ do: "hearEvents", request: { audio }, options },
			{ do: "speakStreamed", options },
		);
		const facts = (response: unknown) => ({ ...Object(response), audio: undefined });
		const expected = { audio: undefined, mimeType: "audio/wav", sampleRate: 16_000, durationMs: 100 };
		assert.equal(facts(whole?.ok), expected);
		assert.ok(Array.isArray(streamed?.ok), describe(streamed));
		assert.equal(facts(streamed.ok.at(-1).val), expected);
		assert.equal(
			streamed.ok.slice(0, -1).flatMap(({ val }) => val),
			[...WAV],
		);
		const transcript = { text: "Hello there.", segments: [], words: [] };
		assert.equal(heard?.ok, transcript);
		assert.equal(events?.ok, [
			{ tag: "text", val: "Hello there." },
			{ tag: "completed", val: { ...transcript, duration: 1 } },
		]);
		const { code, retryable } = Object(failed?.err);
		assert.equal({ code, retryable }, { code: "backend-error", retryable: true });
		assert.equal(formOf(server.requests[2]).at(-1), ["file", "audio.wav", "audio/wav", WAV.toString("latin1")]);
		await instance.close();
	} finally {
		await close();
	}
});

test.run();
