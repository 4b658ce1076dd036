/** The public surface of `spear-hostcall/guest/testing`: runs guests as plain modules, with a scripted host. Needs no test runner. */
import "./runtime/require-node.ts";

export { GuestError, type GuestFailure } from "./errors/guest-error.ts";
export { SpearError } from "./errors/spear-error.ts";
export type { HostcallAnswer } from "./guest-testing/interface-modules.ts";
export { type MockHost, type MockHostOptions, type MockRunOptions, mockHost, type RecordedCall } from "./guest-testing/mock-host.ts";
export type { LogLine } from "./guest-testing/protocol.ts";
export { type GuestModulesPlugin, guestModules } from "./guest-testing/vite-plugin.ts";
export type { RunOutput } from "./hostcall/emitted.ts";
export { connectionFailure, type HttpFailureOptions, httpFailure } from "./testing/http-failure.ts";
export type { MockRequest } from "./testing/plan.ts";
export type { Replies, Reply } from "./testing/replies.ts";
export type { MockScript, ReplyFunction, Replying } from "./testing/script.ts";
