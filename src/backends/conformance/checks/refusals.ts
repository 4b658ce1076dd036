import type { ConformanceCase } from "../case.ts";
import type { FixtureOperation } from "../fixture.ts";
import { silence } from "../loopback/replies.ts";
import { same } from "../same.ts";
import { type Subject, servedTransports, withTrial } from "../trial.ts";
import { failsWith } from "./same-error.ts";

/** Cases of payloads that the kind refuses before it sends a request. */
export function refusalCases<O extends FixtureOperation>(subject: Subject<O>): ConformanceCase[] {
	return Object.entries(subject.its.refusals ?? {}).map(([name, refusal]) => ({
		name: `a call with "${name}" is refused without a request to the upstream`,
		run: () =>
			withTrial(subject, refusal, async ({ call, server }) => {
				for (const transport of servedTransports(subject)) failsWith(await call(transport, [silence]), refusal.error, transport);
				same(server.requests.length, 0, "requests at the upstream");
			}),
	}));
}
