import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { AgentInstance } from "../../src/index.ts";
import { familiesComponent } from "../helpers/families-guest.ts";
import { type FamilyHost, familyFaults, startFamilyHost, via } from "../helpers/family-faults.ts";
import { ask } from "../helpers/family-guest.ts";
import { answer, type Behaviour } from "../helpers/openai-server.ts";
import { CANARY, describe } from "../helpers/probe-host.ts";

/** Embeddings of a guest, through all four layers to a server on a real socket and back. */
const test = suite<{ familyHost: FamilyHost; instance: AgentInstance }>("embeddings over HTTP");

/** Returns a response of the upstream, with vectors in the order of its list. */
function embeddings(vectors: readonly { index: number; embedding: unknown }[], tokens?: number): Behaviour {
	return answer.json({
		object: "list",
		data: vectors.map((vector) => ({ object: "embedding", ...vector })),
		model: "embed-1-2026",
		...(tokens === undefined ? {} : { usage: { prompt_tokens: tokens, total_tokens: tokens } }),
	});
}

const unreported = { outputTokens: null, cachedInputTokens: null, reasoningTokens: null, cacheWriteTokens: null };
const ONE = {
	model: "embed-1-2026",
	vectors: [[0.5, -0.25]],
	dimensions: 2,
	usage: { inputTokens: 1, totalTokens: 1, ...unreported },
	downgrades: null,
};
const good = (): Behaviour => embeddings([{ index: 0, embedding: [0.5, -0.25] }], 1);

test.before(async (context) => {
	context.familyHost = await startFamilyHost(await familiesComponent(), {
		options: {
			embeddings_max_batch: 2,
			embeddings_input_type: { field: "input_type", document: "passage" },
			allow_provider_options: ["user"],
		},
	});
	context.instance = await context.familyHost.instance();
});

test.after(async ({ familyHost, instance }) => {
	await instance.close();
	await familyHost.close();
});

test("one text is sent as a batch, and the guest receives its vector", async ({ familyHost: { server }, instance }) => {
	server.script(good());
	assert.equal(await ask(instance, { do: "embed", options: via("upstream") }), [{ ok: ONE }]);
	const received = server.requests.at(-1);
	assert.is(received?.method, "POST");
	assert.is(received?.path, "/v1/embeddings");
	assert.is(received?.headers.authorization, `Bearer ${CANARY}`);
	assert.is(received?.body, '{"model":"m1","input":["hello"]}');
});

test("every option of a batch reaches the upstream", async ({ familyHost: { server }, instance }) => {
	server.script(good());
	const request = { model: "m2", input: ["a"], dimensions: 2, inputType: "document" };
	const options = via("upstream", { providerOptions: '{"user":"u-1"}' });
	assert.equal(await ask(instance, { do: "embed", request, options }), [{ ok: ONE }]);
	assert.equal(server.requests.at(-1)?.json(), { model: "m2", dimensions: 2, input_type: "passage", user: "u-1", input: ["a"] });
});

test("a batch beyond the limit of the upstream is split, and its vectors are joined in order", async ({
	familyHost: { server },
	instance,
}) => {
	const count = server.requests.length;
	// The vector of a text is the length of the text. Each response lists its vectors in reverse order.
	const byLength: Behaviour = (response, request) => {
		const { input } = Object(request.json());
		const vectors = input.map((text: string, index: number) => ({ index, embedding: [text.length, 0] })).reverse();
		return embeddings(vectors, input.length)(response, request);
	};
	server.script(byLength, byLength, byLength);
	const [outcome] = await ask(instance, { do: "embed", request: { input: ["a", "bb", "ccc", "dddd", "eeeee"] }, options: via("upstream") });
	assert.equal(outcome?.ok, {
		model: "embed-1-2026",
		vectors: [1, 2, 3, 4, 5].map((length) => [length, 0]),
		dimensions: 2,
		usage: { inputTokens: 5, totalTokens: 5, ...unreported },
		downgrades: [{ field: "input", effect: "emulated", detail: "split into requests of at most 2 texts" }],
	});
	assert.equal(
		server.requests
			.slice(count)
			.map((request) => Object(request.json()).input)
			.sort(),
		[["a", "bb"], ["ccc", "dddd"], ["eeeee"]],
	);
});

test("an empty text is refused without a request to the upstream", async ({ familyHost: { server }, instance }) => {
	const count = server.requests.length;
	const [outcome] = await ask(instance, { do: "embed", request: { input: ["a", ""] } });
	assert.match(describe(outcome?.err), '"code":"invalid-request","message":"input[1]: the text is empty; omit it"');
	assert.is(server.requests.length, count);
});

test.run();

familyFaults({
	operation: "embeddings",
	component: familiesComponent,
	command: (options) => ({ do: "embed", options }),
	good: () => [good()],
	check: (outcome) => assert.equal(outcome, { ok: ONE }),
}).run();
