import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Agent, Config, Host, RouteExplanation } from "../../src/index.ts";
import { scratch } from "../helpers/guest.ts";
import { createHost } from "../helpers/isolation.ts";
import { answer, OpenAiServer } from "../helpers/openai-server.ts";
import type { ProbeCommand } from "../helpers/probe-guest.ts";
import { probe, probeComponent } from "../helpers/probe-host.ts";
import { UNASSISTED } from "../helpers/unassisted.ts";

/**
 * The degradation policies, as a guest sees them. The host has the guests `strict`, `declared` and `lenient`, with the policy of that name.
 * Its first backend is the stub, which drops temperatures and rejects images. The backend `prompted` describes tools in the prompt.
 */
const test = suite<{ host: Host; agents: ReadonlyMap<Policy, Agent>; server: OpenAiServer }>("degradation");

const POLICIES = ["strict", "declared", "lenient"] as const;
type Policy = (typeof POLICIES)[number];

const routesOf = (degradation: Policy): NonNullable<Config["guests"]>[string] => ({ routes: { chat_completions: { degradation } } });

test.before(async (context) => {
	context.server = await OpenAiServer.start();
	context.host = await createHost({
		config: {
			host: { cache_dir: scratch() },
			router: UNASSISTED,
			media: { allowed_hosts: ["pictures.example.com"] },
			backends: {
				stub: { kind: "stub", models: ["small"] },
				openai: { kind: "openai-compatible", base_url: context.server.baseUrl, models: ["large", "small"], priority: 1 },
				prompted: { kind: "openai-compatible", base_url: context.server.baseUrl, models: ["plain"], options: { tools: "prompt" } },
			},
			guests: Object.fromEntries(POLICIES.map((policy) => [policy, routesOf(policy)])),
		},
		env: {},
	});
	const component = await probeComponent();
	const agents = new Map<Policy, Agent>();
	for (const policy of POLICIES) agents.set(policy, await context.host.load(component, { guest: policy }));
	context.agents = agents;
});

test.after(async ({ host, server }) => {
	await host.close();
	await server.close();
});

/** The part of an outcome at a path. `undefined` for none. */
function part(value: unknown, ...path: readonly (string | number)[]): unknown {
	return path.reduce((inner: unknown, name) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, name) : undefined), value);
}

/** Runs one command in a new instance of an agent. Returns its outcome, and the explanations of its decisions. */
async function run(
	agent: Agent | undefined,
	command: ProbeCommand,
): Promise<{ readonly outcome: unknown; readonly explanations: readonly RouteExplanation[] }> {
	const explanations: RouteExplanation[] = [];
	const instance = await agent?.instantiate({
		onEvent: (event) => {
			if (event.type === "decision") explanations.push(event.explanation);
		},
	});
	assert.ok(instance);
	const [outcome] = await probe(instance, command);
	await instance.close();
	return { outcome, explanations };
}

const DROPPED_TEMPERATURE = { field: "params.temperature", effect: "dropped", detail: "the stub's answers have no randomness" };
const DROPPED_IMAGE = { field: "messages.content.image", effect: "dropped", detail: "the stub reads only text" };

/** Only the stub may serve these requests. */
const TO_STUB = { routing: { backend: "stub" } };
const warm = (options: object = TO_STUB, task: "complete" | "stream" = "complete"): ProbeCommand => ({
	do: task,
	request: { params: { temperature: 0.2 } },
	options,
});
const image = { tag: "image", val: { source: { tag: "url", val: "https://pictures.example.com/cat.png" } } };
const picture = (options: object = TO_STUB): ProbeCommand => ({
	do: "complete",
	request: { messages: [{ role: "user", content: [{ tag: "text", val: "what is this?" }, image] }] },
	options,
});

test("declared drops a field as the backend declares, and the answer and the decision say so", async ({ agents }) => {
	const { outcome, explanations } = await run(agents.get("declared"), warm());
	assert.equal(part(outcome, "ok", "downgrades"), [DROPPED_TEMPERATURE]);
	assert.equal(
		explanations.map(({ downgrades }) => downgrades),
		[[DROPPED_TEMPERATURE]],
	);
});

test("a stream has the downgrades in its last event", async ({ agents }) => {
	const { outcome } = await run(agents.get("declared"), warm(TO_STUB, "stream"));
	const events = part(outcome, "ok");
	assert.ok(Array.isArray(events));
	assert.equal(part(events.at(-1), "val", "downgrades"), [DROPPED_TEMPERATURE]);
});

