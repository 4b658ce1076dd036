import { test } from "uvu";
import * as assert from "uvu/assert";
import type { EmbeddingsBackend } from "../../../../../generated/backends/embeddings.ts";
import type * as emb from "../../../../../generated/ir/emb.ts";
import type { BackendConfigError, InstanceConfig } from "../../../../../src/backends/backend.ts";
import { openaiCompatible } from "../../../../../src/backends/kinds/openai-compatible/index.ts";
import { SpearError } from "../../../../../src/errors/spear-error.ts";
import { answer, type Behaviour, type OpenAiServer } from "../../../../helpers/openai-server.ts";
import { failure } from "../../../../transport/http/fixture.ts";
import { contextOf } from "../../../context.ts";
import { envelopeOf } from "../../../envelope.ts";
import { KEY, upstream } from "../upstream.ts";

interface Embedding {
	readonly embed: (payload: Partial<emb.Request>, more?: { extra?: Record<string, string>; signal?: AbortSignal }) => Promise<emb.Response>;
	readonly server: OpenAiServer;
}

/** Runs a test against an upstream with this script. */
function against(
	script: readonly Behaviour[],
	run: (embedding: Embedding) => Promise<void>,
	config: Partial<InstanceConfig> = {},
): Promise<void> {
	return upstream(
		script,
		async ({ backend, server }) => {
			const embeddings: EmbeddingsBackend | undefined = backend.operations.embeddings;
			if (embeddings === undefined) throw new Error("the kind serves no embeddings");
			const embed: Embedding["embed"] = (payload, { extra = {}, signal } = {}) =>
				embeddings.unary(
					envelopeOf("embeddings", { input: ["a"], ...payload }, extra),
					contextOf(signal === undefined ? { apiKey: KEY } : { signal, apiKey: KEY }),
				);
			await run({ embed, server });
		},
		config,
	);
}

/** Returns a whole answer in the form of the API. */
function list(data: readonly unknown[], more: object = {}): object {
	const usage = { prompt_tokens: 4, total_tokens: 4 };
	return { object: "list", data, model: "small-2026-03-01", usage, ...more };
}

function item(index: number, embedding: unknown): object {
	return { object: "embedding", index, embedding };
}

/** Returns 32-bit floats, least significant byte first, in base64. */
function base64(...values: number[]): string {
	const bytes = Buffer.alloc(4 * values.length);
	for (const [place, value] of values.entries()) bytes.writeFloatLE(value, 4 * place);
	return bytes.toString("base64");
}

const plain = ({ vectors, ...rest }: emb.Response) => ({ ...rest, vectors: vectors.map((vector) => [...vector]) });

test("an embeddings request is sent as requested, and its vectors are 32-bit floats", () =>
	against([answer.json(list([item(0, [0.1, -0.5])]))], async ({ embed, server }) => {
		const response = await embed({ dimensions: 2 });
		assert.instance(response.vectors[0], Float32Array);
		assert.equal(plain(response), {
			model: "small-2026-03-01",
			vectors: [[Math.fround(0.1), -0.5]],
			dimensions: 2,
			usage: { input_tokens: 4, total_tokens: 4 },
		});
		const [request] = server.requests;
		assert.is(request?.method, "POST");
		assert.is(request?.path, "/v1/embeddings");
		assert.is(request?.headers.authorization, `Bearer ${KEY}`);
		assert.is(request?.body, '{"model":"small","dimensions":2,"input":["a"]}');
	}));

test("the upstream's model name is used, and replaces one that the answer omits", () =>
	against(
		[answer.json({ data: [item(0, [1])] })],
		async ({ embed, server }) => {
			assert.equal(plain(await embed({ model: "big" })), { model: "big-v2", vectors: [[1]], dimensions: 1 });
			assert.equal(server.requests[0]?.json(), { model: "big-v2", input: ["a"] });
		},
		{ models: ["small", { name: "big", upstream: "big-v2" }] },
	));

test("vectors are returned in the order of the texts, whatever the order of the answer", () =>
	against([answer.json(list([item(2, [3]), item(0, [1]), item(1, [2])]))], async ({ embed }) => {
		assert.equal(plain(await embed({ input: ["a", "b", "c"] })).vectors, [[1], [2], [3]]);
	}));

