import { type HostFamilies, UNAVAILABLE } from "../../generated/host/imports.ts";
import { createCchat } from "./cchat.ts";
import { createLog } from "./log.ts";
import { createPoll } from "./poll.ts";
import type { GuestScope } from "./scope.ts";

/** The hostcall families this host serves. A new family is missing here until it is written or declared unavailable. */
export const families: HostFamilies<GuestScope> = {
	asr: UNAVAILABLE,
	cchat: createCchat,
	discovery: UNAVAILABLE,
	emb: UNAVAILABLE,
	img: UNAVAILABLE,
	log: createLog,
	media: UNAVAILABLE,
	poll: createPoll,
	rt: UNAVAILABLE,
	transform: UNAVAILABLE,
	tts: UNAVAILABLE,
};
