import { EMB_COMMANDS, EMB_IMPORTS } from "./emb-guest.ts";
import { familyGuest } from "./family-guest.ts";
import { buildTestGuest } from "./guest.ts";
import { IMG_COMMANDS, IMG_IMPORTS } from "./img-guest.ts";
import { SPEECH_COMMANDS, SPEECH_IMPORTS } from "./speech-guest.ts";

/** A guest that embeds, makes images, speaks and listens, and handles the media in between. */
export const FAMILIES_GUEST = familyGuest(
	[EMB_IMPORTS, IMG_IMPORTS, SPEECH_IMPORTS, 'import { get, put, stat } from "spear:ai/media@0.1.0";'].join("\n"),
	`${EMB_COMMANDS}
${IMG_COMMANDS}
${SPEECH_COMMANDS}
	put: ({ data, mimeType }) => put(data, mimeType).reference,
	get: ({ reference }) => get(reference),
	stat: ({ reference }) => stat(reference),`,
);

/** Builds that guest for QuickJS. */
export async function familiesComponent(): Promise<string> {
	return (await buildTestGuest(FAMILIES_GUEST, { world: "agent" })).prepared;
}
