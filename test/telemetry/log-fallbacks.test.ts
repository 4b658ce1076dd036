import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../src/errors/spear-error.ts";
import type { RouteDecision } from "../../src/router/decision/route-decision.ts";
import { logFallbacks } from "../../src/telemetry/log-fallbacks.ts";
import type { Logger } from "../../src/telemetry/logger.ts";

test("the failure of an attempt is logged with its cause when a later attempt succeeded", () => {
	const lines: unknown[] = [];
	const write = (level: string) => (fields: object, message: string) => lines.push({ level, fields, message });
	const logger: Logger = { trace: write("trace"), debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
	const cause = new Error("ECONNREFUSED");
	const attempts = [
		{ backend: "a", latency_ms: 1, failure: "backend_error", detail: "down", role: "first", start_ms: 0 },
		{ backend: "c", latency_ms: 1, failure: "cancelled", detail: "another was quicker", role: "hedge", start_ms: 1 },
		{ backend: "b", latency_ms: 1, role: "fallback", start_ms: 1 },
	] as const;
	const decision: RouteDecision = {
		type: "decision",
		requestId: "r1",
		operation: "embeddings",
		chosen: "b",
		outcomes: [],
		attempts,
		explanation: {
			operation: "embeddings",
			required_features: [],
			required_transports: [],
			candidates_checked: 2,
			eligible: ["a", "b"],
			rejected: [],
			policy: "round_robin",
			chosen: "b",
			attempts: [...attempts],
			considered: [],
			events: [],
		},
		fallenBackFrom: [new SpearError("backend_error", "down", { cause })],
	};
	logFallbacks(decision, logger);
	assert.equal(lines, [
		{
			level: "warn",
			fields: { request: "r1", operation: "embeddings", backend: "a", code: "backend_error", err: cause },
			message: "fell back to another attempt: down",
		},
	]);
	const { fallenBackFrom: _, ...withoutFallback } = decision;
	logFallbacks(withoutFallback, logger);
	assert.is(lines.length, 1);
});

test.run();
