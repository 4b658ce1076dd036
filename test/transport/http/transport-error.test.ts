import { test } from "uvu";
import * as assert from "uvu/assert";
import { createUpstreamRedactor } from "../../../src/redaction/upstream-redactor.ts";
import { truncatedError, UpstreamFailure } from "../../../src/transport/http/failure.ts";
import { transportError } from "../../../src/transport/http/transport-error.ts";

const exchange = { target: "POST http://llm.example/v1/x", hostname: "llm.example", redact: createUpstreamRedactor(["top-secret"]) };

function coded(code: string, message = code): Error {
	return Object.assign(new Error(message), { code });
}

test("each code of a failed connection has its own error", () => {
	const cases: [thrown: Error, code: string, message: string, retryable: boolean][] = [
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
			"no secure connection to the backend is possible; its operator must check its certificate, base_url and [host] ca_file",
			false,
		],
		[
			coded("ERR_TLS_CERT_ALTNAME_INVALID"),
			"backend_error",
			"no secure connection to the backend is possible; its operator must check its certificate, base_url and [host] ca_file",
			false,
		],
		[
			coded("SELF_SIGNED_CERT_IN_CHAIN"),
			"backend_error",
			"no secure connection to the backend is possible; its operator must check its certificate, base_url and [host] ca_file",
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

test("a failed connection says if the upstream may have processed the request", () => {
	const processed = (thrown: Error, phase: "waiting" | "answering" = "waiting") => transportError(exchange, phase, thrown).processed;
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
		assert.is(processed(coded(code)), "no", code);
	for (const code of ["ECONNRESET", "UND_ERR_SOCKET", "EPIPE"]) assert.is(processed(coded(code)), "unknown", code);
	assert.is(processed(coded("ECONNRESET"), "answering"), "unknown");
	assert.is(processed(coded("HPE_INVALID_CONSTANT")), "yes");
	assert.is(truncatedError(exchange, "[DONE]").processed, "unknown");
});

test("a connection that broke after it was established may have sent the request", () => {
	const lost = transportError(exchange, "waiting", Object.assign(coded("ETIMEDOUT"), { syscall: "read" }));
	assert.is(lost.code, "backend_error");
	assert.is(lost.message, "the connection to the backend broke before its answer");
	assert.is(lost.processed, "unknown");
	const never = transportError(exchange, "waiting", Object.assign(coded("EPROTO"), { syscall: "write" }));
	assert.is(never.processed, "no");
	assert.is(transportError(exchange, "answering", coded("ETIMEDOUT")).processed, "unknown");
});

test("the cause holds code and redacted text of every connection attempt, and nothing else of the thrown object", () => {
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