test("vectors without an index have the order of the answer, also if only the first lacks it", async () => {
	const indexes: readonly (readonly unknown[])[] = [
		[undefined, undefined, undefined],
		[null, null, null],
		[undefined, 1, 2],
		["0", "1", "2"],
	];
	await against(
		indexes.map((each) => answer.json(list(each.map((index, place) => ({ index, embedding: [place + 1] }))))),
		async ({ embed }) => {
			for (const _ of indexes) assert.equal(plain(await embed({ input: ["a", "b", "c"] })).vectors, [[1], [2], [3]]);
		},
	);
});

test("vectors are requested in base64 if the option is set", () =>
	against(
		[answer.json(list([item(0, base64(0.5, -2, 3e-5))]))],
		async ({ embed, server }) => {
			assert.equal(plain(await embed({})).vectors, [[0.5, -2, Math.fround(3e-5)]]);
			assert.equal(server.requests[0]?.json(), { model: "small", encoding_format: "base64", input: ["a"] });
		},
		{ options: { embeddings_encoding: "base64" } },
	));

test("vectors are read as numbers and as base64, whichever was requested", async () => {
	const both = () => answer.json(list([item(0, base64(0.5, 1)), item(1, [0.25, 2])]));
	for (const embeddings_encoding of ["float", "base64"]) {
		await against(
			[both()],
			async ({ embed }) => {
				assert.equal(plain(await embed({ input: ["a", "b"] })).vectors, [
					[0.5, 1],
					[0.25, 2],
				]);
			},
			{ options: { embeddings_encoding } },
		);
	}
});

test("the input type is sent in the operator's words, and refused without a configured member", async () => {
	await against(
		[answer.json(list([item(0, [1])])), answer.json(list([item(0, [1])]))],
		async ({ embed, server }) => {
			await embed({ input_type: "query" });
			await embed({ input_type: "document" });
			assert.equal(
				server.requests.map((request) => request.json()),
				[
					{ model: "small", task: "retrieval.query", input: ["a"] },
					{ model: "small", task: "document", input: ["a"] },
				],
			);
			assert.equal(
				(await failure(embed({}, { extra: { task: "x" } }))).message,
				"provider_options.task: it cannot be set this way; use the request's own members",
			);
		},
		{ options: { embeddings_input_type: { field: "task", query: "retrieval.query" } } },
	);
	await against([], async ({ embed, server }) => {
		const error = await failure(embed({ input_type: "query" }));
		assert.equal(
			[error.code, error.message],
			["missing_capabilities", "input_type: this backend has no member for it; its operator can name one with embeddings_input_type"],
		);
		assert.is(server.requests.length, 0);
	});
});

test("supports_input_type is declared only with a configured member", () => {
	const featuresOf = (options: Record<string, unknown>) =>
		openaiCompatible.create({ name: "up", kind: "openai-compatible", base_url: "http://127.0.0.1:1/v1", models: [], options }).capabilities
			.embeddings?.features;
	assert.equal(featuresOf({}), ["supports_dimensions"]);
	assert.equal(featuresOf({ embeddings_input_type: { field: "input_type" } }), ["supports_dimensions", "supports_input_type"]);
});

test("invalid embeddings options are refused by name", () => {
	for (const [options, message] of [
		[{ embeddings_encoding: "int8" }, 'embeddings_encoding must be one of float, base64, not "int8"'],
		[{ embeddings_max_batch: 0 }, "embeddings_max_batch must be a whole number from 1 to 1000000"],
		[{ embeddings_input_type: { query: "q" } }, "embeddings_input_type.field is missing; name the member, such as input_type"],
		[{ embeddings_input_type: { field: "model" } }, 'embeddings_input_type.field is "model", which is another member of the request'],
		[
			{ embeddings_input_type: { field: "f", other: 1 } },
			"embeddings_input_type.other is not an option; the options are field, query, document",
		],
	] as const) {
		assert.throws(
			() => openaiCompatible.create({ name: "up", kind: "openai-compatible", base_url: "http://127.0.0.1:1/v1", models: [], options }),
			(error: BackendConfigError) => error.message === `backends.up.options.${message}`,
		);
	}
});

