import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { AgentInstance } from "../../src/index.ts";
import { type FamilyHost, startFamilyHost } from "../helpers/family-faults.ts";
import { answer, sse } from "../helpers/openai-server.ts";
import { describe, probe } from "../helpers/probe-host.ts";
import { choose, programs } from "../helpers/programs.ts";

/** Chats of a StarlingMonkey guest. Guest and upstream are those of the QuickJS tests; the engine lifts and lowers values with other code. */
const test = suite<{ familyHost: FamilyHost; instance: AgentInstance }>("chat from StarlingMonkey");

const ONLY = { routing: { backend: "upstream", allowlist: [], denylist: [], preferred: [] } };
const CALL = { id: "call_1", type: "function", function: { name: "add", arguments: '{"a":1,"b":2}' } };

function completion(message: unknown, finish: string): unknown {
	return { id: "c1", object: "chat.completion", model: "m1", choices: [{ index: 0, message, finish_reason: finish }] };
}

function chunk(delta: unknown, finish: string | null = null): unknown {
	return { id: "c1", object: "chat.completion.chunk", model: "m1", choices: [{ index: 0, delta, finish_reason: finish }] };
}

test.before(async (context) => {
	context.familyHost = await startFamilyHost((await programs()).prepared);
	context.instance = await choose(await context.familyHost.instance(), "chat");
});

test.after(async ({ familyHost, instance }) => {
	await instance.close();
	await familyHost.close();
});

test("StarlingMonkey: a chat succeeds after a failed one", async ({ familyHost: { server }, instance }) => {
	const good = answer.json(completion({ role: "assistant", content: "Hi" }, "stop"));
	server.script(good, answer.status(429, { error: { message: "Slow down" } }, { "retry-after": "2" }), good);
	const command = { do: "complete", options: ONLY } as const;
	const [first, failed, again] = await probe(instance, command, command, command);
	assert.match(describe(first), '"content":[{"tag":"text","val":"Hi"}]');
	assert.match(describe(failed), '"code":"rate-limited"');
	assert.equal(again, first);
	assert.equal(server.requests[0]?.json(), { model: "m1", messages: [{ role: "user", content: "hello" }] });
});

test("StarlingMonkey: a streamed chat delivers its events", async ({ familyHost: { server }, instance }) => {
	server.script(answer.stream(sse([chunk({ role: "assistant", content: "Hi " }), chunk({ content: "there" }), chunk({}, "stop")])));
	const [outcome] = await probe(instance, { do: "stream", options: ONLY });
	assert.ok(Array.isArray(outcome?.ok), describe(outcome));
	assert.equal(
		outcome.ok.map((event) => (event.tag === "text" ? event.val : event.tag)),
		["Hi ", "there", "completed"],
	);
});

test("StarlingMonkey: a chat runs a tool and sends its result", async ({ familyHost: { server }, instance }) => {
	const before = server.requests.length;
	server.script(
		answer.json(completion({ role: "assistant", content: null, tool_calls: [CALL] }, "tool_calls")),
		answer.json(completion({ role: "assistant", content: "3" }, "stop")),
	);
	const [outcome] = await probe(instance, { do: "tools", streamed: false, options: ONLY });
	assert.match(describe(outcome), '"toolCalls":1');
	assert.match(server.requests[before + 1]?.body ?? "", '{"role":"tool","content":"3","tool_call_id":"call_1"}');
});

test.run();
