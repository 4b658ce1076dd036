import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../src/errors/spear-error.ts";
import type { RouteDecision } from "../../src/router/router.ts";
import { logFallbacks } from "../../src/telemetry/log-fallbacks.ts";
import type { Logger } from "../../src/telemetry/logger.ts";

test("failures that another backend made up for are logged with what lies behind them", () => {
	const lines: unknown[] = [];
	const write = (level: string) => (fields: object, message: string) => lines.push({ level, fields, message });
	const logger: Logger = { trace: write("trace"), debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
	const cause = new Error("ECONNREFUSED");
	const decision: RouteDecision = {
		requestId: "r1",
		explanation: {
			operation: "embeddings",
			required_features: [],
			required_transports: [],
			candidates_checked: 2,
			eligible: ["a", "b"],
			rejected: [],
			policy: "round_robin",
			chosen: "b",
			attempts: [
				{ backend: "a", latency_ms: 1, failure: "backend_error", detail: "down" },
				{ backend: "b", latency_ms: 1 },
			],
		},
		fallenBackFrom: [new SpearError("backend_error", "down", { cause })],
	};
	logFallbacks(decision, logger);
	assert.equal(lines, [
		{
			level: "warn",
			fields: { request: "r1", operation: "embeddings", backend: "a", code: "backend_error", err: cause },
			message: "fell back to another backend: down",
		},
	]);
	const { fallenBackFrom: _, ...straight } = decision;
	logFallbacks(straight, logger);
	assert.is(lines.length, 1);
});

test.run();
