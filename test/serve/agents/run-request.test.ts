import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseRunRequest, plainRunRequest } from "../../../src/serve/agents/run-request.ts";
import { HttpError } from "../../../src/serve/http-error.ts";

test("any JSON value is an input: a string as it is, and another value as JSON text", () => {
	fc.assert(
		fc.property(fc.jsonValue({ maxDepth: 5 }), (input) => {
			const request = parseRunRequest(JSON.stringify({ input }));
			if (typeof input === "string") assert.is(request.input, input);
			else assert.equal(JSON.parse(request.input), JSON.parse(JSON.stringify(input)));
		}),
	);
});

test("any text is parsed or refused with 400, and any plain text is the input", () => {
	const texts = fc.oneof(
		fc.string({ unit: "binary" }),
		fc.json(),
		fc.jsonValue().map((value) => JSON.stringify({ input: value, timeout_ms: value })),
	);
	fc.assert(
		fc.property(texts, (text) => {
			assert.is(plainRunRequest(text).input, text);
			try {
				assert.type(parseRunRequest(text).input, "string");
			} catch (thrown) {
				assert.instance(thrown, HttpError);
				assert.is(Object(thrown).status, 400);
			}
		}),
	);
});

test("a body with more values than the bound is refused before it is parsed", () => {
	const text = `{"input":[${"{},".repeat(500_000)}0]}`;
	assert.throws(
		() => parseRunRequest(text),
		(thrown: unknown) => thrown instanceof HttpError && thrown.status === 413 && thrown.message.includes("500000 values"),
	);
	assert.is(parseRunRequest(JSON.stringify({ input: ",".repeat(600_000) })).input.length, 600_000);
});

test("limits are numbers of milliseconds above 0, up to a day", () => {
	const { timeoutMs, cpuMs } = parseRunRequest('{"input": "", "timeout_ms": 0.5, "cpu_ms": 86400000}');
	assert.equal([timeoutMs, cpuMs], [0.5, 86_400_000]);
	for (const value of ["0", "-1", "86400001", '"5"', "true", "[]", "1e999"])
		assert.throws(() => parseRunRequest(`{"input": "", "timeout_ms": ${value}}`), /^timeout_ms: |cannot be read/, value);
	assert.is(parseRunRequest('{"input": "", "timeout_ms": null}').timeoutMs, undefined);
});

test("nothing is inherited, and deep JSON is refused", () => {
	assert.throws(() => parseRunRequest("{}"), /^input: /);
	assert.throws(() => parseRunRequest('{"input": 1, "__proto__": {"timeout_ms": 1}}'), /a run has no member "__proto__"/);
	assert.throws(() => parseRunRequest('{"input": 1, "constructor": 1}'), /a run has no member "constructor"/);
	assert.throws(() => parseRunRequest(`{"input": ${"[".repeat(100_000)}`), /nested deeper/);
});

test.run();
