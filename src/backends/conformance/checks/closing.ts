import process from "node:process";
import type { ConformanceCase } from "../case.ts";
import type { FixtureOperation } from "../fixture.ts";
import { withoutHang } from "../hang.ts";
import { silence, stalledAfter, whole } from "../loopback/replies.ts";
import { ensure, same } from "../same.ts";
import { type Subject, servedTransports, withTrial } from "../trial.ts";
import { recordedCase } from "./recorded-case.ts";

/** Cases of `close()`: it ends what is in flight, and leaves nothing behind. */
export function closingCases<O extends FixtureOperation>(subject: Subject<O>): ConformanceCase[] {
	return servedTransports(subject).flatMap((transport) => {
		const { setting, bytes } = recordedCase(subject, transport);
		const call = transport === "stream" ? "a stream" : "a call";
		const inFlight = [silence, stalledAfter(bytes, bytes.body.byteLength / 2)];
		return [
			{
				name: `close() ends ${call} in flight with cancelled`,
				run: async () => {
					for (const reply of inFlight) {
						await withTrial(subject, setting, async ({ backend, call: start, server }) => {
							const outcome = start(transport, [reply]);
							const { closedByClient } = await withoutHang(server.request(0), "the request");
							await withoutHang(backend.close(), "close()");
							same((await outcome).error?.code, "cancelled", "code of the error");
							ensure(await withoutHang(closedByClient, "the connection of a closed instance"), "the upstream's answer was read to its end");
						});
					}
				},
			},
			{
				name: `${call} after close() fails without a request to the upstream`,
				run: () =>
					withTrial(subject, setting, async ({ backend, call: start, server }) => {
						await withoutHang(backend.close(), "close()");
						const { error } = await start(transport, [whole(bytes)]);
						ensure(error !== undefined, "the call succeeds");
						same(server.requests.length, 0, "requests at the upstream");
					}),
			},
			{
				name: `close() after ${call} leaves no connection and no timer`,
				run: async () => {
					const before = timers();
					await withTrial(subject, setting, async ({ call: start }) => {
						const { error } = await start(transport, [whole(bytes)]);
						if (error !== undefined) throw error;
					});
					ensure(timers() <= before, `${timers() - before} timers are left`);
				},
			},
		];
	});
}

/** Returns the number of timers that keep the process alive. */
function timers(): number {
	return process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;
}
