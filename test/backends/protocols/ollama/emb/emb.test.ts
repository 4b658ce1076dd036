import { type EmbedRequest, Ollama } from "ollama";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as emb from "../../../../../generated/ir/emb.ts";
import type { InstanceConfig } from "../../../../../src/backends/backend.ts";
import { ollama } from "../../../../../src/backends/kinds/ollama/index.ts";
import { answer, type Behaviour, OpenAiServer } from "../../../../helpers/openai-server.ts";
import { failure } from "../../../../transport/http/fixture.ts";
import { contextOf } from "../../../context.ts";
import { envelopeOf } from "../../../envelope.ts";
import { differences } from "../../../sdk-differences.ts";
import { KEY } from "../upstream.ts";

const MODEL = "nomic-embed-text";
const answered = (embeddings: unknown, more: object = {}): Behaviour =>
	answer.json({ model: MODEL, embeddings, total_duration: 14_143_917, load_duration: 1_019_500, prompt_eval_count: 8, ...more });

type Embed = (payload: Partial<emb.Request>, extra?: Parameters<typeof envelopeOf>[2]) => Promise<emb.Response>;

/** Runs a test against an instance whose upstream plays a script. Fails if a connection is open after it. */
async function upstream(
	script: readonly Behaviour[],
	run: (embed: Embed, server: OpenAiServer) => Promise<void>,
	options: InstanceConfig["options"] = {},
): Promise<void> {
	const server = await OpenAiServer.start(...script);
	const backend = ollama.create({ name: "up", kind: "ollama", base_url: server.baseUrl, models: [MODEL], options });
	const { embeddings } = backend.operations;
	if (embeddings === undefined) throw new Error("the kind serves no embeddings");
	try {
		await run(
			(payload, extra) => embeddings.unary(envelopeOf("embeddings", { input: ["a"], ...payload }, extra), contextOf({ apiKey: KEY })),
			server,
		);
		await backend.close();
		await server.quiet();
	} finally {
		await backend.close();
		await server.close();
	}
}

test("a batch becomes vectors, in the order of the texts", () =>
	upstream(
		[
			answered([
				[1, 0.5],
				[0, -2],
			]),
		],
		async (embed, server) => {
			assert.equal(await embed({ input: ["a", "b"], dimensions: 2 }), {
				model: MODEL,
				dimensions: 2,
				vectors: [Float32Array.of(1, 0.5), Float32Array.of(0, -2)],
				usage: { input_tokens: 8 },
			});
			const request = await server.request(0);
			assert.equal([request.method, request.path, request.headers.authorization], ["POST", "/api/embed", `Bearer ${KEY}`]);
			assert.equal(request.json(), { model: MODEL, input: ["a", "b"], dimensions: 2, truncate: false });
		},
	));

test("a batch larger than the option allows is split and joined in order", () =>
	upstream(
		[1, 2, 3].map(() => (...[response, request]: Parameters<Behaviour>) => {
			const { input }: { input: string[] } = JSON.parse(request.body);
			return answered(input.map((text) => [Number(text)]))(response, request);
		}),
		async (embed, server) => {
			const { vectors, usage } = await embed({ input: ["1", "2", "3", "4", "5"] });
			assert.equal(
				vectors.map(([value]) => value),
				[1, 2, 3, 4, 5],
			);
			assert.equal([usage, server.requests.length], [{ input_tokens: 24 }, 3]);
		},
		{ embeddings_max_batch: 2 },
	));

/** Requests in the types of the SDK, the options of the instance, and members in which the bodies differ with the reason. */
const SDK_CASES: Readonly<
	Record<string, { payload: Partial<emb.Request>; options?: InstanceConfig["options"]; params: EmbedRequest; differences?: object }>
> = {
	texts: { payload: { input: ["a", "b"] }, params: { model: MODEL, input: ["a", "b"], truncate: false } satisfies EmbedRequest },
	"shorter vectors": {
		payload: { dimensions: 8 },
		options: { embeddings_truncate: true },
		params: { model: MODEL, input: "a", dimensions: 8 } satisfies EmbedRequest,
		differences: { input: "the API reads a string as a list of one text" },
	},
	"options of the model": {
		payload: {},
		options: { keep_alive: "1h", num_ctx: 2048, embeddings_truncate: true },
		params: { model: MODEL, input: ["a"], keep_alive: "1h", options: { num_ctx: 2048 } } satisfies EmbedRequest,
	},
};

for (const [name, { payload, options, params, differences: expected = {} }] of Object.entries(SDK_CASES)) {
	test(`a request with ${name} is sent as the SDK sends it`, () =>
		upstream(
			[1, 2].map(() => answered((payload.input ?? ["a"]).map(() => Array.from({ length: payload.dimensions ?? 1 }, () => 1)))),
			async (embed, server) => {
				await embed(payload);
				await new Ollama({ host: server.baseUrl.replace(/\/v1$/, "") }).embed(params);
				const [ours, theirs] = [await server.request(0), await server.request(1)];
				assert.equal(differences(ours.json(), theirs.json()), Object.keys(expected));
				assert.equal([ours.method, ours.path], [theirs.method, theirs.path]);
				await server.close();
			},
			options,
		));
}

test("a purpose of the texts, and members that the adapter writes, are refused before sending", () =>
	upstream(
		[],
		async (embed) => {
			assert.match((await failure(embed({ input_type: "query" }))).message, /^input_type: this backend does not know purposes of texts/);
			assert.match((await failure(embed({}, { truncate: true }))).message, /^provider_options\.truncate: it cannot be set this way/);
		},
		{ allow_provider_options: true },
	));

test("an option of the run time goes into the options of the request", () =>
	upstream(
		[answered([[1]])],
		async (embed, server) => {
			await embed({}, { num_batch: 64 });
			assert.equal((await server.request(0)).json(), { model: MODEL, input: ["a"], truncate: false, options: { num_batch: 64 } });
		},
		{ allow_provider_options: ["num_batch"] },
	));

const MALFORMED: Readonly<Record<string, readonly [embeddings: unknown, message: string]>> = {
	"no list": [undefined, "malformed: embeddings is not a list"],
	"another number of vectors": [[[1], [2]], "malformed: embeddings holds 2 vectors for 1 texts"],
	"a vector that is no list": [[{}], "malformed: embeddings[0] is neither a list of numbers nor 32-bit floats in base64"],
	"an empty vector": [[[]], "malformed: embeddings[0] is empty"],
	"a number that is none": [[[null]], "malformed: embeddings[0] is neither a list of numbers nor 32-bit floats in base64"],
};

for (const [name, [embeddings, message]] of Object.entries(MALFORMED)) {
	test(`an answer with ${name} is malformed, and its usage is kept`, () =>
		upstream([answered(embeddings)], async (embed) => {
			const error = await failure(embed({}));
			assert.equal([error.message, error.usage], [`the backend's answer is ${message}`, { input_tokens: 8 }]);
		}));
}

test("a model that cannot shorten its vectors is not held against the backend", () =>
	upstream([answered([[1, 2, 3]])], async (embed) => {
		const error = await failure(embed({ dimensions: 2 }));
		assert.equal(
			[error.code, error.message],
			["missing_capabilities", "the backend's answer is not what the request asked for: the vectors have length 3 instead of 2"],
		);
	}));

test("a text that exceeds the context is refused by its message", () =>
	upstream([answer.status(400, { error: "the input length exceeds the context length" })], async (embed) => {
		const error = await failure(embed({}));
		assert.equal(
			[error.code, error.message],
			["invalid_request", "the backend finds the request invalid (status 400): the input length exceeds the context length"],
		);
	}));

test.run();
