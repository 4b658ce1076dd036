import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../../src/errors/spear-error.ts";
import type { RouteDecision } from "../../../src/router/decision/route-decision.ts";
import { attributeText, BoundedNames } from "../../../src/telemetry/metrics/bounded-names.ts";
import { Metric } from "../../../src/telemetry/metrics/metric.ts";
import { METRICS } from "../../../src/telemetry/metrics/metrics.ts";
import { prometheusText } from "../../../src/telemetry/metrics/prometheus.ts";
import { type EndedRequest, MetricsRecorder } from "../../../src/telemetry/metrics/recorder.ts";
import { INHERITED_NAMES } from "../../helpers/inherited-names.ts";
import { readPrometheus } from "../../helpers/prometheus.ts";

function decision(more: Partial<RouteDecision> = {}): RouteDecision {
	return {
		type: "decision",
		requestId: "r",
		operation: "chat_completions",
		chosen: "a",
		attempts: [{ backend: "a", latency_ms: 30, role: "first", start_ms: 0 }],
		outcomes: [{ backend: "a" }],
		get explanation(): never {
			throw new Error("metrics must not make the explanation");
		},
		...more,
	};
}

function request(more: Partial<EndedRequest> = {}): EndedRequest {
	return {
		operation: "chat_completions",
		guest: "g",
		model: "m",
		upstream: { backend: "a", provider: "openai", address: "127.0.0.1", port: 80 },
		durationMs: 30,
		firstEventMs: undefined,
		decision: decision(),
		errorCode: undefined,
		usage: undefined,
		toolCalls: 0,
		...more,
	};
}

function textOf(recorder: MetricsRecorder) {
	return readPrometheus(prometheusText(recorder.metrics));
}

test("a request is counted by operation, guest, backend, model and outcome, with its attempts, tokens and cost", () => {
	const recorder = new MetricsRecorder();
	const attempts: RouteDecision["attempts"] = [
		{ backend: "b", latency_ms: 5, failure: "timeout", role: "first", start_ms: 0 },
		{ backend: "a", latency_ms: 20, role: "fallback", start_ms: 10 },
	];
	const usage = { input_tokens: 100, output_tokens: 20, cached_input_tokens: 60, reasoning_tokens: 5 };
	recorder.recordRequest(request({ decision: decision({ attempts, cost: 0.25 }), usage, firstEventMs: 15, toolCalls: 2 }));
	const families = textOf(recorder);
	const upstream = {
		gen_ai_operation_name: "chat",
		gen_ai_provider_name: "openai",
		gen_ai_request_model: "m",
		server_address: "127.0.0.1",
		server_port: "80",
	};
	const value = (name: string) => families.get(name)?.samples.map(({ labels, value: text }) => ({ ...labels, value: text }));
	assert.equal(value("spear_requests_total"), [
		{ gen_ai_operation_name: "chat", spear_guest: "g", spear_backend: "a", gen_ai_request_model: "m", spear_outcome: "ok", value: "1" },
	]);
	assert.equal(value("spear_attempts_total"), [
		{ gen_ai_operation_name: "chat", spear_backend: "b", spear_attempt_role: "first", spear_outcome: "timeout", value: "1" },
		{ gen_ai_operation_name: "chat", spear_backend: "a", spear_attempt_role: "fallback", spear_outcome: "ok", value: "1" },
	]);
	const tokens = (name: string) => value(`gen_ai_client_inference_usage_${name}_tokens_total`)?.map(({ value: text }) => text);
	assert.equal(["input", "output", "cache_read_input", "cache_write_input", "reasoning_output"].map(tokens), [
		["100"],
		["20"],
		["60"],
		undefined,
		["5"],
	]);
	assert.is(value("spear_cost_total")?.[0]?.value, "0.25");
	assert.is(value("spear_tool_calls_total")?.[0]?.value, "2");
	const duration = families.get("gen_ai_client_inference_duration_seconds")?.samples[0];
	assert.equal(duration?.labels, upstream);
	assert.equal([duration?.count, duration?.sum, duration?.buckets?.["0.02"], duration?.buckets?.["0.04"]], ["1", "0.03", "0", "1"]);
	assert.is(families.get("gen_ai_client_inference_time_to_first_chunk_seconds")?.samples[0]?.sum, "0.015");
});

test("a value on a boundary belongs to the bucket below it, and one above all to +Inf alone", () => {
	const metric = new Metric(METRICS.runRequests, () => {});
	for (const calls of [0, 1, 2, 3, 128, 129]) metric.record(calls, ["g"]);
	assert.equal([...metric.series()][0]?.buckets, [2, 1, 1, 0, 0, 0, 0, 1, 1]);
});

test("a call that was refused before it was routed is counted by its code, and nothing else of it", () => {
	const recorder = new MetricsRecorder();
	recorder.recordRequest(request({ decision: undefined, upstream: undefined, model: undefined, errorCode: "invalid_request" }));
	const families = textOf(recorder);
	assert.equal([...families.keys()], ["spear_requests_total"]);
	assert.is(families.get("spear_requests_total")?.samples[0]?.labels.spear_outcome, "invalid_request");
});

