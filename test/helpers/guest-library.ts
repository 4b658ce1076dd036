import * as assert from "uvu/assert";
import { loadComponent } from "../../src/abi/component/load.ts";
import type { ComponentOutcome } from "../../src/abi/component/run-outcome.ts";
import { type GuestMessage, splitStack } from "../../src/abi/debug/guest-stack.ts";
import { abiError, type ScriptedHost, scriptedHost, type Turn } from "./guest-host.ts";
import { choose, type ProgramName, unavailableImports } from "./programs.ts";

/** Runs one job of the test program against a scripted model. */
export type Play = (job: string, turns?: readonly Turn[]) => Promise<{ outcome: ComponentOutcome; host: ScriptedHost }>;

/** Loads a prepared agent. `program` selects a program of a component that contains several. */
export async function player(agent: string, program?: ProgramName): Promise<Play> {
	const component = await loadComponent(agent);
	return async (job, turns = []) => {
		const host = scriptedHost(turns);
		const instance = await component.instantiate(program === undefined ? host.imports : { ...unavailableImports(), ...host.imports });
		if (program !== undefined) await choose(instance, program);
		const outcome = await instance.run(job);
		return { outcome, host };
	};
}

/** Returns the message and the stack of a run that failed. */
export function failureOf(outcome: ComponentOutcome): GuestMessage {
	assert.ok("err" in outcome && outcome.err.tag === "failed");
	return splitStack(outcome.err.val);
}

/** Returns the outcome of a run without the stack in the message of a failed hostcall. */
function withoutStack(outcome: ComponentOutcome): ComponentOutcome {
	if (!("err" in outcome) || outcome.err.tag !== "hostcall") return outcome;
	const { val } = outcome.err;
	return { err: { tag: "hostcall", val: { ...val, message: splitStack(val.message).message } } };
}

type Check = (play: Play) => Promise<void>;