test("provider options are added to every part of a batch, and never replace other members", () =>
	against(
		[answer.json(list([item(0, [1])])), answer.json(list([item(0, [1])]))],
		async ({ embed, server }) => {
			await embed({ input: ["a", "b"] }, { extra: { user: "u-1" } });
			assert.equal(
				server.requests.map((request) => Object(request.json()).user),
				["u-1", "u-1"],
			);
			assert.is((await failure(embed({}, { extra: { encoding_format: "base64" } }))).code, "invalid_request");
			assert.is((await failure(embed({}, { extra: { truncate: "END" } }))).code, "invalid_request");
		},
		{ options: { allow_provider_options: ["user"], embeddings_max_batch: 1 } },
	));

/** Answers each text, a number, with the vector of that number. */
const numbers: Behaviour = (response, request) => {
	const { input } = Object(request.json());
	const data = input.map((text: string, index: number) => item(index, [Number(text)])).reverse();
	return answer.json(list(data, { usage: { prompt_tokens: input.length, total_tokens: input.length } }))(response, request);
};

test("a batch above the limit is split, and its vectors are joined in order", () =>
	against([numbers, numbers, numbers], async ({ embed, server }) => {
		const input = Array.from({ length: 2049 }, (_, index) => String(index));
		const all = await embed({ input });
		assert.equal(
			all.vectors.map((vector) => vector[0]),
			input.map(Number),
		);
		assert.is(all.dimensions, 1);
		assert.equal(all.usage, { input_tokens: 2049, total_tokens: 2049 });
		assert.equal(server.requests.map((request) => Object(request.json()).input.length).sort(), [1, 2048]);
		await embed({ input: input.slice(1) });
		assert.is(server.requests.length, 3);
	}));

test("at most four parts of a batch are in flight", async () => {
	let now = 0;
	let most = 0;
	const counted: Behaviour = async (response, request) => {
		most = Math.max(most, ++now);
		while (most < 4) await new Promise(setImmediate);
		for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
		now -= 1;
		await numbers(response, request);
	};
	await against(
		Array.from({ length: 10 }, () => counted),
		async ({ embed }) => {
			const input = Array.from({ length: 10 }, (_, index) => String(index));
			assert.equal(plain(await embed({ input })).vectors.flat(), input.map(Number));
			assert.is(most, 4);
		},
		{ options: { embeddings_max_batch: 1 } },
	);
});

test("usage that one part omits is absent for the batch", () =>
	against(
		[
			answer.json(list([item(0, [1])])),
			answer.json(list([item(0, [1])], { usage: { total_tokens: 3 } })),
			answer.json({ data: [item(0, [1])] }),
		],
		async ({ embed }) => {
			assert.equal((await embed({ input: ["a", "b"] })).usage, { total_tokens: 7 });
		},
		{ options: { embeddings_max_batch: 1 } },
	));

test("the first part that fails aborts the others and fails the batch", () =>
	against(
		[answer.silence(), answer.silence(), answer.status(500, { error: { message: "Oops" } })],
		async ({ embed, server }) => {
			const error = await failure(embed({ input: ["1", "2", "3", "4", "5", "6"] }));
			assert.equal(error.toRecord(), { code: "backend_error", message: "the backend failed (status 500): Oops", retryable: true });
			// The fourth part may have been sent before the failure. The later parts must not.
			for (const { ended } of server.requests.slice(0, 2)) assert.ok((await ended).clientClosed);
			assert.ok(server.requests.length <= 4);
		},
		{ options: { embeddings_max_batch: 1 } },
	));

test("an abort ends every part of a batch with its reason", () =>
	against(
		[answer.silence(), answer.silence()],
		async ({ embed, server }) => {
			const abort = new AbortController();
			const failed = failure(embed({ input: ["1", "2"] }, { signal: abort.signal }));
			const received = await Promise.all([server.request(0), server.request(1)]);
			const reason = new SpearError("timeout", "too late");
			abort.abort(reason);
			assert.is(await failed, reason);
			for (const { ended } of received) assert.ok((await ended).clientClosed);
			assert.is(await failure(embed({}, { signal: abort.signal })), reason);
		},
		{ options: { embeddings_max_batch: 1 } },
	));

