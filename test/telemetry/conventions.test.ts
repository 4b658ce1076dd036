import { test } from "uvu";
import * as assert from "uvu/assert";
import { ATTRIBUTE, operationName } from "../../src/telemetry/conventions.ts";
import { GAUGES, METRICS } from "../../src/telemetry/metrics/metrics.ts";
import { upstreamName } from "../../src/telemetry/upstreams.ts";
import { CONVENTION_ATTRIBUTES, CONVENTION_METRICS, CONVENTION_PROVIDERS } from "./gen-ai-conventions.ts";

const DEFINITIONS = [...Object.values(METRICS), ...Object.values(GAUGES)];

test("a metric is one of the conventions, with its kind, unit and buckets, or a name of the host", () => {
	for (const { name, kind, unit, boundaries } of DEFINITIONS) {
		if (name.startsWith("spear.")) continue;
		const { boundaries: expected = [], ...rest } = CONVENTION_METRICS[name] ?? {};
		assert.equal({ kind, unit, boundaries: boundaries.map(rounded) }, { ...rest, boundaries: expected }, name);
	}
	const used = DEFINITIONS.map(({ name }) => name).filter((name) => !name.startsWith("spear."));
	assert.equal(used.toSorted(), Object.keys(CONVENTION_METRICS).toSorted());
});

test("an attribute is one of the conventions or a name of the host", () => {
	const own = Object.values(ATTRIBUTE).filter((name) => !CONVENTION_ATTRIBUTES.has(name));
	assert.ok(
		own.every((name) => name.startsWith("spear.")),
		own.join(),
	);
	const names: ReadonlySet<string> = new Set(Object.values(ATTRIBUTE));
	for (const { attributes } of DEFINITIONS) assert.ok(attributes.every((name) => names.has(name)));
});

test("names of metrics are unique, and each has a bound on its series", () => {
	assert.is(new Set(DEFINITIONS.map(({ name }) => name)).size, DEFINITIONS.length);
	assert.ok(DEFINITIONS.every(({ maxSeries }) => maxSeries > 0 && maxSeries <= 2_000));
});

test("a provider is that of the kind, or that of the host in the URL, by the conventions", () => {
	const provider = (kind: string, baseUrl?: string): string => upstreamName({ name: "b", kind, baseUrl }).provider;
	const found = {
		anthropic: provider("anthropic"),
		"aws.bedrock": provider("bedrock-converse", "https://bedrock-runtime.eu-west-1.amazonaws.com"),
		"azure.ai.openai": provider("azure-openai", "https://mine.openai.azure.com"),
		cohere: provider("openai-compatible", "https://api.cohere.ai/compatibility/v1"),
		deepseek: provider("openai-compatible", "https://api.deepseek.com"),
		"gcp.gemini": provider("gemini"),
		"gcp.vertex_ai": provider("gemini", "https://europe-west1-aiplatform.googleapis.com/v1"),
		groq: provider("openai-compatible", "https://api.groq.com/openai/v1"),
		mistral_ai: provider("openai-compatible", "https://api.mistral.ai/v1"),
		openai: provider("openai-compatible", "http://127.0.0.1:8000/v1"),
		x_ai: provider("openai-compatible", "https://api.x.ai/v1"),
	};
	for (const [expected, actual] of Object.entries(found)) {
		assert.is(actual, expected);
		assert.ok(CONVENTION_PROVIDERS.has(actual), actual);
	}
	assert.is(provider("ollama"), "ollama");
	assert.is(provider("openai-compatible", "https://notx.ai.example/v1"), "openai", "a host that only looks like one");
	assert.is(operationName("chat_completions"), "chat");
	assert.is(operationName("image_generation"), "image_generation");
});

test("the address and the port of an upstream are those of its URL", () => {
	const address = (baseUrl: string): unknown[] => {
		const { address: host, port } = upstreamName({ name: "b", kind: "stub", baseUrl });
		return [host, port];
	};
	assert.equal(address("https://api.example.com/v1"), ["api.example.com", 443]);
	assert.equal(address("http://[::1]:8080/v1"), ["::1", 8080]);
	assert.equal(address("http://example.com"), ["example.com", 80]);
	assert.equal(address("no URL"), [undefined, undefined]);
});

/** Sums of powers of two need no rounding, but 0.1 and its doubles do. */
function rounded(value: number): number {
	return Number(value.toPrecision(12));
}

test.run();
