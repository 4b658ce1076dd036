/** Spans and metrics of a whole host, as the OpenTelemetry SDK receives them. */
import { type Attributes, context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
	AggregationTemporality,
	DataPointType,
	InMemoryMetricExporter,
	MeterProvider,
	PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Config, createHost, type Host, type HostOptions, SpearError } from "../../../src/index.ts";
import { METRICS } from "../../../src/telemetry/metrics/metrics.ts";
import { message } from "../../helpers/chat.ts";
import { buildTestGuest } from "../../helpers/guest.ts";
import { memoryLog } from "../../helpers/memory-log.ts";
import { answer, OpenAiServer, sse } from "../../helpers/openai-server.ts";
import { readPrometheus } from "../../helpers/prometheus.ts";
import { CONVENTION_ATTRIBUTES } from "../../telemetry/gen-ai-conventions.ts";

const GUEST = `import { complete } from "spear:ai/cchat@0.1.0";
import { log } from "spear:ai/log@0.1.0";
export function run(input) {
	log("warn", "asking", []);
	const request = { messages: [{ role: "user", content: [{ tag: "text", val: input }] }] };
	return complete(request, null).message.content[0].val;
}`;
const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";
const PARENT = `00-${TRACE}-${SPAN}-01`;
const COMPLETION = {
	id: "chatcmpl-1",
	model: "gpt-x-2026",
	choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "it is blue; key sk-secret-0123456789" } }],
	usage: { prompt_tokens: 10, completion_tokens: 4, total_tokens: 14, prompt_tokens_details: { cached_tokens: 6 } },
};
const KEY = "sk-secret-0123456789";

interface Sdk {
	readonly exporter: InMemorySpanExporter;
	readonly tracer: ReturnType<TracerProvider["getTracer"]>;
}

function sdk(): Sdk {
	const exporter = new InMemorySpanExporter();
	const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
	return { exporter, tracer: provider.getTracer("test") };
}

interface Rig {
	readonly host: Host;
	readonly servers: readonly [OpenAiServer, OpenAiServer];
	close(): Promise<void>;
}

/** A host with the backends `a` and `b`, in this order, which are servers. */
async function rig(telemetry: Config["telemetry"], options: Omit<HostOptions, "config"> = {}): Promise<Rig> {
	const servers = [await OpenAiServer.start(), await OpenAiServer.start()] as const;
	const backend = (server: OpenAiServer, priority: number) => {
		return { kind: "openai-compatible", base_url: server.baseUrl, api_key_env: "TEST_KEY", models: ["gpt-x"], priority };
	};
	const host = await createHost({
		config: {
			host: { log_level: "silent" },
			...(telemetry === undefined ? {} : { telemetry }),
			backends: { a: backend(servers[0], 0), b: backend(servers[1], 1) },
		},
		env: { TEST_KEY: KEY },
		...options,
	});
	return {
		host,
		servers,
		async close() {
			await host.close();
			await Promise.all(servers.map((server) => server.close()));
		},
	};
}

interface SpanTree {
	readonly name: string;
	readonly children: readonly SpanTree[];
}

function children(spans: readonly ReadableSpan[], parent: string): readonly ReadableSpan[] {
	return spans.filter(({ parentSpanContext }) => parentSpanContext?.spanId === parent);
}

function tree(spans: readonly ReadableSpan[], parent: string): readonly SpanTree[] {
	return children(spans, parent).map((span) => ({ name: span.name, children: tree(spans, span.spanContext().spanId) }));
}

function find(spans: readonly ReadableSpan[], name: string): ReadableSpan {
	const span = spans.find((each) => each.name === name);
	if (span === undefined) throw new Error(`no span ${name} in ${spans.map((each) => each.name).join(", ")}`);
	return span;
}

const tests = suite<{ guest: string }>("telemetry");

tests.before(async (state) => {
	state.guest = (await buildTestGuest(GUEST)).prepared;
});

