import type { OperationMap } from "../../../../generated/ir/operations.ts";
import type { Backend, InstanceConfig } from "../../backend.ts";
import type { ConformanceCase } from "../case.ts";
import type { FixtureOperation } from "../fixture.ts";
import { withoutHang } from "../hang.ts";
import type { LocalFixture, LocalOperation } from "../local-fixture.ts";
import { caseMedia } from "../media.ts";
import { type CallTransport, type Outcome, openStream, outcomeOf } from "../outcome.ts";
import { ensure, same } from "../same.ts";
import { contextOf, envelopeOf, withOptions } from "../trial.ts";
import { failsWith } from "./same-error.ts";
import { streamedText, wholeText } from "./streamed-text.ts";

/** The fixture of an operation, and the fixture that it is a part of. */
export interface LocalSubject<O extends FixtureOperation> {
	readonly fixture: LocalFixture;
	readonly operation: O;
	readonly its: LocalOperation<O>;
}

/** Concurrent calls of one case. */
const CALLS = 4;

/** Cases of an operation without an upstream. */
export function localCases<O extends FixtureOperation>(subject: LocalSubject<O>): ConformanceCase[] {
	const { its } = subject;
	const [first] = Object.values(its.payloads);
	if (first === undefined) throw new Error("the fixture has no payload");
	return [
		...Object.entries(its.payloads).map(([name, payload]) => ({
			name: `"${name}" has a valid result, streamed and whole`,
			run: () => checkAnswer(subject, payload, its.results?.[name]),
		})),
		...Object.entries(its.refusals ?? {}).map(([name, { payload = first, error, options }]) => ({
			name: `"${name}" is refused`,
			run: () =>
				eachTransport(subject, options, async (backend, transport) => {
					failsWith(await call(subject, backend, transport, payload), error, transport);
				}),
		})),
		...lifeCases(subject, first),
		...slowCases(subject),
	];
}

async function checkAnswer<O extends FixtureOperation>(
	subject: LocalSubject<O>,
	payload: OperationMap[O]["payload"],
	expected: OperationMap[O]["result"] | undefined,
): Promise<void> {
	const results: OperationMap[O]["result"][] = [];
	await eachTransport(subject, {}, async (backend, transport) => {
		const { result, events, error } = await call(subject, backend, transport, payload);
		if (error !== undefined) throw error;
		if (transport === "stream") same(streamedText(events), wholeText(result), "text of the events and of the result");
		if (expected !== undefined) same(result, expected, transport);
		results.push(result);
	});
	if (subject.its.repeatable === true) for (const other of results.slice(1)) same(other, results[0], "results of a call and of a stream");
}

function lifeCases<O extends FixtureOperation>(subject: LocalSubject<O>, payload: OperationMap[O]["payload"]): ConformanceCase[] {
	return [
		{
			name: "a call whose signal is aborted before ends with cancelled",
			run: () =>
				eachTransport(subject, {}, async (backend, transport) => {
					const { error } = await call(subject, backend, transport, payload, AbortSignal.abort());
					same(error?.code, "cancelled", "code of the error");
				}),
		},
		{
			name: "a stream can be left",
			run: () =>
				eachTransport(subject, {}, async (backend, transport) => {
					if (transport !== "stream") return;
					const controller = new AbortController();
					const context = contextOf(caseMedia(), undefined, controller.signal);
					const events = openStream(backend, envelopeOf(subject.operation, payload), context);
					await withoutHang(events.next(), "the first event");
					await withoutHang(Promise.resolve(events.return?.()), "leaving the stream");
				}),
		},
		{
			name: "a call after close() fails",
			run: () =>
				eachTransport(subject, {}, async (backend, transport) => {
					await withoutHang(backend.close(), "close()");
					ensure((await call(subject, backend, transport, payload)).error !== undefined, "the call succeeds");
				}),
		},
		{
			name: `${CALLS} concurrent calls all have a result`,
			run: () =>
				eachTransport(subject, {}, async (backend, transport) => {
					const outcomes = await Promise.all(Array.from({ length: CALLS }, () => call(subject, backend, transport, payload)));
					for (const { error } of outcomes) if (error !== undefined) throw error;
				}),
		},
	];
}

function slowCases<O extends FixtureOperation>(subject: LocalSubject<O>): ConformanceCase[] {
	const { slow } = subject.its;
	if (slow === undefined) return [];
	const inFlight = (check: (backend: Backend, controller: AbortController) => Promise<unknown>) => () =>
		eachTransport(subject, slow.options, async (backend, transport) => {
			const controller = new AbortController();
			const outcome = call(subject, backend, transport, slow.payload, controller.signal);
			await new Promise(setImmediate);
			await check(backend, controller);
			same((await outcome).error?.code, "cancelled", "code of the error");
		});
	return [
		{ name: "a call in flight ends with cancelled when its signal is aborted", run: inFlight(async (_, controller) => controller.abort()) },
		{ name: "close() ends a call in flight with cancelled", run: inFlight((backend) => withoutHang(backend.close(), "close()")) },
	];
}

/** Runs a check for each transport, against an instance of its own. */
async function eachTransport<O extends FixtureOperation>(
	{ fixture, operation }: LocalSubject<O>,
	options: InstanceConfig["options"] = {},
	check: (backend: Backend, transport: CallTransport) => Promise<void>,
): Promise<void> {
	for (const transport of ["unary", "stream"] as const) {
		const backend = fixture.kind.create(withOptions(fixture.config(), options));
		const declared = transport === "unary" ? "unary" : "server_stream";
		try {
			if (backend.capabilities[operation]?.transports.includes(declared)) await check(backend, transport);
		} finally {
			await withoutHang(backend.close(), "close()");
		}
	}
}

function call<O extends FixtureOperation>(
	{ operation }: LocalSubject<O>,
	backend: Backend,
	transport: CallTransport,
	payload: OperationMap[O]["payload"],
	signal = new AbortController().signal,
): Promise<Outcome<O>> {
	return outcomeOf(backend, transport, envelopeOf(operation, payload), contextOf(caseMedia(), undefined, signal));
}
