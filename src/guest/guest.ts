/// <reference path="../../generated/guest/spear-ai.d.ts" preserve="true" />
/**
 * `spear-hostcall/guest`: what every guest wants, whatever world it is built for. Runs inside the guest; importing it installs
 * `console`. Chat sessions are in `spear-hostcall/guest/chat`, waiting for several streams in `spear-hostcall/guest/poll`.
 */
import "./console.ts";

export { agent } from "./agent.ts";
export { HostcallError, hostcall } from "./errors.ts";