test("parts whose vectors differ in length fail the batch", () =>
	against(
		[answer.json(list([item(0, [1])])), answer.json(list([item(0, [1, 2])]))],
		async ({ embed }) => {
			const error = await failure(embed({ input: ["1", "2"] }));
			assert.is(error.code, "backend_error");
			assert.match(error.message, /do not match: the vectors have different lengths: [12], [12]$/);
		},
		{ options: { embeddings_max_batch: 1 } },
	));

/** Malformed answers to two texts with three dimensions. */
const MALFORMED: readonly (readonly [answer: unknown, what: string])[] = [
	[null, "it is not an object"],
	[{}, "data is not a list"],
	[list([item(0, [1, 2, 3])]), "data holds 1 vectors for 2 texts"],
	[list([1, 2]), "data[0] is not an object"],
	[list([{ embedding: [1, 2, 3], index: 1 }, { embedding: [1, 2, 3] }]), "data[1].index is 1 for the second time"],
	[list([{ embedding: [1, 2, 3], index: 0.5 }, item(1, [1, 2, 3])]), "data[0].index is not a whole number"],
	[list([{ embedding: [1, 2, 3], index: "x" }, item(1, [1, 2, 3])]), "data[0].index is not a whole number"],
	[list([item(1, [1, 2, 3]), item(2, [1, 2, 3])]), "data[1].index is 2, for 2 texts"],
	[list([item(0, [1, 2, 3]), item(2, [1, 2, 3])]), "data[1].index is 2, for 2 texts"],
	[list([item(0, [1, 2, 3]), item(0, [1, 2, 3])]), "data[1].index is 0 for the second time"],
	[list([item(0, { 0: 1 }), item(1, [1, 2, 3])]), "data[0].embedding is neither a list of numbers nor 32-bit floats in base64"],
	[list([item(0, ["1"]), item(1, [1, 2, 3])]), "data[0].embedding is neither a list of numbers nor 32-bit floats in base64"],
	[list([item(0, "%%%%"), item(1, [1, 2, 3])]), "data[0].embedding is neither a list of numbers nor 32-bit floats in base64"],
	[list([item(0, "AAA="), item(1, [1, 2, 3])]), "data[0].embedding is neither a list of numbers nor 32-bit floats in base64"],
	[list([item(0, []), item(1, [1, 2, 3])]), "data[0].embedding is empty"],
	[list([item(0, [1, 2, 1e300]), item(1, [1, 2, 3])]), "data[0].embedding holds a value that is not a number"],
	[list([item(0, base64(1, 2, Number.NaN)), item(1, [1, 2, 3])]), "data[0].embedding holds a value that is not a number"],
	[list([item(0, [1, 2, 3]), item(1, [1, 2])]), "the vectors have different lengths: 3, 2"],
];

test("a malformed embeddings answer is an error that names the member", () =>
	against(
		MALFORMED.map(([value]) => answer.json(value)),
		async ({ embed }) => {
			for (const [, what] of MALFORMED) {
				const error = await failure(embed({ input: ["a", "b"], dimensions: 3 }));
				assert.is(error.code, "backend_error");
				assert.is(error.message, `the backend's answer is malformed: ${what}`);
				assert.is(error.retryable, false);
			}
		},
	));

test("vectors of another length than requested lack a feature of the request, and keep their usage", () =>
	against([answer.json({ ...list([item(0, [1, 2])]), usage: { prompt_tokens: 5, total_tokens: 5 } })], async ({ embed }) => {
		const error = await failure(embed({ dimensions: 3 }));
		assert.is(error.code, "missing_capabilities");
		assert.is(error.attribution, "request");
		assert.is(error.message, "the backend's answer is not what the request asked for: the vectors have length 2 instead of 3");
		assert.equal(error.usage, { input_tokens: 5, total_tokens: 5 });
	}));

test("an error in place of an embeddings answer is the upstream's error", () =>
	against([answer.json({ error: { message: "Slow down", type: "rate_limit_error" } })], async ({ embed }) => {
		assert.is((await failure(embed({}))).code, "rate_limited");
	}));

test.run();
