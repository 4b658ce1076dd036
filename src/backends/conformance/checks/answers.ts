import type { ConformanceCase } from "../case.ts";
import type { AnswerCase, FixtureOperation } from "../fixture.ts";
import { type Reply, whole } from "../loopback/replies.ts";
import type { CallTransport, Outcome } from "../outcome.ts";
import { ensure, same } from "../same.ts";
import { type Subject, type Trial, withTrial } from "../trial.ts";
import type { UpstreamAnswer } from "../upstream.ts";
import { sameEvents } from "./same-events.ts";

/** Cases of answers: each recorded answer becomes exactly its form in the IR, whole and streamed. */
export function answerCases<O extends FixtureOperation>(subject: Subject<O>): ConformanceCase[] {
	return Object.entries(subject.its.answers).flatMap(([name, answer]) => casesOf(subject, name, answer));
}

function casesOf<O extends FixtureOperation>(subject: Subject<O>, name: string, answer: AnswerCase<O>): ConformanceCase[] {
	const { stream, events } = answer;
	const wholes = listOf(answer.whole);
	const check = (transport: CallTransport, replies: readonly Reply[], verify: (outcome: Outcome<O>) => void) => (): Promise<void> =>
		withTrial(subject, answer, async (trial) => {
			verify(await trial.call(transport, replies));
			sameStored(trial, answer);
		});
	const cases: ConformanceCase[] = [];
	if (wholes.length > 0) {
		cases.push({
			name: `the whole answer "${name}" is read exactly`,
			run: check("unary", wholes.map(whole), (outcome) => sameResult(outcome, answer.result)),
		});
	}
	if (wholes.length > 0 && subject.its.wholeForStream === true) {
		cases.push({
			name: `the whole answer "${name}" to a call for a stream has the same result`,
			run: check("stream", wholes.map(whole), (outcome) => sameResult(outcome, answer.result)),
		});
	}
	if (stream !== undefined) {
		cases.push({
			name: `the stream "${name}" is read exactly${wholes.length > 0 ? ", with the result of the whole answer" : ""}`,
			run: check("stream", [whole(stream)], (outcome) => {
				sameResult(outcome, answer.streamedResult?.result ?? answer.result);
				ensure(events !== undefined, "the fixture lists no events for this stream");
				sameEvents(outcome.events, events, "events");
			}),
		});
	}
	return cases;
}

/** Returns answers as a list. */
export function listOf(answers: UpstreamAnswer | readonly UpstreamAnswer[] | undefined): readonly UpstreamAnswer[] {
	if (answers === undefined) return [];
	return "body" in answers ? [answers] : answers;
}

function sameResult<O extends FixtureOperation>({ result, error }: Outcome<O>, expected: AnswerCase<O>["result"]): void {
	if (error !== undefined) throw error;
	same(result, expected, "result");
}

function sameStored<O extends FixtureOperation>({ media }: Trial<O>, { stored = [] }: AnswerCase<O>): void {
	same(media.stored, stored, "stored objects");
}
