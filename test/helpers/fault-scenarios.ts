/** Faults of an upstream, each with the outcome that a caller must see. `fault-scenarios.test.ts` runs them end to end. */
import { answer, type Behaviour, sse } from "./openai-server.ts";

/** Time that the upstreams of the table ask to wait, in seconds: longer than every deadline of the scenarios. */
export const LONG_WAIT_S = 60;

export interface FaultScenario {
	readonly name: string;
	/** Behaviour of the upstream for the first request. Made when the scenario runs, because dates count from then. */
	readonly fault: () => Behaviour;
	/** Transports to run. The default is both. */
	readonly transport?: "unary" | "stream";
	/**
	 * `whole`: the first request succeeds. `retried`: a second request does. `failed`: the call fails with this code after one request.
	 */
	readonly outcome: "whole" | "retried" | { readonly failed: string };
	/** Text that a stream yields before its end. The default is the whole text if the call succeeds, else none. */
	readonly text?: string;
	/** True if the failure carries the long wait of the upstream. */
	readonly waits?: boolean;
}

export const TEXT = "Hello there.";

function chunk(delta: object, finish_reason: string | null = null, more: object = {}): object {
	return { id: "c", object: "chat.completion.chunk", model: "m", choices: [{ index: 0, delta, finish_reason, ...more }] };
}

const USAGE = { choices: [], usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 } };
const HALF = chunk({ role: "assistant", content: "Hello " });
const REST = chunk({ content: "there." });
const STOP = chunk({}, "stop");
const COMPLETION = { id: "c", model: "m", choices: [{ index: 0, message: { role: "assistant", content: TEXT }, finish_reason: "stop" }] };
const JSON_TYPE = { "content-type": "application/json" };

/** Returns the behaviour for a request that succeeds. */
export function good(streamed: boolean): Behaviour {
	return streamed ? answer.stream(sse([HALF, REST, STOP, USAGE])) : answer.json(COMPLETION);
}

function tooMany(retryAfter: string): Behaviour {
	return answer.status(429, { error: { message: "Slow down", type: "rate_limit_error" } }, { "retry-after": retryAfter });
}

/** Returns the date after the long wait, in a form of RFC 9110. */
function laterAs(form: "IMF-fixdate" | "RFC 850" | "asctime"): string {
	const date = new Date(Date.now() + LONG_WAIT_S * 1000);
	const imf = date.toUTCString();
	const [, day = "", month = "", year = "", time = ""] = /^\w+, (\d+) (\w+) (\d+) (\S+) GMT$/.exec(imf) ?? [];
	const weekday = date.toLocaleDateString("en-US", { weekday: "long", timeZone: "UTC" });
	switch (form) {
		case "IMF-fixdate":
			return imf;
		case "RFC 850":
			return `${weekday}, ${day}-${month}-${year.slice(2)} ${time} GMT`;
		case "asctime":
			return `${weekday.slice(0, 3)} ${month} ${String(Number(day)).padStart(2)} ${time} ${year}`;
	}
}

/** Returns a stream that ends cleanly after these events. */
function ends(...events: readonly object[]): () => Behaviour {
	return () => answer.stream(sse(events, { done: false }));
}

const LIMITED = { outcome: { failed: "rate_limited" }, waits: true } as const;
const CUT = { transport: "stream", outcome: { failed: "backend_error" } } as const;
const WHOLE = { transport: "stream", outcome: "whole" } as const;

