/** OpenAI's own SDK as the oracle of the families other than chat: both send the same requests to the same server. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type FormPart, formOf } from "../../../helpers/form.ts";
import { answer, type ReceivedRequest } from "../../../helpers/openai-server.ts";
import { contextOf } from "../../context.ts";
import { envelopeOf } from "../../envelope.ts";
import { differences } from "../../sdk-differences.ts";
import { FAMILY_CASES, input, MEDIA, VECTORS } from "./families-sdk-cases.ts";
import { sdkOf } from "./sdk.ts";
import { KEY, upstream } from "./upstream.ts";

/** Returns the body as a value: JSON, or the parts of a form in the order of their names. */
function bodyOf(request: ReceivedRequest): unknown {
	if (request.headers["content-type"]?.startsWith("multipart/") !== true) return request.json();
	const parts: readonly FormPart[] = formOf(request);
	return parts.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

for (const [name, { behaviour, ours, theirs, options = {}, differences: expected = {} }] of Object.entries(FAMILY_CASES)) {
	test(`${name} is sent as the SDK sends it`, () =>
		upstream(
			[behaviour(), behaviour()],
			async ({ backend, server }) => {
				await ours(backend.operations, contextOf({ apiKey: KEY, media: MEDIA }));
				await theirs(sdkOf(server));
				const [own, other] = [await server.request(0), await server.request(1)];
				assert.equal(differences(bodyOf(own), bodyOf(other)), Object.keys(expected));
				assert.equal([own.method, own.path], [other.method, other.path]);
				assert.is(own.headers.authorization, other.headers.authorization);
				await server.close();
			},
			{ options },
		));
}

test("the SDK and our backend read the same vectors", () => {
	const encoded = { ...VECTORS, data: ["AACAPwAAAD8=", "AAAAAAAAgD8="].map((embedding, index) => ({ index, embedding })) };
	return upstream([answer.json(encoded), answer.json(encoded)], async ({ backend, server }) => {
		const own = await backend.operations.embeddings?.unary(envelopeOf("embeddings", { input }), contextOf({ apiKey: KEY }));
		const { data } = await sdkOf(server).embeddings.create({ model: "small", input });
		assert.equal(
			own?.vectors.map((vector) => [...vector]),
			data.map(({ embedding }) => embedding),
		);
		await server.close();
	});
});

test.run();
