import { test } from "uvu";
import * as assert from "uvu/assert";
import { statusError } from "../../../src/transport/http/status-error.ts";

const FAILURE = {
	target: "POST http://llm.example/v1/x",
	hostname: "llm.example",
	redact: (text: string) => text,
	headers: {},
	body: "",
	retryAfterMs: undefined,
};

test("each status has its attribution and says if the request was processed", () => {
	const cases: [status: number, attribution: string, processed: string][] = [
		[302, "backend", "yes"],
		[400, "request", "no"],
		[401, "credentials", "no"],
		[402, "capacity", "yes"],
		[403, "credentials", "no"],
		[404, "request", "yes"],
		[405, "request", "yes"],
		[408, "backend", "unknown"],
		[409, "backend", "yes"],
		[413, "request", "no"],
		[425, "backend", "yes"],
		[429, "capacity", "no"],
		[500, "backend", "yes"],
		[502, "backend", "unknown"],
		[503, "backend", "no"],
		[504, "backend", "unknown"],
	];
	for (const [status, attribution, processed] of cases) {
		const error = statusError({ ...FAILURE, status });
		assert.is(error.attribution, attribution, `attribution of ${status}`);
		assert.is(error.processed, processed, `processed of ${status}`);
	}
});

test.run();
