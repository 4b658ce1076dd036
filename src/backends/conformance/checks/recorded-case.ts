import type { CaseSetting, FixtureOperation } from "../fixture.ts";
import type { CallTransport } from "../outcome.ts";
import type { Subject } from "../trial.ts";
import type { UpstreamAnswer } from "../upstream.ts";
import { listOf } from "./answers.ts";

/** A recorded answer, and the setting of its case. */
export interface RecordedCase<O extends FixtureOperation> {
	readonly setting: CaseSetting<O>;
	readonly bytes: UpstreamAnswer;
}

/** Returns the first recorded answer of a transport. */
export function recordedCase<O extends FixtureOperation>({ operation, its }: Subject<O>, transport: CallTransport): RecordedCase<O> {
	for (const setting of Object.values(its.answers)) {
		const bytes = transport === "stream" ? setting.stream : listOf(setting.whole)[0];
		if (bytes !== undefined) return { setting, bytes };
	}
	throw new Error(`the fixture records no answer for ${transport} of ${operation}`);
}
