/** A guest that guesses a key, over an upstream that repeats the guest's text. Each answer must be the same for right and wrong guesses. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Behaviour } from "../helpers/openai-server.ts";
import { CANARY, probe, startProbeHost } from "../helpers/probe-host.ts";

/** Repeats the text of the last message at the end of an error. */
const echo: Behaviour = (response, request) => {
	const text = /"content":"([^"]*)"/.exec(request.body)?.[1] ?? "";
	response.writeHead(400, { "content-type": "application/json" }).end(JSON.stringify({ error: { message: `not understood: ${text}` } }));
};

function messageOf(outcome: { readonly err?: unknown } | undefined): string {
	const err = outcome?.err;
	return typeof err === "object" && err !== null && "message" in err ? String(err.message) : "no error";
}

const say = (text: string) =>
	({ do: "complete", request: { messages: [{ role: "user", content: [{ tag: "text", val: text }] }] } }) as const;

test("a guest that guesses endings of the key receives its own text, right or wrong", async () => {
	const probeHost = await startProbeHost();
	const instance = await probeHost.instance();
	for (let length = 1; length < CANARY.length; length += 3) {
		for (const guess of [CANARY.slice(0, length), `${CANARY.slice(0, length - 1)}~`, CANARY.slice(-length)]) {
			probeHost.server.script(echo);
			const [outcome] = await probe(instance, say(guess));
			assert.is(messageOf(outcome), `the backend finds the request invalid (status 400): not understood: ${guess}`);
		}
	}
	await instance.close();
	await probeHost.close();
});

test("the whole key at the end of an upstream's error does not reach the guest", async () => {
	const probeHost = await startProbeHost();
	const instance = await probeHost.instance();
	probeHost.server.script(echo);
	const [outcome] = await probe(instance, say(CANARY));
	assert.is(messageOf(outcome), "the backend finds the request invalid (status 400): not understood: [redacted]");
	await instance.close();
	await probeHost.close();
});

test("a guest's own words come back unchanged, also if they are a key", async () => {
	const probeHost = await startProbeHost();
	const instance = await probeHost.instance();
	const named = (name: string) => ({ do: "complete", request: { model: name } }) as const;
	const answering = (callId: string) =>
		({ do: "complete", request: { messages: [{ role: "tool", content: [{ tag: "text", val: "1" }], toolCallId: callId }] } }) as const;
	for (const call of [named, answering]) {
		const wrong = CANARY.replace("canary", "kanari");
		const [right, other] = await probe(instance, call(CANARY), call(wrong));
		assert.is(messageOf(right), messageOf(other).replaceAll(wrong, CANARY));
		assert.not.match(messageOf(right), "[redacted]");
	}
	await instance.close();
	await probeHost.close();
});

test.run();