tests(
	"a run makes spans of itself, its hostcall, its request and each attempt, with the attributes of the conventions",
	async ({ guest }) => {
		const { exporter, tracer } = sdk();
		const log = memoryLog();
		const { host, servers, close } = await rig({ propagate: ["b"] }, { telemetry: { tracer }, logger: log.logger });
		servers[0].script(answer.status(503, { error: { message: "busy" } }));
		servers[1].script(answer.json(COMPLETION));
		const agent = await host.load(guest, { guest: "painter" });
		assert.match(await agent.run("why?", { traceparent: PARENT }), "it is blue");
		await close();
		const spans = exporter.getFinishedSpans();
		assert.equal(tree(spans, SPAN), [
			{
				name: "invoke_agent painter",
				children: [
					{
						name: "hostcall chat_completions",
						children: [
							{
								name: "chat",
								children: [
									{ name: "attempt a", children: [] },
									{ name: "attempt b", children: [] },
								],
							},
						],
					},
				],
			},
		]);
		assert.ok(spans.every((span) => span.spanContext().traceId === TRACE));
		const request = find(spans, "chat");
		const { "spear.request.id": id, ...attributes } = request.attributes;
		assert.match(String(id), /^[0-9a-f-]{36}$/);
		assert.equal(attributes, {
			"gen_ai.operation.name": "chat",
			"gen_ai.provider.name": "openai",
			"gen_ai.response.finish_reasons": ["stop"],
			"gen_ai.response.id": "chatcmpl-1",
			"gen_ai.response.model": "gpt-x-2026",
			"gen_ai.usage.cache_read.input_tokens": 6,
			"gen_ai.usage.input_tokens": 10,
			"gen_ai.usage.output_tokens": 4,
			"server.address": "127.0.0.1",
			"server.port": portOf(servers[1]),
			"spear.backend": "b",
		});
		assert.equal([request.kind, request.status.code], [SpanKind.CLIENT, SpanStatusCode.UNSET]);
		const failed = find(spans, "attempt a");
		assert.equal(failed.attributes, {
			"error.type": "backend_error",
			"gen_ai.operation.name": "chat",
			"gen_ai.provider.name": "openai",
			"server.address": "127.0.0.1",
			"server.port": portOf(servers[0]),
			"spear.attempt.role": "first",
			"spear.backend": "a",
		});
		assert.is(failed.status.code, SpanStatusCode.ERROR);
		assert.is(find(spans, "attempt b").attributes["spear.attempt.role"], "fallback");
		assert.equal(
			find(spans, "attempt b").events.map(({ name }) => name),
			["spear.first_output"],
		);
		const run = find(spans, "invoke_agent painter");
		assert.is(run.kind, SpanKind.INTERNAL);
		assert.equal(Object.keys(run.attributes).toSorted(), ["gen_ai.agent.name", "gen_ai.operation.name", "spear.run.cpu_time"]);
		for (const { attributes: each } of spans) checkNames(each);
		// Only the upstream that the operator named receives the trace, as the parent of its own spans.
		assert.is(servers[0].requests[0]?.headers.traceparent, undefined);
		assert.is(servers[1].requests[0]?.headers.traceparent, `00-${TRACE}-${find(spans, "attempt b").spanContext().spanId}-01`);
		const line = log.lines.find(({ message: text }) => text === "asking");
		assert.equal([line?.fields.trace_id, line?.fields.span_id], [TRACE, run.spanContext().spanId]);
		const failure = log.lines.find(({ message: text }) => text.startsWith("backend a fails"));
		assert.is(failure?.fields.trace_id, TRACE);
	},
);

