/** The public surface of `spear-hostcall/backend/conformance`: the conformance suite for backend kinds. */
import "./runtime/require-node.ts";

export type { ConformanceCase, ConformanceOptions, Measurement } from "./backends/conformance/case.ts";
export { conformanceCases, localConformanceCases } from "./backends/conformance/conformance-cases.ts";
export {
	type AbsentFault,
	type AnswerCase,
	type CaseSetting,
	type ConformanceFixture,
	type EventOf,
	type ExpectedError,
	FAULT_CLASSES,
	type FaultCase,
	type FaultClass,
	type FixtureOperation,
	type MediaBytes,
	type OperationFixture,
	type RefusalCase,
	type ReportedFaultCase,
	type RequestCase,
	type TimeLimits,
} from "./backends/conformance/fixture.ts";
export type { LocalFixture, LocalOperation } from "./backends/conformance/local-fixture.ts";
export { registerCases, type Test } from "./backends/conformance/register.ts";
export {
	answerOf,
	type FormPart,
	jsonAnswer,
	ndjsonAnswer,
	type SseEvent,
	sseAnswer,
	type UpstreamAnswer,
	type UpstreamRequest,
} from "./backends/conformance/upstream.ts";
