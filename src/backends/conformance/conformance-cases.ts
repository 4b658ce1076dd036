import type { ConformanceCase, ConformanceOptions } from "./case.ts";
import { answerCases } from "./checks/answers.ts";
import { cancelCases } from "./checks/cancel.ts";
import { closingCases } from "./checks/closing.ts";
import { concurrencyCases } from "./checks/concurrency.ts";
import { cutCases } from "./checks/cuts.ts";
import { faultCases } from "./checks/faults.ts";
import { kindCases } from "./checks/kind.ts";
import { localCases } from "./checks/local.ts";
import { refusalCases } from "./checks/refusals.ts";
import { requestCases } from "./checks/requests.ts";
import { transportFaultCases } from "./checks/transport-faults.ts";
import type { ConformanceFixture, FixtureOperation } from "./fixture.ts";
import { withHangLimit } from "./hang.ts";
import type { LocalFixture } from "./local-fixture.ts";
import type { Subject } from "./trial.ts";

/** Checks of one operation, in the order of the cases. */
const CHECKS: readonly (<O extends FixtureOperation>(subject: Subject<O>, options: ConformanceOptions) => ConformanceCase[])[] = [
	requestCases,
	answerCases,
	cutCases,
	refusalCases,
	faultCases,
	transportFaultCases,
	cancelCases,
	closingCases,
	concurrencyCases,
];

/** Operations in the order of the cases. */
const OPERATIONS = ["chat_completions", "embeddings", "image_generation", "speech_to_text", "text_to_speech"] as const;

/**
 * Returns the checks of a kind with an HTTP upstream. Run them one after the other: some count the timers of the process.
 *
 * Uses loopback ports only.
 */
export function conformanceCases(fixture: ConformanceFixture, options: ConformanceOptions = {}): readonly ConformanceCase[] {
	const of = <O extends FixtureOperation>(operation: O): ConformanceCase[] => {
		const its = fixture.operations[operation];
		return its === undefined ? [] : CHECKS.flatMap((check) => check({ fixture, operation, its }, options));
	};
	return named(fixture, options, of);
}

/** Returns the checks of a kind without an HTTP upstream. */
export function localConformanceCases(fixture: LocalFixture, options: ConformanceOptions = {}): readonly ConformanceCase[] {
	const of = <O extends FixtureOperation>(operation: O): ConformanceCase[] => {
		const its = fixture.operations[operation];
		return its === undefined ? [] : localCases<O>({ fixture, operation, its });
	};
	return named(fixture, options, of);
}

/** Returns the cases of a kind and of its operations, each with the name of the kind and of the operation before its own. */
function named(
	fixture: ConformanceFixture | LocalFixture,
	{ hangMs }: ConformanceOptions,
	of: <O extends FixtureOperation>(operation: O) => readonly ConformanceCase[],
): readonly ConformanceCase[] {
	const { kind, name = kind.name } = fixture;
	const prefixed = (prefix: string, cases: readonly ConformanceCase[]): ConformanceCase[] =>
		cases.map(({ name: own, run }) => ({ name: `${prefix}: ${own}`, run: () => withHangLimit(hangMs, run) }));
	return [...prefixed(name, kindCases(fixture)), ...OPERATIONS.flatMap((operation) => prefixed(`${name}, ${operation}`, of(operation)))];
}
