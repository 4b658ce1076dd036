import type { ConformanceCase, ConformanceOptions } from "./case.ts";
import { answerCases } from "./checks/answers.ts";
import { cutCases } from "./checks/cuts.ts";
import { requestCases } from "./checks/requests.ts";
import type { ConformanceFixture, FixtureOperation } from "./fixture.ts";
import type { Subject } from "./trial.ts";

/** Checks of one operation, in the order of the cases. */
const CHECKS: readonly (<O extends FixtureOperation>(subject: Subject<O>, options: ConformanceOptions) => ConformanceCase[])[] = [
	requestCases,
	answerCases,
	cutCases,
];

/**
 * Returns the checks of a kind with an HTTP upstream. Run them one after the other: some count the timers of the process.
 *
 * Uses loopback ports only.
 */
export function conformanceCases(fixture: ConformanceFixture, options: ConformanceOptions = {}): readonly ConformanceCase[] {
	const { operations, kind, name = kind.name } = fixture;
	const of = <O extends FixtureOperation>(operation: O): ConformanceCase[] => {
		const its = operations[operation];
		if (its === undefined) return [];
		return CHECKS.flatMap((check) => check({ fixture, operation, its }, options)).map((one) => ({
			...one,
			name: `${name}, ${operation}: ${one.name}`,
		}));
	};
	return [...of("chat_completions"), ...of("embeddings"), ...of("image_generation"), ...of("speech_to_text"), ...of("text_to_speech")];
}
