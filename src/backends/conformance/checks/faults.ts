import type { ConformanceCase } from "../case.ts";
import { FAULT_CLASSES, type FaultCase, type FixtureOperation, type ReportedFaultCase } from "../fixture.ts";
import { whole } from "../loopback/replies.ts";
import type { CallTransport } from "../outcome.ts";
import { type Subject, servedTransports, withTrial } from "../trial.ts";
import type { UpstreamAnswer } from "../upstream.ts";
import { failsWith } from "./same-error.ts";
import { sameEvents } from "./same-events.ts";
import { withEchoedKey } from "./with-echoed-key.ts";

/** Cases of faults that the upstream reports: each has its code, its attribution and its delay, and none shows the key. */
export function faultCases<O extends FixtureOperation>(subject: Subject<O>): ConformanceCase[] {
	const { fixture, its } = subject;
	const spelled = FAULT_CLASSES.flatMap((fault): [string, FaultCase][] => {
		const entry = fixture.faults[fault];
		return "absent" in entry ? [] : [[fault, entry]];
	});
	return [
		...[...spelled, ...Object.entries(fixture.otherFaults ?? {})].flatMap(([name, fault]) => statusCases(subject, name, fault)),
		...Object.entries(its.reportedFaults ?? {}).flatMap(([name, fault]) => reportedCases(subject, name, fault)),
	];
}

function statusCases<O extends FixtureOperation>(subject: Subject<O>, name: string, { answer, error }: FaultCase): ConformanceCase[] {
	const check = (): Promise<void> =>
		withTrial(subject, {}, async ({ call }) => {
			for (const transport of servedTransports(subject)) failsWith(await call(transport, [whole(answer)]), error, transport);
		});
	return [
		{ name: `the fault "${name}" becomes its error`, run: check },
		...echoCase(subject, `the fault "${name}"`, [
			["unary", answer],
			["stream", answer],
		]),
	];
}

/** Answers of transports. */
type Answers = readonly (readonly [transport: CallTransport, answer: UpstreamAnswer | undefined])[];

/** Returns the case of answers that repeat the key: no call shows it. */
export function echoCase<O extends FixtureOperation>(subject: Subject<O>, name: string, answers: Answers): ConformanceCase[] {
	const { apiKey } = subject.fixture;
	if (apiKey === undefined) return [];
	const check = (): Promise<void> =>
		withTrial(subject, {}, async ({ call }) => {
			const served = servedTransports(subject);
			for (const [transport, answer] of answers) {
				if (answer === undefined || !served.includes(transport)) continue;
				for (const echo of withEchoedKey(answer, apiKey)) await call(transport, [whole(echo)], { thorough: true });
			}
		});
	return [{ name: `the key appears in no error when ${name} repeats the key`, run: check }];
}

function reportedCases<O extends FixtureOperation>(subject: Subject<O>, name: string, fault: ReportedFaultCase<O>): ConformanceCase[] {
	const { whole: answer, stream, events = [], error } = fault;
	const check = (): Promise<void> =>
		withTrial(subject, fault, async ({ call }) => {
			if (answer !== undefined) failsWith(await call("unary", [whole(answer)]), error, "whole answer");
			if (stream === undefined) return;
			const outcome = await call("stream", [whole(stream)]);
			failsWith(outcome, error, "stream");
			sameEvents(outcome.events, events, "events before the error");
		});
	return [
		{ name: `the fault "${name}" within a successful answer becomes its error`, run: check },
		...echoCase(subject, `the fault "${name}" within a successful answer`, [
			["unary", answer],
			["stream", stream],
		]),
	];
}