test("100,000 guests and models make a bounded number of series, and the rest is counted under other", () => {
	const recorder = new MetricsRecorder();
	recorder.configure({ guests: ["known guest"], models: ["known model"] });
	const total = 100_000;
	for (let index = 0; index < total; index++) recorder.recordRequest(request({ guest: `guest ${index}`, model: `model ${index}` }));
	recorder.recordRequest(request({ guest: "known guest", model: "known model" }));
	for (const metric of recorder.metrics) {
		assert.ok([...metric.series()].length <= metric.definition.maxSeries, metric.definition.name);
	}
	const requests = recorder.metrics.find(({ definition }) => definition === METRICS.requests);
	const series = [...(requests?.series() ?? [])];
	assert.is(
		series.reduce((sum, { value }) => sum + value, 0),
		total + 1,
		"nothing is lost",
	);
	const of = (guest: string) => series.find(({ attributes }) => attributes["spear.guest"] === guest);
	assert.ok(series.some(({ value, attributes }) => attributes["spear.guest"] === "other" && value > total - 300));
	assert.is(of("known guest")?.attributes["gen_ai.request.model"], "known model");
});

test("beyond the bound of its series a metric merges the values that others choose, and says how many records", () => {
	const merged: string[] = [];
	const metric = new Metric({ ...METRICS.attempts, maxSeries: 2 }, () => merged.push("record"));
	for (let index = 0; index < 10; index++) metric.add(1, ["chat", `backend ${index}`, "first", index % 2 === 0 ? "ok" : "timeout"]);
	assert.equal(
		[...metric.series()].map(({ attributes, value }) => [...Object.values(attributes), value]),
		[
			["chat", "backend 0", "first", "ok", 1],
			["chat", "backend 1", "first", "timeout", 1],
			["chat", "other", "first", "ok", 4],
			["chat", "other", "first", "timeout", 4],
		],
	);
	assert.is(merged.length, 8);
});

test("models that no backend was tried with have no series of their own", () => {
	const recorder = new MetricsRecorder();
	for (let index = 0; index < 1_000; index++) {
		recorder.recordRequest(request({ model: `made up ${index}`, upstream: undefined, errorCode: "no_candidate_backend" }));
	}
	recorder.recordRequest(request({ model: "real" }));
	const models = textOf(recorder)
		.get("spear_requests_total")
		?.samples.map(({ labels }) => labels.gen_ai_request_model);
	assert.equal(models, ["other", "real"]);
});

test("any name is a valid value: quotes, line breaks, lone surrogates, names of prototypes, 10 KB", () => {
	const names = [
		'a"b',
		"a\\",
		"a\nb",
		"a\r\u2028b\0",
		"\ud800",
		"é😀",
		"x".repeat(10_240),
		`${"y".repeat(127)}😀`,
		"",
		" ",
		"{}",
		'le="1"',
		...INHERITED_NAMES,
	];
	const recorder = new MetricsRecorder();
	for (const name of names) recorder.recordRequest(request({ guest: name, model: name }));
	recorder.recordRun({ guest: "__proto__", cpuMs: 5, durationMs: 10, errorCode: undefined, requests: 1, toolCalls: 0 });
	const samples = textOf(recorder).get("spear_requests_total")?.samples ?? [];
	assert.equal(
		samples.map(({ labels }) => labels.spear_guest),
		names.map(attributeText),
	);
	assert.ok(samples.every(({ labels }) => (labels.spear_guest ?? "").length <= 128));
});

test("any list of names is read back by a parser as it was made", () => {
	fc.assert(
		fc.property(fc.uniqueArray(fc.string({ unit: "binary", maxLength: 40 }), { maxLength: 20, selector: attributeText }), (names) => {
			const recorder = new MetricsRecorder();
			for (const guest of names) recorder.recordRun({ guest, cpuMs: 1, durationMs: 1, errorCode: "failed", requests: 0, toolCalls: 0 });
			if (names.length === 0) return;
			const read = textOf(recorder)
				.get("spear_runs_total")
				?.samples.map(({ labels }) => labels.spear_guest);
			assert.equal(read, names.map(attributeText));
		}),
		{ numRuns: 100 },
	);
});

test("names of the configuration keep their own value after a flood of others, and names are bounded", () => {
	const names = new BoundedNames(2);
	names.configure(["configured"]);
	assert.equal(
		["a", "b", "c", "a", "configured"].map((name) => names.value(name)),
		["a", "b", "other", "a", "configured"],
	);
	assert.is(new BoundedNames(2).value("new", false), "other");
});

test("a mirrored request is counted by its outcome", () => {
	const recorder = new MetricsRecorder();
	const record = { requestId: "r", operation: "embeddings", backend: "m", latencyMs: 1 } as const;
	recorder.recordMirror(record);
	recorder.recordMirror({ ...record, failure: new SpearError("timeout", "late") });
	assert.equal(
		textOf(recorder)
			.get("spear_mirrored_requests_total")
			?.samples.map(({ labels }) => labels.spear_outcome),
		["ok", "timeout"],
	);
});

test.run();
