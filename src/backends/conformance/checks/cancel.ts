import { SpearError } from "../../../errors/spear-error.ts";
import type { ConformanceCase, ConformanceOptions } from "../case.ts";
import type { FixtureOperation } from "../fixture.ts";
import { withoutHang } from "../hang.ts";
import { silence, stalledAfter } from "../loopback/replies.ts";
import { type CallTransport, openStream } from "../outcome.ts";
import { ensure, same } from "../same.ts";
import { type Subject, servedTransports, type Trial, withTrial } from "../trial.ts";
import type { UpstreamAnswer } from "../upstream.ts";
import { recordedCase } from "./recorded-case.ts";

/** Turns of the event loop after which a client of the same process has read what was sent. */
const TURNS_TO_READ = 20;

/** Cases of cancellation: an abort ends the call and reaches the upstream. */
export function cancelCases<O extends FixtureOperation>(subject: Subject<O>, { onMeasure }: ConformanceOptions): ConformanceCase[] {
	return servedTransports(subject).flatMap((transport) => {
		const call = transport === "stream" ? "a stream" : "a call";
		const named = (name: string, check: (trial: Trial<O>, bytes: UpstreamAnswer, name: string) => Promise<void>): ConformanceCase => ({
			name,
			run: () => {
				const { setting, bytes } = recordedCase(subject, transport);
				return withTrial(subject, setting, (trial) => check(trial, bytes, name));
			},
		});
		const aborts = (when: string, reply: (bytes: UpstreamAnswer) => ReturnType<typeof stalledAfter>): ConformanceCase =>
			named(`an abort of ${call} ${when} closes the connection to the upstream`, async (trial, bytes, name) => {
				const ms = await abortInFlight(trial, transport, reply(bytes));
				onMeasure?.({ name, quantity: "cancel", ms });
			});
		return [
			named(`${call} whose signal is aborted before sends nothing`, async ({ call: start, server }) => {
				const { error } = await start(transport, [silence], { signal: AbortSignal.abort() });
				same(error?.code, "cancelled", "code of the error");
				same(server.requests.length, 0, "requests at the upstream");
			}),
			aborts("that awaits its answer", () => silence),
			aborts("within its answer", (bytes) => stalledAfter(bytes, bytes.body.byteLength / 2)),
			named(`${call} that is aborted ends with the reason of the abort`, async ({ call: start, server }) => {
				const controller = new AbortController();
				const outcome = start(transport, [silence], { signal: controller.signal });
				await withoutHang(server.request(0), "the request");
				controller.abort(new SpearError("timeout", "too late"));
				same((await outcome).error?.code, "timeout", "code of the error");
			}),
			...(transport === "stream" ? [named("leaving a stream closes the connection to the upstream", leave)] : []),
		];
	});
}

/** Returns the time from the abort to the end of the connection, in milliseconds. */
async function abortInFlight<O extends FixtureOperation>(
	{ call, server }: Trial<O>,
	transport: CallTransport,
	reply: ReturnType<typeof stalledAfter>,
): Promise<number> {
	const controller = new AbortController();
	const outcome = call(transport, [reply], { signal: controller.signal });
	const { closedByClient } = await withoutHang(server.request(0), "the request");
	for (let turn = 0; turn < TURNS_TO_READ; turn++) await new Promise(setImmediate);
	const start = performance.now();
	controller.abort();
	ensure(await withoutHang(closedByClient, "the connection of an aborted call"), "the upstream's answer was read to its end");
	const ms = performance.now() - start;
	same((await outcome).error?.code, "cancelled", "code of the error");
	return ms;
}

async function leave<O extends FixtureOperation>({ backend, envelope, context, server }: Trial<O>, bytes: UpstreamAnswer): Promise<void> {
	server.play(stalledAfter(bytes, bytes.body.byteLength - 1));
	const events = openStream(backend, envelope, context());
	await withoutHang(events.next(), "the first event");
	await withoutHang(Promise.resolve(events.return?.()), "leaving the stream");
	const { closedByClient } = await server.request(0);
	ensure(await withoutHang(closedByClient, "the connection of a stream that was left"), "the upstream's answer was read to its end");
}
