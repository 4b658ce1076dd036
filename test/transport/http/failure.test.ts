import { test } from "uvu";
import * as assert from "uvu/assert";
import { createUpstreamRedactor } from "../../../src/redaction/upstream-redactor.ts";
import { truncatedError, UpstreamFailure } from "../../../src/transport/http/failure.ts";
import { statusError } from "../../../src/transport/http/status-error.ts";
import { transportError } from "../../../src/transport/http/transport-error.ts";

const exchange = { target: "POST http://llm.example/v1/x", hostname: "llm.example", redact: createUpstreamRedactor(["top-secret"]) };

function coded(code: string, message = code): Error {
	return Object.assign(new Error(message), { code });
}

test("tells the ways apart in which a connection fails", () => {
	const cases: [Error, string, string, boolean][] = [
		[coded("ECONNREFUSED"), "backend_error", "the backend refuses connections; it may be down", true],
		[
			coded("ENOTFOUND", "getaddrinfo ENOTFOUND llm.example"),
			"backend_error",
			"the backend's name cannot be resolved; its operator must check base_url and DNS",
			true,
		],
		[coded("EAI_AGAIN"), "backend_error", "the backend's name cannot be resolved; its operator must check base_url and DNS", true],
		[coded("ENETUNREACH"), "backend_error", "the network does not reach the backend", true],
		[coded("ETIMEDOUT"), "timeout", "the system's time limit for a connection to the backend has passed", true],
		[
			coded("CERT_HAS_EXPIRED"),
			"backend_error",
			"no secure connection to the backend is possible; its operator must check its certificate and base_url",
			false,
		],
		[
			coded("ERR_TLS_CERT_ALTNAME_INVALID"),
			"backend_error",
			"no secure connection to the backend is possible; its operator must check its certificate and base_url",
			false,
		],
		[
			coded("SELF_SIGNED_CERT_IN_CHAIN"),
			"backend_error",
			"no secure connection to the backend is possible; its operator must check its certificate and base_url",
			false,
		],
		[coded("UND_ERR_INVALID_ARG"), "backend_error", "the request cannot be sent; its operator must check headers and base_url", false],
		[coded("ECONNRESET"), "backend_error", "the connection to the backend broke before its answer", true],
		[new Error("other side closed"), "backend_error", "the connection to the backend broke before its answer", true],
	];
	for (const [thrown, code, message, retryable] of cases) {
		assert.equal(transportError(exchange, "waiting", thrown).toRecord(), { code, message, retryable });
	}
	assert.is(transportError(exchange, "answering", coded("ECONNRESET")).message, "the backend's answer ended before it was complete");
});

test("says whether a request can have gone out before the connection failed", () => {
	const upstream = (thrown: Error, phase: "waiting" | "answering" = "waiting") => transportError(exchange, phase, thrown).processed;
	for (const code of [
		"ECONNREFUSED",
		"ENOTFOUND",
		"EAI_AGAIN",
		"ENETUNREACH",
		"ETIMEDOUT",
		"EPROTO",
		"CERT_HAS_EXPIRED",
		"UND_ERR_INVALID_ARG",
	])
		assert.is(upstream(coded(code)), "no", code);
	for (const code of ["ECONNRESET", "UND_ERR_SOCKET", "EPIPE"]) assert.is(upstream(coded(code)), "unknown", code);
	assert.is(upstream(coded("ECONNRESET"), "answering"), "unknown");
	assert.is(upstream(coded("HPE_INVALID_CONSTANT")), "yes");
	assert.is(truncatedError(exchange, "[DONE]").processed, "unknown");
});

test("a connection that stood and was lost is not one that was never made", () => {
	const lost = transportError(exchange, "waiting", Object.assign(coded("ETIMEDOUT"), { syscall: "read" }));
	assert.equal([lost.code, lost.message], ["backend_error", "the connection to the backend broke before its answer"]);
	assert.is(lost.processed, "unknown");
	const never = transportError(exchange, "waiting", Object.assign(coded("EPROTO"), { syscall: "write" }));
	assert.is(never.processed, "no");
	assert.is(transportError(exchange, "answering", coded("ETIMEDOUT")).processed, "unknown");
});

test("says by the status whose doing a failure is, and what it left behind", () => {
	const cases: [number, string, string][] = [
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
	for (const [status, blame, upstream] of cases) {
		const error = statusError({ ...exchange, status, headers: {}, body: "", retryAfterMs: undefined });
		assert.equal([status, error.attribution, error.processed], [status, blame, upstream]);
	}
});

test("the cause keeps code and words of every attempt, redacted, and nothing of the thrown object", () => {
	const thrown = Object.assign(
		new AggregateError(
			[coded("ECONNREFUSED", "connect ECONNREFUSED ::1:80"), coded("ECONNREFUSED", "connect 127.0.0.1:80 top-secret")],
			"",
		),
		{
			code: "ECONNREFUSED",
			data: "top-secret",
		},
	);
	const { cause } = transportError(exchange, "waiting", thrown);
	assert.ok(cause instanceof UpstreamFailure);
	assert.is(cause.code, "ECONNREFUSED");
	assert.is(cause.message, "POST http://llm.example/v1/x: connect ECONNREFUSED ::1:80; connect 127.0.0.1:80 [redacted]");
	assert.is(cause.cause, undefined);
	assert.equal(Object.keys(cause).sort(), ["code", "name", "status"]);
});

test.run();