tests("a streamed call of the embedder is a child of its active span, with the parameters of the request", async () => {
	context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
	const { exporter, tracer } = sdk();
	const { host, servers, close } = await rig(undefined, { telemetry: { tracer } });
	const chunk = (delta: object, more: object = {}): object => ({ id: "c", model: "gpt-x", choices: [{ index: 0, delta }], ...more });
	const last = { id: "c", model: "gpt-x", choices: [{ index: 0, delta: {}, finish_reason: "stop" }] };
	servers[0].script(answer.stream(sse([chunk({ role: "assistant", content: "it " }), chunk({ content: "is" }), last])));
	const parent = tracer.startSpan("handler");
	await context.with(trace.setSpan(context.active(), parent), async () => {
		const params = { temperature: 0.5, max_output_tokens: 9, seed: 7, stop: ["END"], reasoning_effort: "low" as const };
		const events = host.client().stream("chat_completions", { model: "gpt-x", messages: [message("user", "why?")], tools: [], params });
		for await (const _ of events);
	});
	parent.end();
	await close();
	context.disable();
	const spans = exporter.getFinishedSpans();
	const names = tree(spans, parent.spanContext().spanId);
	assert.is(JSON.stringify(names).replaceAll(/"name":|"children":|[{}[\]"]/g, ""), "call chat_completions,chat gpt-x,attempt a,");
	const { attributes } = find(spans, "chat gpt-x");
	assert.equal(
		[
			attributes["gen_ai.request.stream"],
			attributes["gen_ai.request.temperature"],
			attributes["gen_ai.request.max_tokens"],
			attributes["gen_ai.request.seed"],
			attributes["gen_ai.request.stop_sequences"],
			attributes["gen_ai.request.reasoning.level"],
		],
		[true, 0.5, 9, 7, ["END"], "low"],
	);
	assert.ok(Number(attributes["gen_ai.response.time_to_first_chunk"]) > 0);
	for (const { attributes: each } of spans) checkNames(each);
});

tests("a request that fails has the code of its error, and so has a call that is refused", async () => {
	const { exporter, tracer } = sdk();
	const { host, close } = await rig(undefined, { telemetry: { tracer } });
	const client = host.client();
	await client.call("chat_completions", { model: "unknown", messages: [message("user", "why?")], tools: [] }).catch(() => {});
	await client.call("embeddings", { input: [] }).catch(() => {});
	await close();
	const ended = exporter.getFinishedSpans().map(({ name, status, attributes }) => [name, status.code, attributes["error.type"]]);
	assert.equal(ended, [
		["chat unknown", SpanStatusCode.ERROR, "no_candidate_backend"],
		["call chat_completions", SpanStatusCode.ERROR, "no_candidate_backend"],
		["call embeddings", SpanStatusCode.ERROR, "invalid_request"],
	]);
});

tests("content is captured only if asked for, redacted and not larger than its bound", async () => {
	for (const capture of [false, true]) {
		const { exporter, tracer } = sdk();
		const { host, servers, close } = await rig({ capture_content: capture, max_content_bytes: 300 }, { telemetry: { tracer } });
		servers[0].script(answer.json(COMPLETION));
		const messages = [message("system", "be brief ".repeat(100)), message("user", `my key is ${KEY}, ${"é".repeat(4_000)}`)];
		await host.client().call("chat_completions", { messages, tools: [] });
		await close();
		const { attributes } = find(exporter.getFinishedSpans(), "chat");
		const [input, output] = [attributes["gen_ai.input.messages"], attributes["gen_ai.output.messages"]];
		if (!capture) {
			assert.equal([input, output], [undefined, undefined]);
			continue;
		}
		for (const text of [input, output]) {
			assert.ok(typeof text === "string" && Buffer.byteLength(text) <= 300);
			assert.not.match(text, KEY);
			assert.ok(Array.isArray(JSON.parse(text)));
		}
		assert.match(String(input), /^\[\{"role":"user","parts":\[\{"type":"text","content":"my key is /);
		assert.match(String(output), '"finish_reason":"stop"');
	}
});

tests("without an SDK the trace of the caller goes to the named upstreams unchanged, and otherwise no header does", async () => {
	for (const propagate of [["*"], []]) {
		const { host, servers, close } = await rig({ propagate });
		servers[0].script(answer.json(COMPLETION), answer.json(COMPLETION));
		const call = { messages: [message("user", "why?")], tools: [] };
		await host.client().call("chat_completions", call, { traceparent: PARENT });
		await host.client().call("chat_completions", call);
		await close();
		assert.equal(
			servers[0].requests.map(({ headers }) => headers.traceparent),
			propagate.length === 0 ? [undefined, undefined] : [PARENT, undefined],
		);
	}
});

tests("a meter receives what the text of Prometheus shows, with the buckets of the conventions", async ({ guest }) => {
	const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
	const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
	const provider = new MeterProvider({ readers: [reader] });
	const { host, servers, close } = await rig(undefined, { telemetry: { meter: provider.getMeter("test") } });
	servers[0].script(answer.json(COMPLETION), answer.json(COMPLETION));
	const agent = await host.load(guest, { guest: "painter" });
	await agent.run("why?");
	await agent.run("why?");
	await reader.forceFlush();
	const text = readPrometheus(host.metrics?.prometheus() ?? "");
	await close();
	await provider.shutdown();
	const metrics =
		exporter
			.getMetrics()
			.at(-1)
			?.scopeMetrics.flatMap((scope) => scope.metrics) ?? [];
	const received = new Map(metrics.map((metric) => [metric.descriptor.name, metric]));
	const duration = received.get("gen_ai.client.inference.duration");
	assert.is(duration?.dataPointType, DataPointType.HISTOGRAM);
	const point = duration?.dataPoints[0];
	const value = point?.value;
	assert.ok(typeof value === "object" && "buckets" in value);
	assert.equal([value.count, value.buckets.boundaries], [2, METRICS.inferenceDuration.boundaries]);
	assert.is(text.get("gen_ai_client_inference_duration_seconds")?.samples[0]?.count, "2");
	assert.equal(
		["spear.runs", "spear.requests", "gen_ai.client.inference.usage.input_tokens", "spear.runs.running"].map(
			(name) => received.get(name)?.dataPoints[0]?.value,
		),
		[2, 2, 20, 0],
	);
	assert.is(text.get("spear_runs_total")?.samples[0]?.labels.spear_guest, "painter");
	assert.is(text.get("gen_ai_invoke_agent_inference_calls")?.samples[0]?.sum, "2");
	assert.is(text.get("spear_backend_in_flight")?.samples.length, 2);
	for (const metric of metrics) for (const { attributes } of metric.dataPoints) checkNames(attributes);
});

tests("a tracer, a meter and an exporter that throw affect no request, and make one line", async () => {
	const fail = (): never => {
		throw new Error("the exporter is broken");
	};
	const log = memoryLog();
	const instrument = { add: fail, record: fail, addCallback: fail, removeCallback: fail };
	const meter = { createCounter: () => instrument, createHistogram: () => instrument, createObservableGauge: () => instrument };
	for (const startSpan of [fail, brokenSpan(fail)]) {
		const { host, servers, close } = await rig(undefined, { telemetry: { tracer: { startSpan }, meter }, logger: log.logger });
		servers[0].script(answer.json(COMPLETION));
		const { payload } = await host.client().call("chat_completions", { messages: [message("user", "why?")], tools: [] });
		assert.is(payload.finish_reason, "stop");
		assert.is(readPrometheus(host.metrics?.prometheus() ?? "").get("spear_requests_total")?.samples[0]?.value, "1");
		await close();
	}
	assert.equal(
		log.lines.filter(({ message: text }) => text.includes("OpenTelemetry")).map(({ message: text }) => text),
		Array.from({ length: 2 }, () => "the OpenTelemetry SDK fails: the exporter is broken"),
	);
});

tests("the configuration turns metrics and the registered SDK on, and a host without them records nothing", async () => {
	const off = await rig(undefined);
	assert.is(off.host.metrics, undefined);
	await off.close();
	const exporter = new InMemorySpanExporter();
	trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
	const { host, servers, close } = await rig({ opentelemetry: true });
	servers[0].script(answer.json(COMPLETION));
	await host.client().call("chat_completions", { messages: [message("user", "why?")], tools: [] });
	await close();
	trace.disable();
	assert.equal(
		exporter.getFinishedSpans().map(({ name, instrumentationScope }) => `${instrumentationScope.name}: ${name}`),
		["spear-hostcall: attempt a", "spear-hostcall: chat", "spear-hostcall: call chat_completions"],
	);
});

tests("an option that is no tracer is refused", async () => {
	// @ts-expect-error: from a program without types.
	const refused: unknown = await createHost({ telemetry: { tracer: {} } }).catch((thrown: unknown) => thrown);
	assert.instance(refused, SpearError);
	assert.match(String(refused), "telemetry.tracer: it must be a Tracer of @opentelemetry/api");
});

function brokenSpan(fail: () => never) {
	return () => ({ spanContext: fail, setAttributes: fail, addEvent: fail, setStatus: fail, isRecording: () => true, end: fail });
}

function portOf({ baseUrl }: OpenAiServer): number {
	return Number(new URL(baseUrl).port);
}

/** Holds names of attributes to the list of the conventions. */
function checkNames(attributes: Attributes): void {
	const unknown = Object.keys(attributes).filter((name) => !name.startsWith("spear.") && !CONVENTION_ATTRIBUTES.has(name));
	assert.equal(unknown, []);
}

tests.run();
