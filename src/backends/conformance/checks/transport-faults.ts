import { Buffer } from "node:buffer";
import type { InstanceConfig } from "../../backend.ts";
import type { ConformanceCase } from "../case.ts";
import type { ConformanceFixture, FixtureOperation, TimeLimits } from "../fixture.ts";
import { disconnect, flood, type Reply, silence, stalledAfter, whole } from "../loopback/replies.ts";
import { same } from "../same.ts";
import { type Subject, servedTransports, withTrial } from "../trial.ts";
import { answerOf, isDelimited, type UpstreamAnswer } from "../upstream.ts";
import { echoCase } from "./faults.ts";
import { recordedCase } from "./recorded-case.ts";
import { type ErrorMembers, failsWith } from "./same-error.ts";

const PAGE = "<!doctype html><html><head><title>Welcome</title></head><body><h1>It works</h1></body></html>";

const FAILED = { code: "backend_error", attribution: "backend" } as const;
const BROKEN = { ...FAILED, retryable: true } as const;
const LATE = { code: "timeout", retryable: true, attribution: "backend" } as const;

/** A time limit that passes in a test, in milliseconds. */
const SOON_MS = 20;
/** A time limit that no test reaches, in milliseconds. */
const NEVER_MS = 600_000;

/** An answer that breaks the protocol, whatever the vendor. */
interface TransportFault {
	readonly reply: (recorded: UpstreamAnswer) => Reply;
	readonly error: ErrorMembers;
	readonly limits?: TimeLimits;
	/** Answers that the fault is possible in. The default is all. */
	readonly appliesTo?: (recorded: UpstreamAnswer) => boolean;
}

const fixed = (answer: UpstreamAnswer) => (): Reply => whole(answer);

const FAULTS: Readonly<Record<string, TransportFault>> = {
	"an HTML page in place of the answer": { reply: fixed(answerOf("text/html", PAGE)), error: FAILED },
	"an HTML page of a gateway": { reply: fixed(answerOf("text/html", PAGE, { status: 502 })), error: BROKEN },
	"a JSON text that is cut": { reply: fixed(answerOf("application/json", '{"choices":[{')), error: FAILED },
	"the JSON value null": { reply: fixed(answerOf("application/json", "null")), error: FAILED },
	"an empty list": { reply: fixed(answerOf("application/json", "[]")), error: FAILED },
	"an empty object": { reply: fixed(answerOf("application/json", "{}")), error: FAILED },
	"an empty body": { reply: (recorded) => whole({ ...recorded, body: Buffer.alloc(0) }), error: FAILED },
	"a redirect": { reply: fixed(answerOf("text/plain", "", { status: 307, headers: { location: "/elsewhere" } })), error: FAILED },
	"a closed connection": { reply: () => disconnect, error: BROKEN },
	"a late first byte": { reply: () => silence, error: LATE, limits: { firstByteMs: SOON_MS, idleMs: NEVER_MS } },
	"a pause within the answer": {
		reply: (recorded) => stalledAfter(recorded, recorded.body.byteLength / 2),
		error: LATE,
		limits: { firstByteMs: NEVER_MS, idleMs: SOON_MS },
	},
	"a body without an end": { reply: (recorded) => flood(endless(recorded)), error: FAILED, appliesTo: isDelimited },
	"a fault whose body has no end": { reply: () => flood(answerOf("text/plain", "no", { status: 500 })), error: BROKEN },
};

/** Cases of faults of the connection and of answers that are none: each ends the call with a typed error. */
export function transportFaultCases<O extends FixtureOperation>(subject: Subject<O>): ConformanceCase[] {
	const recorded = servedTransports(subject).map((transport) => [transport, recordedCase(subject, transport).bytes] as const);
	return [
		...Object.entries(FAULTS).map(([name, fault]) => ({ name: `${name} becomes a typed error`, run: () => checkFault(subject, fault) })),
		...echoCase(subject, "a malformed answer", recorded),
	];
}

async function checkFault<O extends FixtureOperation>(subject: Subject<O>, fault: TransportFault): Promise<void> {
	const { reply, error, limits, appliesTo } = fault;
	for (const transport of servedTransports(subject)) {
		const { setting, bytes } = recordedCase(subject, transport);
		if (appliesTo?.(bytes) === false) continue;
		const options = limits === undefined ? {} : timeoutsOf(subject.fixture, limits);
		await withTrial(
			subject,
			setting,
			async ({ call, server }) => {
				failsWith(await call(transport, [reply(bytes)]), error, transport);
				same(server.requests.length, 1, "requests at the upstream");
			},
			options,
		);
	}
}

/** Returns the beginning of an answer that stays well-formed however long it is. */
function endless(recorded: UpstreamAnswer): UpstreamAnswer {
	const isEventStream = recorded.headers["content-type"]?.startsWith("text/event-stream") ?? false;
	return { ...recorded, body: Buffer.from(isEventStream ? "data: " : '{"a":"') };
}

function timeoutsOf({ timeouts = usualTimeouts }: ConformanceFixture, limits: TimeLimits): InstanceConfig["options"] {
	return timeouts(limits);
}

function usualTimeouts({ firstByteMs, idleMs }: TimeLimits): InstanceConfig["options"] {
	return { timeouts: { first_byte_timeout_ms: firstByteMs, idle_timeout_ms: idleMs } };
}
