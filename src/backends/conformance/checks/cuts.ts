import type { ConformanceCase, ConformanceOptions } from "../case.ts";
import type { AnswerCase, FixtureOperation } from "../fixture.ts";
import { brokenAfter, endedAfter, inChunks, type Reply, whole } from "../loopback/replies.ts";
import type { CallTransport, Outcome } from "../outcome.ts";
import { ensure, same } from "../same.ts";
import { type Subject, type Trial, withTrial } from "../trial.ts";
import { isDelimited, type UpstreamAnswer } from "../upstream.ts";
import { listOf } from "./answers.ts";
import { chunkings, offsetsOf } from "./offsets.ts";
import { isBeginning, sameEvents } from "./same-events.ts";

/** Most early ends of one stream. Streams of a usual fixture are shorter, so that each byte is an end. */
const MAX_ENDS = 4096;

/** Most early ends of one whole answer. JSON that is cut fails to parse wherever it is cut, so a sample shows as much. */
const MAX_WHOLE_ENDS = 32;

/** Most broken connections of one answer. Each needs a new connection, and the bytes before the break are read as before an early end. */
const MAX_BREAKS = 32;

/** Size of the chunks of a split answer, in bytes. Some chunks hold several lines, and most end within one. */
const CHUNK_BYTES = 61;

/** Cases of cut and split bytes: a cut answer is never a success of another content, and a split changes nothing. */
export function cutCases<O extends FixtureOperation>(subject: Subject<O>, { maxEnds = MAX_ENDS }: ConformanceOptions): ConformanceCase[] {
	return Object.entries(subject.its.answers).flatMap(([name, answer]) => {
		const [only, ...others] = listOf(answer.whole);
		const { stream } = answer;
		return [
			...(only === undefined || others.length > 0
				? []
				: casesOf(subject, `whole answer "${name}"`, { answer, bytes: only, transport: "unary", maxEnds: MAX_WHOLE_ENDS })),
			...(stream === undefined ? [] : casesOf(subject, `stream "${name}"`, { answer, bytes: stream, transport: "stream", maxEnds })),
		];
	});
}

interface Recorded<O extends FixtureOperation> {
	readonly answer: AnswerCase<O>;
	readonly bytes: UpstreamAnswer;
	readonly transport: CallTransport;
	/** Most early ends. */
	readonly maxEnds: number;
}

function casesOf<O extends FixtureOperation>(
	subject: Subject<O>,
	name: string,
	{ answer, bytes, transport, maxEnds }: Recorded<O>,
): ConformanceCase[] {
	const check = (run: (trial: Trial<O>, expected: Outcome<O>) => Promise<void>) => (): Promise<void> =>
		withTrial(subject, answer, async (trial) => run(trial, await trial.call(transport, [whole(bytes)])));
	const eachCut = (cut: (bytes: UpstreamAnswer, length: number) => Reply, max: number) =>
		check(async (trial, expected) => {
			for (const length of offsetsOf(bytes.body, max)) {
				const outcome = await withoutStacks(() => trial.call(transport, [cut(bytes, length)]));
				cutOutcome(outcome, expected, transport, `cut after ${length} bytes`);
			}
		});
	return [
		...(isDelimited(bytes) ? [{ name: `the ${name} is never another success if it ends early`, run: eachCut(endedAfter, maxEnds) }] : []),
		{ name: `the ${name} is never another success if its connection breaks`, run: eachCut(brokenAfter, MAX_BREAKS) },
		{
			name: `the ${name} is the same if its bytes are split, at each byte and into single bytes`,
			run: check(async (trial, expected) => {
				for (const size of [1, CHUNK_BYTES]) {
					for (const ends of chunkings(bytes.body, size))
						sameOutcome(await trial.call(transport, [inChunks(bytes, ends)]), expected, `split at bytes ${ends}`);
				}
			}),
		},
	];
}

/** Runs a call whose errors have no stacks. Each of thousands of calls fails, and a stack takes longer to make than most other steps. */
async function withoutStacks<T>(call: () => Promise<T>): Promise<T> {
	const before = Error.stackTraceLimit;
	Error.stackTraceLimit = 0;
	try {
		return await call();
	} finally {
		Error.stackTraceLimit = before;
	}
}

/** A cut call fails after a beginning of the events, or has the very same result: the missing bytes say nothing. */
function cutOutcome<O extends FixtureOperation>(outcome: Outcome<O>, expected: Outcome<O>, transport: CallTransport, what: string): void {
	if (outcome.error === undefined) {
		sameOutcome(outcome, expected, what);
		return;
	}
	const { code, retryable, message } = outcome.error;
	// A stream shows that it was cut, so the same request may succeed later. A whole answer that is cut may look malformed.
	const expectedRetryable = transport === "stream" || retryable;
	same({ code, retryable }, { code: "backend_error", retryable: expectedRetryable }, `${what} ("${message}")`);
	ensure(isBeginning(outcome.events, expected.events), `${what}: the events before the error are not those of the whole stream`);
}

function sameOutcome<O extends FixtureOperation>(outcome: Outcome<O>, expected: Outcome<O>, what: string): void {
	if (outcome.error !== undefined) throw new Error(`${what}: ${outcome.error.message}`, { cause: outcome.error });
	sameEvents(outcome.events, expected.events, `${what}, events`);
	same(outcome.result, expected.result, `${what}, result`);
}
