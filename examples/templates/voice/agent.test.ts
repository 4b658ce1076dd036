import assert from "node:assert/strict";
import { test } from "node:test";
import { mockHost } from "spear-hostcall/guest/testing";
import { run } from "./agent.ts";

test("the agent hears a recording, and speaks its answer", () => {
	using host = mockHost({
		transcription: [{ text: "what time is it" }],
		chat: ["It is noon."],
		speech: [Uint8Array.of(1, 2, 3, 4)],
	});
	assert.equal(host.run(run, "data:audio/wav;base64,UklGRiQAAABXQVZF"), "It is noon.");
	const [heard, audio] = host.output;
	assert.deepEqual(heard, { type: "event", name: "heard", data: "what time is it" });
	assert.ok(audio?.type === "event" && audio.name === "audio");
	assert.match(String(audio.data), /^data:audio\//);
	host.assertUsed();
});

test("words need no transcription", () => {
	using host = mockHost({ chat: ["Hello!"], speech: [Uint8Array.of(1, 2)] });
	assert.equal(host.run(run, "hi"), "Hello!");
	assert.equal(host.requestsOf("speech_to_text").length, 0);
});
