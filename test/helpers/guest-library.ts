import * as assert from "uvu/assert";
import { loadComponent } from "../../src/abi/component/load.ts";
import type { ComponentOutcome } from "../../src/abi/component/run-outcome.ts";
import { abiError, type ScriptedHost, scriptedHost, type Turn } from "./guest-host.ts";
import { choose, type ProgramName, unavailableImports } from "./programs.ts";

/** Runs one job of the test program against a scripted model. */
export type Play = (job: string, turns?: readonly Turn[]) => Promise<{ outcome: ComponentOutcome; host: ScriptedHost }>;

/** `program` is the one to choose if the component holds several. */
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

type Check = (play: Play) => Promise<void>;

/** What the guest library promises, whatever engine is inside. */
export const PROMISES: Readonly<Record<string, Check>> = {
	async "tools run between turns, and what they throw goes back to the model"(play) {
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
	async "arguments that are not JSON go back to the model"(play) {
		const { host } = await play("ask", [{ calls: [{ id: "1", name: "stock", arguments: "{" }] }, { text: "" }]);
		assert.match(host.journal[3] ?? "", "tool 1 failed: the arguments are not JSON: SyntaxError");
	},
	async "a session is opened with everything the options say"(play) {
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
	async "a stream goes on over tool calls, and each turn's stream is dropped"(play) {
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
	async "leaving a stream early drops it"(play) {
		const { outcome, host } = await play("leave", [{ text: "1 2 3", pieces: ["1", "2", "3"] }]);
		assert.equal(outcome, { ok: "left" });
		assert.equal(host.journal.slice(2), ["send-stream", "dispose stream", "dispose session"]);
	},
	async "a stream that breaks off is an error, and is dropped"(play) {
		const error = abiError("backend-error", "connection lost");
		const { outcome, host } = await play("stream", [{ breaksOff: error, after: "tw" }]);
		assert.equal(outcome, { err: { tag: "hostcall", val: error } });
		assert.is(host.openStreams(), 0);
	},
	async "a failed hostcall is a HostcallError in the guest"(play) {
		const { outcome } = await play("caught", [{ error: abiError("rate-limited", "slow down", { retryable: true, retryAfterMs: 50 }) }]);
		assert.equal(outcome, { ok: "rate-limited true 50 chat_completions slow down" });
	},
	async "a failed hostcall the guest does not catch is the run's error, whole"(play) {
		const error = abiError("timeout", "too late", { retryable: true });
		const { outcome, host } = await play("throws a hostcall's error", [{ error }]);
		assert.equal(outcome, { err: { tag: "hostcall", val: error } });
		assert.equal(host.log, []);
	},
	async "anything else it throws is a failure with its message, its stack in the log"(play) {
		const { outcome, host } = await play("throws");
		assert.equal(outcome, { err: { tag: "failed", val: "TypeError: own failure" } });
		assert.equal(host.log, ["error the run failed: TypeError: own failure [stack]"]);
		assert.equal((await play("throws text")).outcome, { err: { tag: "failed", val: "just text" } });
	},
	async "an answer that is not text is a failure, not a trap"(play) {
		assert.equal((await play("returns a number")).outcome, {
			err: { tag: "failed", val: "TypeError: run has to return text, and returned number" },
		});
	},
	async "half a surrogate pair, as a cut through an emoji leaves it, crosses as U+FFFD"(play) {
		const { outcome, host } = await play("half a pair", [{ text: "fine" }]);
		assert.equal(outcome, { ok: "answer \uFFFD" });
		assert.equal(host.log, ["info log \uFFFD"]);
		assert.is(host.journal[1], "user: ask \uFFFD");
		assert.equal((await play("throws half a pair")).outcome, { err: { tag: "failed", val: "half \uFFFD" } });
	},
	async "whatever it throws, the run fails and does not trap"(play) {
		assert.equal((await play("throws a circle")).outcome, { err: { tag: "failed", val: "something that cannot be shown was thrown" } });
		assert.equal((await play("throws what throws")).outcome, { err: { tag: "failed", val: "something that cannot be shown was thrown" } });
	},
	async "several streams are read as their events come"(play) {
		const { outcome } = await play("select", [
			{ text: "ab", pieces: ["a", "b"], delayMs: 60 },
			{ text: "x", delayMs: 20 },
		]);
		assert.equal(outcome, { ok: "fast:text fast:completed slow:text slow:text slow:completed" });
	},
	async "waiting for streams can be given up"(play) {
		assert.equal((await play("impatient", [{ text: "x", delayMs: 5_000 }])).outcome, { ok: "gave up after 0" });
	},
	async "a guest can sleep"(play) {
		const start = performance.now();
		assert.equal((await play("sleep")).outcome, { ok: "awake" });
		assert.ok(performance.now() - start >= 49);
	},
	async "console lines go to the host's log with their level"(play) {
		const { host } = await play("console");
		assert.equal(host.log, [
			'info plain 1 {"deep":[true,null],"big":"1n"} [["k",2]] undefined',
			"debug d",
			"warn Uint8Array(3 bytes)",
			"info [object Array] () => 1",
			"error bad",
		]);
	},
};
