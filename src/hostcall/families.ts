import type { HostFamilies } from "../../generated/hostcall/families.ts";
import { createAsr } from "./asr.ts";
import { createCchat } from "./cchat.ts";
import { createDiscovery } from "./discovery.ts";
import { createEmb } from "./emb.ts";
import { createImg } from "./img.ts";
import { createLog } from "./log.ts";
import { createMedia } from "./media.ts";
import { createOutput } from "./output.ts";
import { createPoll } from "./poll.ts";
import { createRt } from "./rt.ts";
import type { GuestScope } from "./scope.ts";
import { createTransform } from "./transform.ts";
import { createTts } from "./tts.ts";

/** The hostcall families that this host serves. A new family does not compile until it is written or declared unavailable. */
export const families: HostFamilies<GuestScope> = {
	asr: createAsr,
	cchat: createCchat,
	discovery: createDiscovery,
	emb: createEmb,
	img: createImg,
	log: createLog,
	media: createMedia,
	output: createOutput,
	poll: createPoll,
	rt: createRt,
	transform: createTransform,
	tts: createTts,
};
