/// <reference path="../../generated/guest/spear-ai.d.ts" preserve="true" />
/// <reference path="./platform/console-global.d.ts" preserve="true" />
/**
 * `spear-hostcall/guest`: the library for guests of every world. Runs in the guest. Conversations are in `spear-hostcall/guest/chat`, waiting for
 * several streams in `spear-hostcall/guest/poll`. `spear build` adds `console` and other globals: see `src/guest/platform/README.md`.
 */
export { agent } from "./agent.ts";
export { type EmittedEvent, emit } from "./emit.ts";
export { HostcallError, hostcall } from "./errors.ts";
export { type JsonAgentSchemas, jsonAgent } from "./json-agent.ts";