/** Behaviour of the guest library with every engine, by the name of a test. */
export const PROMISES: Readonly<Record<string, Check>> = {
	async "a tool runs between turns, and the model receives its result or its error"(play) {
		const calls = [
			{ id: "1", name: "stock", arguments: '{"sku":"bolt"}' },
			{ id: "2", name: "stock", arguments: '{"sku":"nut"}' },
			{ id: "3", name: "price", arguments: "" },
		];
		const { outcome, host } = await play("ask", [{ calls }, { text: "twelve" }]);
		assert.equal(outcome, { ok: "twelve after 1,2,3" });
		assert.equal(host.journal.slice(0, 7), [
			"open",
			"user: how many?",
			"send",
			'tool 1 gave: {"sku":"bolt","count":12}',
			"tool 2 failed: no part nut",
			"tool 3 failed: there is no tool price; there are: stock",
			"send",
		]);
	},
	async "the model receives an error when the arguments of its tool call are not JSON"(play) {
		const { host } = await play("ask", [{ calls: [{ id: "1", name: "stock", arguments: "{" }] }, { text: "" }]);
		assert.match(host.journal[3] ?? "", "tool 1 failed: the arguments are not JSON: SyntaxError");
	},
	async "tool calls of an answer that ended early are not run, and the conversation continues"(play) {
		const calls = [{ id: "1", name: "stock", arguments: '{"sku":"bo' }];
		const { outcome, host } = await play("ask", [{ calls, finish: "length" }]);
		assert.equal(outcome, { ok: " after " });
		assert.is(host.journal[3], "tool 1 failed: the answer ended before this call was complete; the tool did not run");
		const streamed = await play("stream", [{ calls, finish: "length" }]);
		assert.equal(streamed.outcome, { ok: "tool-call completed" });
		assert.is(streamed.host.journal[4], "tool 1 failed: the answer ended before this call was complete; the tool did not run");
	},
	async "the model receives the reason when the host refuses the output of a tool"(play) {
		const { outcome, host } = await play("flood", [{ calls: [{ id: "1", name: "flood", arguments: "{}" }] }, { text: "less" }]);
		assert.equal(outcome, { ok: "less after output of 200 bytes is too long" });
		assert.is(host.journal[3], "tool 1 failed: output of 200 bytes is too long");
	},
	async "a loop that ends between tool runs leaves a conversation that continues"(play) {
		const calls = ["1", "2", "3"].map((id) => ({ id, name: "stock", arguments: '{"sku":"bolt"}' }));
		const { outcome, host } = await play("leave a run", [{ calls }, { text: "still twelve" }]);
		assert.equal(outcome, { ok: "still twelve" });
		assert.equal(host.journal.slice(4, 9), [
			'tool 1 gave: {"sku":"bolt","count":12}',
			"tool 2 failed: the guest ended the turn before this tool ran",
			"tool 3 failed: the guest ended the turn before this tool ran",
			"user: and now?",
			"send",
		]);
	},
	async "a conversation gives back the messages that it removes"(play) {
		const { outcome, host } = await play("again", [{ text: "b" }]);
		assert.equal(outcome, { ok: "user" });
		assert.equal(host.journal.slice(3, 5), ["remove the last turn", "truncate 0"]);
	},
	async "a session is opened with every option"(play) {
		const { host } = await play("options");
		const text = (role: string, val: string) => ({
			role,
			content: [{ tag: "text", val }],
			toolCallId: undefined,
			name: undefined,
		});
		const [request] = host.opened;
		assert.equal(JSON.parse(JSON.stringify(request)), {
			model: "m",
			messages: JSON.parse(JSON.stringify([text("system", "be brief"), text("user", "q"), text("assistant", "a")])),
			tools: [
				{
					name: "stock",
					description: "How many of a part there are",
					parameters: '{"type":"object","properties":{"sku":{"type":"string"}},"required":["sku"]}',
				},
				{ name: "now", parameters: '{"type":"object","properties":{}}' },
			],
			params: { temperature: 0.5 },
		});
		assert.equal(host.journal[0], 'open {"timeoutMs":100}');
	},
	async "a stream continues over tool calls and drops the stream of each turn"(play) {
		const { outcome, host } = await play("stream", [
			{ calls: [{ id: "1", name: "stock", arguments: '{"sku":"bolt"}' }] },
			{ text: "twelve", pieces: ["twe", "lve"] },
		]);
		assert.equal(outcome, { ok: "tool-call completed tool-run twe lve completed" });
		assert.equal(host.journal.slice(2, 7), [
			"send-stream",
			"dispose stream",
			'tool 1 gave: {"sku":"bolt","count":12}',
			"send-stream",
			"dispose stream",
		]);
	},
	async "a stream is dropped when its loop ends early"(play) {
		const { outcome, host } = await play("leave", [{ text: "1 2 3", pieces: ["1", "2", "3"] }]);
		assert.equal(outcome, { ok: "left" });
		assert.equal(host.journal.slice(2), ["send-stream", "dispose stream", "dispose session"]);
	},
	async "a stream that breaks off throws and is dropped"(play) {
		const error = abiError("backend-error", "connection lost");
		const { outcome, host } = await play("stream", [{ breaksOff: error, after: "tw" }]);
		assert.equal(withoutStack(outcome), { err: { tag: "hostcall", val: error } });
		assert.is(host.openStreams(), 0);
	},
	async "a failed hostcall throws a HostcallError"(play) {
		const { outcome } = await play("caught", [{ error: abiError("rate-limited", "slow down", { retryable: true, retryAfterMs: 50 }) }]);
		assert.equal(outcome, { ok: "rate-limited true 50 chat_completions slow down" });
	},
	async "a run fails with the whole error of a hostcall when the guest does not catch it"(play) {
		const error = abiError("timeout", "too late", { retryable: true });
		const { outcome, host } = await play("throws a hostcall's error", [{ error }]);
		assert.equal(withoutStack(outcome), { err: { tag: "hostcall", val: error } });
		assert.ok("err" in outcome && outcome.err.tag === "hostcall");
		assert.match(outcome.err.val.message, /^too late\n[^\n]*\S+:\d+:\d+\)?\n/);
		assert.not.match(outcome.err.val.message, "HostcallError");
		assert.equal(host.log, []);
	},
	async "a run fails with the message of any other thrown error, whose stack follows and is in the log"(play) {
		const { outcome, host } = await play("throws");
		const { message, stack } = failureOf(outcome);
		assert.is(message, "TypeError: own failure");
		assert.match(stack, /^ {4}at \S+ \(\S+:\d+:\d+\)\n/);
		assert.equal(host.log, ["error the run failed: TypeError: own failure [stack]"]);
		assert.equal((await play("throws text")).outcome, { err: { tag: "failed", val: "just text" } });
	},
	async "a run that returns no text fails without a trap"(play) {
		assert.is(failureOf((await play("returns a number")).outcome).message, "TypeError: run must return text, but returned number");
	},
	async "half a surrogate pair becomes U+FFFD in every text for the host"(play) {
		const { outcome, host } = await play("half a pair", [{ text: "fine" }]);
		assert.equal(outcome, { ok: "answer \uFFFD" });
		assert.equal(host.log, ["info log \uFFFD"]);
		assert.is(host.journal[1], "user: ask \uFFFD");
		assert.is(failureOf((await play("throws half a pair")).outcome).message, "half \uFFFD");
	},
	async "a run that throws a value that cannot be shown fails without a trap"(play) {
		assert.equal((await play("throws a circle")).outcome, { err: { tag: "failed", val: "a value that cannot be shown was thrown" } });
		assert.equal((await play("throws what throws")).outcome, { err: { tag: "failed", val: "a value that cannot be shown was thrown" } });
	},
	async "`select` yields the events of several streams as they arrive"(play) {
		const { outcome } = await play("select", [
			{ text: "ab", pieces: ["a", "b"], delayMs: 60 },
			{ text: "x", delayMs: 20 },
		]);
		assert.equal(outcome, { ok: "fast:text fast:completed slow:text slow:text slow:completed" });
	},
	async "`select` ends when no event arrives within its time"(play) {
		assert.equal((await play("impatient", [{ text: "x", delayMs: 5_000 }])).outcome, { ok: "gave up after 0" });
	},
	async "`sleep` waits for its time"(play) {
		const { outcome, host } = await play("sleep");
		assert.equal(outcome, { ok: "awake" });
		assert.is(host.waitedMs(), 50);
	},
	async "`emit` passes text and JSON to the reader of the run, and throws for what cannot be emitted"(play) {
		const { host, outcome } = await play("emit");
		assert.equal(outcome, { ok: "invalid-request: no such name" });
		assert.equal(host.emitted, ["text", 'data {"list":[1,null],"half":"\\ud83d"}', "none null", "true", "true"]);
	},
	async "`console` writes to the host's log with the level of its method"(play) {
		const { host } = await play("console");
		assert.equal(host.log, [
			'info plain 1 { deep: [ true, null ], big: 1n } Map(1) { "k" => 2 } undefined',
			"debug d",
			"warn Uint8Array(3) [ 0, 0, 0 ]",
			"info [ [Circular] ] [Function]",
			"error bad",
		]);
	},
};
