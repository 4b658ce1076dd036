/**
 * The public surface of `spear-hostcall/testing`: a scripted backend for tests of hosts and guests, and a scripted HTTP upstream for tests
 * of backends. Needs no test runner.
 */
import "./runtime/require-node.ts";

export type { Exchange } from "./backends/conformance/loopback/exchange.ts";
export {
	brokenAfter,
	disconnect,
	endedAfter,
	inChunks,
	type Reply as UpstreamReply,
	silence,
	stalledAfter,
	whole,
} from "./backends/conformance/loopback/replies.ts";
export { LoopbackServer, type ReceivedRequest } from "./backends/conformance/loopback/server.ts";
export { answerOf, jsonAnswer, ndjsonAnswer, type SseEvent, sseAnswer, type UpstreamAnswer } from "./backends/conformance/upstream.ts";
export { wordVector } from "./backends/kit/emb/word-vector.ts";
export { SpearError, type SpearErrorOptions } from "./errors/spear-error.ts";
export { connectionFailure, type HttpFailureOptions, httpFailure } from "./testing/http-failure.ts";
export { type MockBackend, type MockBackendOptions, mockBackend } from "./testing/mock-backend.ts";
export type { MockRequest } from "./testing/plan.ts";
export type {
	ChatAnswer,
	EmbeddingsAnswer,
	Ending,
	ImagesAnswer,
	MockImage,
	MockToolCall,
	RealtimeAnswer,
	Replies,
	Reply,
	SpeechAnswer,
	Timing,
	TranscriptAnswer,
} from "./testing/replies.ts";
export type { MockScript, ReplyFunction, Replying } from "./testing/script.ts";
export { VirtualClock } from "./testing/virtual-clock.ts";
export type { Clock } from "./time/clock.ts";