export const FAULT_SCENARIOS: readonly FaultScenario[] = [
	{ name: "429 with Retry-After in seconds", fault: () => tooMany(String(LONG_WAIT_S)), ...LIMITED },
	{ name: "429 with Retry-After as an IMF-fixdate", fault: () => tooMany(laterAs("IMF-fixdate")), ...LIMITED },
	{ name: "429 with Retry-After as an RFC 850 date", fault: () => tooMany(laterAs("RFC 850")), ...LIMITED },
	{ name: "429 with Retry-After as an asctime date", fault: () => tooMany(laterAs("asctime")), ...LIMITED },
	{ name: "429 with a Retry-After that is over", fault: () => tooMany("Sun, 06 Nov 1994 08:49:37 GMT"), outcome: "retried" },
	{ name: "429 without Retry-After", fault: () => answer.status(429, { error: { message: "Slow down" } }), outcome: "retried" },
	{ name: "500", fault: () => answer.status(500, { error: { message: "Oops" } }), outcome: "retried" },
	{ name: "400", fault: () => answer.status(400, { error: { message: "No" } }), outcome: { failed: "invalid_request" } },
	{ name: "a connection cut before the answer", fault: answer.disconnect, outcome: "retried" },
	{
		name: "a body that is cut off",
		fault: () => answer.cutOff(Buffer.from('{"choices":['), { ...JSON_TYPE, "content-length": "1000" }),
		outcome: "retried",
	},
	{
		name: "a body that ends early at its own end",
		fault: () => answer.text('{"choices":[{"message":{"content":"Hello '),
		outcome: { failed: "backend_error" },
	},
	{
		name: "an error in place of an answer",
		fault: () => answer.json({ error: { message: "Oops", type: "server_error" } }),
		outcome: "retried",
	},
	{ name: "a hang", fault: answer.silence, outcome: { failed: "timeout" } },
	{ name: "a body that hangs", fault: () => answer.stall(Buffer.from('{"choices":['), JSON_TYPE), outcome: { failed: "timeout" } },
	{
		name: "a stream that hangs",
		fault: () => answer.stall(sse([HALF], { done: false })),
		transport: "stream",
		outcome: { failed: "timeout" },
		text: "Hello ",
	},
	{ name: "a stream without any event", fault: ends(), transport: "stream", outcome: "retried" },
	{ name: "a stream that ends after text", fault: ends(HALF), ...CUT, text: "Hello " },
	{ name: "a stream that ends with its finish reason", fault: ends(HALF, REST, STOP), ...CUT, text: TEXT },
	{ name: "a stream that ends with usage but no finish reason", fault: ends(HALF, USAGE), ...CUT, text: "Hello " },
	{ name: "a stream that ends with [DONE] but no finish reason", fault: () => answer.stream(sse([HALF])), ...CUT, text: "Hello " },
	{ name: "a stream whose connection breaks after text", fault: () => answer.cutOff(sse([HALF], { done: false })), ...CUT, text: "Hello " },
	{
		name: "a stream whose connection breaks before [DONE]",
		fault: () => answer.cutOff(sse([HALF, REST, STOP, USAGE], { done: false })),
		...CUT,
		text: TEXT,
	},
	{
		name: "a stream that ends within an event",
		fault: () => answer.stream(Buffer.from(`${sse([HALF], { done: false })}data: {"choices":[{"del`)),
		...CUT,
		text: "Hello ",
	},
	{
		name: "a stream with an event that is not JSON",
		fault: () => answer.stream(sse([HALF, '{"choices"', REST, STOP])),
		...CUT,
		text: "Hello ",
	},
	{ name: "a stream with an error event", fault: ends(HALF, { error: { message: "Overloaded", code: 503 } }), ...CUT, text: "Hello " },
	{
		name: "a stream with an error in its choice",
		fault: ends(chunk({ content: "Hello " }, "error", { error: { message: "Lost", code: 502 } })),
		...CUT,
		text: "Hello ",
	},
	{ name: "a stream with the finish reason error", fault: () => answer.stream(sse([HALF, chunk({}, "error")])), ...CUT, text: "Hello " },
	{ name: "a stream without [DONE] after finish reason and usage", fault: ends(HALF, REST, STOP, USAGE), ...WHOLE },
	{
		name: "a stream with space around [DONE]",
		fault: () => answer.stream(Buffer.from(`${sse([HALF, REST, STOP], { done: false })}data:  [DONE] \n\n`)),
		...WHOLE,
	},
	{ name: "a whole answer in place of a stream", fault: () => answer.json(COMPLETION), ...WHOLE },
];
