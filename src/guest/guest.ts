/// <reference path="../../generated/guest/spear-ai.d.ts" preserve="true" />
/**
 * `spear-hostcall/guest`: the library for guests of every world. Runs in the guest. The import installs `console`. Conversations are in
 * `spear-hostcall/guest/chat`, waiting for several streams in `spear-hostcall/guest/poll`.
 */

export { agent } from "./agent.ts";
export { type EmittedEvent, emit } from "./emit.ts";
export { HostcallError, hostcall } from "./errors.ts";