test("strict passes over a backend that drops a field, and the request goes to one that sends it", async ({ agents, server }) => {
	server.script(answer.json({ model: "small", choices: [{ message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }] }));
	const { outcome, explanations } = await run(agents.get("strict"), warm({}));
	assert.equal([part(outcome, "ok", "model"), part(outcome, "ok", "downgrades")], ["small", null]);
	assert.is(part(server.requests.at(-1)?.json(), "temperature"), 0.2);
	assert.equal(explanations[0]?.rejected, [
		{
			backend: "stub",
			reason: "degradation",
			detail: "params.temperature: would be dropped, which the policy strict forbids: the stub's answers have no randomness",
		},
	]);
});

test("strict fails a request that no backend sends whole, naming the field", async ({ agents }) => {
	const { outcome } = await run(agents.get("strict"), warm());
	assert.is(part(outcome, "err", "code"), "no-candidate-backend");
	assert.ok(String(part(outcome, "err", "message")).includes("stub: degradation (params.temperature: would be dropped"));
});

test("a request may ask for strict, whatever the host's policy is", async ({ agents }) => {
	const { outcome } = await run(agents.get("lenient"), warm({ ...TO_STUB, degradation: "strict" }));
	assert.is(part(outcome, "err", "code"), "no-candidate-backend");
});

test("lenient sends a request without the image that the backend would reject", async ({ agents }) => {
	const { outcome } = await run(agents.get("lenient"), picture());
	assert.equal(part(outcome, "ok", "message", "content"), [{ tag: "text", val: "stub: you said what is this?" }]);
	assert.equal(part(outcome, "ok", "downgrades"), [DROPPED_IMAGE]);
});

test("declared rejects the image, and a request cannot ask for lenient", async ({ agents }) => {
	for (const options of [TO_STUB, { ...TO_STUB, degradation: "lenient" }]) {
		const { outcome } = await run(agents.get("declared"), picture(options));
		assert.is(part(outcome, "err", "code"), "no-candidate-backend");
		assert.ok(String(part(outcome, "err", "message")).includes("stub: feature (supports_vision)"));
	}
});

test("lenient does not replace a feature that the request names in its requirements", async ({ agents }) => {
	const { outcome } = await run(agents.get("lenient"), picture({ ...TO_STUB, requirements: { requiredFeatures: ["supports_vision"] } }));
	assert.is(part(outcome, "err", "code"), "no-candidate-backend");
});

/** Only the backend without tools of its own may serve these requests. */
const BY_PROMPT = { routing: { backend: "prompted" } };
const text = (content: string) =>
	answer.json({ model: "plain", choices: [{ message: { role: "assistant", content }, finish_reason: "stop" }] });

test("lenient describes tools in the prompt, and the guest runs its tools as with any other backend", async ({ agents, server }) => {
	server.script(text('<tool_call>{"name": "add", "arguments": {"a": 1, "b": 2}}</tool_call>'), text("It is 3."));
	const before = server.requests.length;
	const { outcome, explanations } = await run(agents.get("lenient"), { do: "tools", options: BY_PROMPT });
	const loop = part(outcome, "ok", "answers");
	assert.ok(Array.isArray(loop));
	assert.equal(
		loop.map((each) => part(each, "finishReason")),
		["tool-calls", "stop"],
	);
	assert.equal(
		[part(loop, 0, "message", "toolCalls", 0, "name"), part(loop, 0, "message", "toolCalls", 0, "arguments")],
		["add", '{"a":1,"b":2}'],
	);
	assert.equal(part(loop, 1, "message", "content"), [{ tag: "text", val: "It is 3." }]);
	const emulated = (list: unknown): unknown => (Array.isArray(list) ? list.filter((each) => part(each, "field") === "tools") : list);
	const downgrade = { field: "tools", effect: "emulated", detail: "described in the system message; the model may ignore it" };
	for (const each of loop) assert.equal(emulated(part(each, "downgrades")), [downgrade]);
	assert.equal(
		explanations.map(({ downgrades }) => emulated(downgrades)),
		[[downgrade], [downgrade]],
	);
	const [asked, answered] = server.requests.slice(before).map((request) => request.json());
	assert.equal([part(asked, "tools"), part(answered, "tools")], [undefined, undefined], "the upstream gets no tools");
	assert.match(String(part(asked, "messages", 0, "content")), /You can call these tools\..*"name":"add"/s);
	assert.match(JSON.stringify(part(answered, "messages")), /<tool_response>.*3/s);
});

test("strict and declared fail a request with tools where only the prompt could describe them", async ({ agents, server }) => {
	const before = server.requests.length;
	for (const policy of ["strict", "declared"] as const) {
		const { outcome } = await run(agents.get(policy), { do: "tools", options: BY_PROMPT });
		assert.is(part(outcome, "err", "code"), "no-candidate-backend", policy);
		assert.ok(String(part(outcome, "err", "message")).includes("prompted: "), policy);
	}
	assert.is(server.requests.length, before);
});

test.run();
