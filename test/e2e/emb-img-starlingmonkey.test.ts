import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { AgentInstance } from "../../src/index.ts";
import { type FamilyHost, startFamilyHost, via } from "../helpers/family-faults.ts";
import { ask, bytes } from "../helpers/family-guest.ts";
import { png } from "../helpers/images.ts";
import { answer } from "../helpers/openai-server.ts";
import { describe } from "../helpers/probe-host.ts";
import { choose, programs } from "../helpers/programs.ts";

/** Embeddings and images of a StarlingMonkey guest, whose engine lifts and lowers values with other code. */
const test = suite<{ familyHost: FamilyHost; instance: AgentInstance }>("embeddings and images from StarlingMonkey");

test.before(async (context) => {
	context.familyHost = await startFamilyHost((await programs()).prepared);
	context.instance = await choose(await context.familyHost.instance(), "families");
});

test.after(async ({ familyHost, instance }) => {
	await instance.close();
	await familyHost.close();
});

test("StarlingMonkey: a batch returns its vectors, and a failure its record", async ({ familyHost: { server }, instance }) => {
	const data = [
		{ object: "embedding", index: 1, embedding: "AAAAPwAAgL4=" },
		{ object: "embedding", index: 0, embedding: [1, 2] },
	];
	const body = { object: "list", data, model: "e-1", usage: { prompt_tokens: 2, total_tokens: 2 } };
	server.script(answer.json(body), answer.status(429, { error: { message: "Slow down" } }, { "retry-after": "2" }), answer.json(body));
	const request = { input: ["a", "b"], dimensions: 2 };
	const command = { do: "embed", request, options: via("upstream") };
	const [first, failed, second] = await ask(instance, command, command, command);
	const expected = {
		model: "e-1",
		vectors: [
			[1, 2],
			[0.5, -0.25],
		],
		dimensions: 2,
		usage: { inputTokens: 2, totalTokens: 2 },
	};
	assert.equal(first?.ok, expected);
	assert.equal(second?.ok, expected);
	assert.match(describe(failed?.err), '"code":"rate-limited"');
	assert.match(describe(failed?.err), '"retryAfterMs":2000');
	assert.equal(server.requests[0]?.json(), { model: "m1", dimensions: 2, input: ["a", "b"] });
});

test("StarlingMonkey: an edit returns an image that can be read, and a failure its record", async ({
	familyHost: { server },
	instance,
}) => {
	const file = png(8, 9);
	server.script(
		answer.json({ data: [{ b64_json: Buffer.from(file).toString("base64") }] }),
		answer.status(400, { error: { message: "No", code: "content_policy_violation" } }),
	);
	const task = { tag: "edit", val: { images: [{ tag: "inline", val: { data: bytes(file), mimeType: "image/png" } }] } };
	const command = { do: "create", request: { task, n: 1 }, options: via("upstream"), look: true };
	const [made, failed] = await ask(instance, command, command);
	const { images, bytes: read } = Object(made?.ok);
	assert.is(images.length, 1, describe(made));
	const { mimeType, size, media } = images[0];
	assert.equal({ mimeType, size, media: media.tag }, { mimeType: "image/png", size: { width: 8, height: 9 }, media: "stored" });
	assert.equal(read, [[...file]]);
	assert.match(describe(failed?.err), '"code":"invalid-request"');
	assert.ok(server.requests.at(-1)?.bytes.includes(Buffer.from(file)));
});

test.run();
