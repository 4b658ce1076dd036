import { test } from "uvu";
import * as assert from "uvu/assert";
import { OpenAiServer, type ReceivedRequest } from "./openai-server.ts";
import { OpenApi } from "./openapi.ts";

const DOCUMENT = {
	openapi: "3.1.0",
	paths: {
		"/things/new": {
			post: {
				requestBody: {
					content: {
						"application/json": { schema: { $ref: "#/components/schemas/Thing" } },
						"multipart/form-data": { schema: { type: "object", properties: { size: { type: "integer" }, tags: { type: "array" } } } },
					},
				},
			},
		},
	},
	components: {
		schemas: {
			Thing: { allOf: [{ $ref: "#/components/schemas/Named" }, { type: "object", properties: { size: { type: "integer" } } }] },
			Named: {
				type: "object",
				required: ["name"],
				properties: { name: { oneOf: [{ type: "string" }, { type: "string", minLength: 1 }], nullable: true } },
			},
		},
	},
};

/** Returns a request as a server receives it. */
async function received(body: string | FormData, headers: Record<string, string> = {}): Promise<ReceivedRequest> {
	const server = await OpenAiServer.start();
	try {
		await (await fetch(`${server.baseUrl}/things/new`, { method: "POST", body, headers })).arrayBuffer();
		return await server.request(0);
	} finally {
		await server.close();
	}
}

const JSON_TYPE = { "content-type": "application/json" };
const faultsOf = async (...args: Parameters<typeof received>) => new OpenApi(DOCUMENT).faults(await received(...args), "/v1");

test("a request that the schema describes has no faults", async () => {
	assert.equal(await faultsOf('{"name":"a","size":1}', JSON_TYPE), []);
});

test("a member of the wrong type, a missing one and an unknown one are faults", async () => {
	assert.equal(await faultsOf('{"size":"1"}', JSON_TYPE), [
		`must have required property 'name' {"missingProperty":"name"}`,
		'/size must be integer {"type":"integer"}',
	]);
	assert.equal(await faultsOf('{"name":"a","colour":1}', JSON_TYPE), [
		'must NOT have unevaluated properties {"unevaluatedProperty":"colour"}',
	]);
});

test("a member that only the document requires may be left out", async () => {
	const document = new OpenApi(DOCUMENT, ["name"]);
	assert.equal(document.faults(await received('{"size":1}', JSON_TYPE), "/v1"), []);
});

test("the fields of a form are texts, and names that end in [] are lists", async () => {
	const form = new FormData();
	form.set("size", "1");
	form.append("tags[]", "a");
	assert.equal(await faultsOf(form), []);
	form.set("size", "large");
	assert.equal(await faultsOf(form), ['/size must be integer {"type":"integer"}']);
});

test("a document that no variable names is none", () => {
	assert.is(OpenApi.fromEnvironment("SPEAR_OPENAPI_NONE"), undefined);
});

test.run();
