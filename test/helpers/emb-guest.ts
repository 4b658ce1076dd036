import { familyGuest } from "./family-guest.ts";
import { buildTestGuest } from "./guest.ts";

export const EMB_IMPORTS = 'import { embed } from "spear:ai/emb@0.1.0";';

export const EMB_COMMANDS = 'embed: ({ request, options }) => embed({ input: ["hello"], ...request }, options),';

/** A guest that runs commands to embed texts. */
export async function embComponent(): Promise<string> {
	return (await buildTestGuest(familyGuest(EMB_IMPORTS, EMB_COMMANDS), { world: "embeddings-agent" })).component;
}
